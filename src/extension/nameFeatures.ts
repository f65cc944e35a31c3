/** Names across cells: where they are defined and used, renaming, colours, the outline, and folding of statements. */
import * as vscode from 'vscode';
import type { CellOutline, NameOccurrence, SourceSpan } from '../protocol/kernelApi.ts';
import { type Asked, askAbout, rangeOf } from './asked.ts';
import type { Kernels } from './kernels.ts';
import { CELL_LANGUAGE } from './serializer.ts';

const LEGEND = new vscode.SemanticTokensLegend(['variable', 'parameter'], ['declaration']);
/** As the kernel reads words; a name must be one. */
const NAME = /^[\p{L}_][\p{L}\p{N}_]*(?:-[\p{L}][\p{L}\p{N}_]*)*$/u;

interface Place {
  readonly uri: vscode.Uri;
  readonly occurrence: NameOccurrence;
}

export function registerNameFeatures(kernels: Kernels): vscode.Disposable {
  async function outlines(document: vscode.TextDocument): Promise<CellOutline[]> {
    const asked = askAbout(kernels, document);
    return asked ? asked.kernel.outline(asked) : [];
  }
  async function own(document: vscode.TextDocument): Promise<CellOutline | undefined> {
    return (await outlines(document)).find(({ cellId }) => cellId === document.uri.toString());
  }
  /** Every place of the name at the position, in all cells. */
  async function placesAt(document: vscode.TextDocument, position: vscode.Position): Promise<Place[]> {
    const all = (await outlines(document)).flatMap(({ cellId, names }) =>
      names.map((occurrence) => ({ uri: vscode.Uri.parse(cellId), occurrence })),
    );
    const here = all.find(
      ({ uri, occurrence }) =>
        uri.toString() === document.uri.toString() && rangeOf(occurrence.span).contains(position),
    );
    return here ? all.filter(({ occurrence }) => occurrence.name === here.occurrence.name) : [];
  }
  const locations = (places: readonly Place[]) =>
    places.map(({ uri, occurrence }) => new vscode.Location(uri, rangeOf(occurrence.span)));

  return vscode.Disposable.from(
    vscode.languages.registerDefinitionProvider(CELL_LANGUAGE, {
      provideDefinition: async (document, position) =>
        locations((await placesAt(document, position)).filter(({ occurrence }) => occurrence.isDefinition)),
    }),
    vscode.languages.registerReferenceProvider(CELL_LANGUAGE, {
      provideReferences: async (document, position, { includeDeclaration }) =>
        locations(
          (await placesAt(document, position)).filter(
            ({ occurrence }) => includeDeclaration || !occurrence.isDefinition,
          ),
        ),
    }),
    vscode.languages.registerDocumentHighlightProvider(CELL_LANGUAGE, {
      provideDocumentHighlights: async (document, position) =>
        (await placesAt(document, position))
          .filter(({ uri }) => uri.toString() === document.uri.toString())
          .map(
            ({ occurrence: { span, isDefinition } }) =>
              new vscode.DocumentHighlight(rangeOf(span), kindOf(isDefinition)),
          ),
    }),
    vscode.languages.registerRenameProvider(CELL_LANGUAGE, {
      async prepareRename(document, position) {
        const places = await placesAt(document, position);
        const here = places.find(
          ({ uri, occurrence }) =>
            uri.toString() === document.uri.toString() && rangeOf(occurrence.span).contains(position),
        );
        if (!here) throw new Error('Only names of results and parameters can be renamed.');
        return { range: rangeOf(here.occurrence.span), placeholder: here.occurrence.name };
      },
      async provideRenameEdits(document, position, newName) {
        if (!NAME.test(newName))
          throw new Error(
            `\`${newName}\` cannot be a name: it is one word of letters, digits, _ and -, and begins with a letter.`,
          );
        const taken = (await outlines(document)).some(({ names }) => names.some(({ name }) => name === newName));
        if (taken) throw new Error(`\`${newName}\` stands for another result already.`);
        const places = await placesAt(document, position);
        const asked = askAbout(kernels, document);
        const harm = asked && (await harmOf(asked, places, newName));
        if (harm !== undefined) throw new Error(`\`${newName}\` cannot be the name here. ${harm}`);
        const edit = new vscode.WorkspaceEdit();
        for (const { uri, occurrence } of places) edit.replace(uri, rangeOf(occurrence.span), newName);
        return edit;
      },
    }),
    vscode.languages.registerDocumentSymbolProvider(CELL_LANGUAGE, {
      async provideDocumentSymbols(document) {
        const { statements = [], names = [] } = (await own(document)) ?? {};
        const parameters = new Set(names.flatMap(({ isParameter, name }) => (isParameter ? [name] : [])));
        return statements.flatMap(({ verb, name, span }) => {
          if (name === undefined) return [];
          const kind = parameters.has(name) ? vscode.SymbolKind.Constant : vscode.SymbolKind.Variable;
          return [new vscode.DocumentSymbol(name, verb, kind, rangeOf(span), rangeOf(span))];
        });
      },
    }),
    vscode.languages.registerFoldingRangeProvider(CELL_LANGUAGE, {
      async provideFoldingRanges(document) {
        const spans = ((await own(document))?.statements ?? []).map(({ span }) => span);
        return spans
          .filter(({ startLine, endLine }) => endLine > startLine)
          .map(({ startLine, endLine }) => new vscode.FoldingRange(startLine, endLine));
      },
    }),
    vscode.languages.registerDocumentSemanticTokensProvider(
      CELL_LANGUAGE,
      {
        async provideDocumentSemanticTokens(document) {
          const builder = new vscode.SemanticTokensBuilder(LEGEND);
          for (const { span, isParameter, isDefinition } of (await own(document))?.names ?? [])
            builder.push(rangeOf(span), isParameter ? 'parameter' : 'variable', isDefinition ? ['declaration'] : []);
          return builder.build();
        },
      },
      LEGEND,
    ),
  );
}

/** The first problem that the cells would have with the new name and do not have now: a clause's word, for one, reads as the clause. */
async function harmOf(
  { kernel, cells }: Asked,
  places: readonly Place[],
  newName: string,
): Promise<string | undefined> {
  const renamed = cells.map(({ cellId, source }) => {
    const spans = places.filter(({ uri }) => uri.toString() === cellId).map(({ occurrence }) => occurrence.span);
    return { cellId, source: replacedAt(source, spans, newName) };
  });
  const [before, after] = await Promise.all([kernel.check({ cells }), kernel.check({ cells: renamed })]);
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

function kindOf(isDefinition: boolean): vscode.DocumentHighlightKind {
  return isDefinition ? vscode.DocumentHighlightKind.Write : vscode.DocumentHighlightKind.Read;
}
