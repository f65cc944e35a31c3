/** Replaces patient labels by pseudonyms, the same everywhere in a notebook, and in others by the same table. */
import type { Notebook, NotebookOutput } from '../../protocol/notebook.ts';
import { viewKind } from '../../protocol/views/index.ts';
import { type LabelReplacement, withLabelsIn } from '../../protocol/views/places.ts';
import { hasNumericLabel, labelReplacement } from '../../protocol/views/pseudonyms.ts';
import { ANNOTATIONS, PROBLEM, PROVENANCE } from '../../protocol/views/viewKind.ts';

/**
 * The notebook with every label replaced where it stands as a word of its own: in the quoted texts of code, in markup,
 * in outputs, and in what is drawn on slices. Pictures hold no words. A label that is a bare number is replaced where a patient stands (columns,
 * figures, slices, quoted in code) and nowhere else, since sentences count things, too; the plain texts of outputs, where
 * both look alike, are left out then.
 */
export function withPseudonyms(notebook: Notebook, pseudonyms: ReadonlyMap<string, string>): Notebook {
  if (pseudonyms.size === 0) return notebook;
  const replaced = labelReplacement(pseudonyms);
  const hasNumbers = hasNumericLabel(pseudonyms);
  const cells = notebook.cells.map(({ kind, source, outputs }) => ({
    kind,
    source: source.map((line) =>
      kind === 'code'
        ? line.replace(/"[^"]*"/g, (quoted) => `"${replaced.whole(quoted.slice(1, -1))}"`)
        : replaced.words(line),
    ),
    ...(outputs
      ? { outputs: outputs.map((output) => withLabels(hasNumbers ? withoutText(output) : output, replaced)) }
      : {}),
  }));
  const annotations = notebook.annotations && withLabelsIn(notebook.annotations, ANNOTATIONS, replaced);
  const provenance = notebook.provenance && withLabelsIn(notebook.provenance, PROVENANCE, replaced);
  // SAFETY: texts are replaced by texts, and the names of inputs by names; the shape stays.
  return {
    ...notebook,
    cells,
    ...(annotations ? { annotations } : {}),
    ...(provenance ? { provenance } : {}),
  } as unknown as Notebook;
}

/** Of a view of a newer LungNB only the name of its kind is known. */
function withLabels({ view, problem, ...rest }: NotebookOutput, replaced: LabelReplacement): NotebookOutput {
  const known = view && viewKind(view);
  // SAFETY: texts are replaced by texts; the shape stays.
  return {
    ...(view
      ? { view: known ? known.withLabels(view, replaced) : withLabelsIn(view, { type: 'fixed' }, replaced) }
      : {}),
    ...(problem ? { problem: withLabelsIn(problem, PROBLEM, replaced) } : {}),
    // SAFETY: an object of texts.
    ...(withLabelsIn(rest, 'words', replaced) as object),
  } as NotebookOutput;
}

function withoutText({ text, ...rest }: NotebookOutput): NotebookOutput {
  return rest.view || text === undefined ? rest : { ...rest, text };
}

/** A table of who is who, for the user alone. */
export function pseudonymTable(pseudonyms: ReadonlyMap<string, string>): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return ['label,pseudonym', ...[...pseudonyms].map((pair) => pair.map(quoted).join(','))].join('\n').concat('\n');
}

/** A table that `pseudonymTable` wrote; undefined where the text is something else. */
export function parsePseudonymTable(text: string): Map<string, string> | undefined {
  const [heading, ...lines] = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/);
  if (heading !== 'label,pseudonym') return undefined;
  const rows = lines.map((line) => /^"((?:[^"]|"")*)","((?:[^"]|"")*)"$/.exec(line));
  if (rows.some((row) => !row)) return undefined;
  return new Map(rows.map((row) => [row![1]!.replaceAll('""', '"'), row![2]!.replaceAll('""', '"')]));
}
