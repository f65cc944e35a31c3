/** Renames a result or a parameter in all cells, unless the new name would do harm. */
import * as vscode from 'vscode';
import type { SourceSpan } from '../protocol/kernelApi.ts';
import { type Asked, askAbout, rangeOf } from './asked.ts';
import type { Kernels } from './kernels.ts';
import { type NamePlace, outlines, placeAt, placesAt } from './namePlaces.ts';

/** As the kernel reads words; a name must be one. */
const NAME = /^[\p{L}_][\p{L}\p{N}_]*(?:-[\p{L}][\p{L}\p{N}_]*)*$/u;

/** Throws an Error that VS Code shows where nothing can be renamed, or not so. */
export function renaming(kernels: Kernels): vscode.RenameProvider {
  return {
    async prepareRename(document, position) {
      const here = placeAt(await placesAt(kernels, document, position), document, position);
      if (!here) throw new Error('Only names of results and parameters can be renamed.');
      return { range: rangeOf(here.occurrence.span), placeholder: here.occurrence.name };
    },
    async provideRenameEdits(document, position, newName) {
      if (!NAME.test(newName))
        throw new Error(
          `\`${newName}\` cannot be a name: it is one word of letters, digits, _ and -, and begins with a letter.`,
        );
      const known = await outlines(kernels, document);
      if (known.some(({ names }) => names.some(({ name }) => name === newName)))
        throw new Error(`\`${newName}\` stands for another result already.`);
      const places = await placesAt(kernels, document, position);
      const asked = askAbout(kernels, document);
      const harm = asked && (await harmOf(asked, places, newName));
      if (harm !== undefined) throw new Error(`\`${newName}\` cannot be the name here. ${harm}`);
      const edit = new vscode.WorkspaceEdit();
      for (const { uri, occurrence } of places) edit.replace(uri, rangeOf(occurrence.span), newName);
      return edit;
    },
  };
}

/** The first problem that the cells would have with the new name and do not have now: a clause's word, for one, reads as the clause. */
async function harmOf(
  { ask, cells }: Asked,
  places: readonly NamePlace[],
  newName: string,
): Promise<string | undefined> {
  const renamed = cells.map(({ cellId, source }) => {
    const spans = places.filter(({ uri }) => uri.toString() === cellId).map(({ occurrence }) => occurrence.span);
    return { cellId, source: replacedAt(source, spans, newName) };
  });
  const [before, after] = await Promise.all([ask('check', { cells }), ask('check', { cells: renamed })]);
  if (!before || !after) return 'The kernel ended while it was asked; rename it once more.';
  return after.problems.length > before.problems.length ? after.problems[0]?.problem.message : undefined;
}

/** The text with every span, none of which breaks a line, replaced. */
function replacedAt(source: string, spans: readonly SourceSpan[], text: string): string {
  return source
    .split('\n')
    .map((line, number) =>
      spans
        .filter(({ startLine }) => startLine === number)
        .sort((a, b) => b.startColumn - a.startColumn)
        .reduce((rest, span) => rest.slice(0, span.startColumn) + text + rest.slice(span.endColumn), line),
    )
    .join('\n');
}
