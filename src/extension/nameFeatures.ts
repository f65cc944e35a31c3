/** Names across cells: where they are defined and used, renaming, colours, the outline, and folding of statements. */
import * as vscode from 'vscode';
import { rangeOf } from './asked.ts';
import type { Kernels } from './kernels.ts';
import { type NamePlace, outlineOf, placesAt } from './namePlaces.ts';
import { renaming } from './renaming.ts';
import { CELL_LANGUAGE } from './serializer.ts';

const LEGEND = new vscode.SemanticTokensLegend(['variable', 'parameter'], ['declaration']);

export function registerNameFeatures(kernels: Kernels): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerDefinitionProvider(CELL_LANGUAGE, definitions(kernels)),
    vscode.languages.registerReferenceProvider(CELL_LANGUAGE, references(kernels)),
    vscode.languages.registerDocumentHighlightProvider(CELL_LANGUAGE, highlights(kernels)),
    vscode.languages.registerRenameProvider(CELL_LANGUAGE, renaming(kernels)),
    vscode.languages.registerDocumentSymbolProvider(CELL_LANGUAGE, symbols(kernels)),
    vscode.languages.registerFoldingRangeProvider(CELL_LANGUAGE, folding(kernels)),
    vscode.languages.registerDocumentSemanticTokensProvider(CELL_LANGUAGE, colours(kernels), LEGEND),
  );
}

function definitions(kernels: Kernels): vscode.DefinitionProvider {
  return {
    provideDefinition: async (document, position) =>
      (await placesAt(kernels, document, position)).filter(({ occurrence }) => occurrence.isDefinition).map(locationOf),
  };
}

function references(kernels: Kernels): vscode.ReferenceProvider {
  return {
    provideReferences: async (document, position, { includeDeclaration }) =>
      (await placesAt(kernels, document, position))
        .filter(({ occurrence }) => includeDeclaration || !occurrence.isDefinition)
        .map(locationOf),
  };
}

function highlights(kernels: Kernels): vscode.DocumentHighlightProvider {
  return {
    provideDocumentHighlights: async (document, position) =>
      (await placesAt(kernels, document, position))
        .filter(({ uri }) => uri.toString() === document.uri.toString())
        .map(
          ({ occurrence: { span, isDefinition } }) => new vscode.DocumentHighlight(rangeOf(span), kindOf(isDefinition)),
        ),
  };
}

function symbols(kernels: Kernels): vscode.DocumentSymbolProvider {
  return {
    async provideDocumentSymbols(document) {
      const { statements = [], names = [] } = (await outlineOf(kernels, document)) ?? {};
      const parameters = new Set(names.flatMap(({ isParameter, name }) => (isParameter ? [name] : [])));
      return statements.flatMap(({ verb, name, span }) => {
        if (name === undefined) return [];
        const kind = parameters.has(name) ? vscode.SymbolKind.Constant : vscode.SymbolKind.Variable;
        return [new vscode.DocumentSymbol(name, verb, kind, rangeOf(span), rangeOf(span))];
      });
    },
  };
}

function folding(kernels: Kernels): vscode.FoldingRangeProvider {
  return {
    provideFoldingRanges: async (document) =>
      ((await outlineOf(kernels, document))?.statements ?? [])
        .filter(({ span: { startLine, endLine } }) => endLine > startLine)
        .map(({ span: { startLine, endLine } }) => new vscode.FoldingRange(startLine, endLine)),
  };
}

function colours(kernels: Kernels): vscode.DocumentSemanticTokensProvider {
  return {
    async provideDocumentSemanticTokens(document) {
      const builder = new vscode.SemanticTokensBuilder(LEGEND);
      for (const { span, isParameter, isDefinition } of (await outlineOf(kernels, document))?.names ?? [])
        builder.push(rangeOf(span), isParameter ? 'parameter' : 'variable', isDefinition ? ['declaration'] : []);
      return builder.build();
    },
  };
}

function locationOf({ uri, occurrence }: NamePlace): vscode.Location {
  return new vscode.Location(uri, rangeOf(occurrence.span));
}

function kindOf(isDefinition: boolean): vscode.DocumentHighlightKind {
  return isDefinition ? vscode.DocumentHighlightKind.Write : vscode.DocumentHighlightKind.Read;
}
