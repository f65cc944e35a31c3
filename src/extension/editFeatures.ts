/** Edits of cells that LungNB offers: quick fixes of what is underlined, and the usual layout. */
import * as vscode from 'vscode';
import { askAbout, rangeOf } from './asked.ts';
import type { CellDiagnostics } from './diagnostics.ts';
import type { Kernels } from './kernels.ts';
import { CELL_LANGUAGE, cellSource } from './serializer.ts';

export function registerEditFeatures(kernels: Kernels, diagnostics: CellDiagnostics): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerCodeActionsProvider(
      CELL_LANGUAGE,
      {
        provideCodeActions: (document, range) =>
          diagnostics.problemsAt(document, range).flatMap(({ diagnostic, problem }) =>
            (problem.fixes ?? []).map(({ title, span, text }, n) => {
              const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
              action.edit = new vscode.WorkspaceEdit();
              action.edit.replace(document.uri, rangeOf(span), text);
              action.diagnostics = [diagnostic];
              action.isPreferred = n === 0;
              return action;
            }),
          ),
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
    vscode.languages.registerDocumentFormattingEditProvider(CELL_LANGUAGE, {
      async provideDocumentFormattingEdits(document) {
        const text = await askAbout(kernels, document)?.ask('format', cellSource(document));
        const whole = new vscode.Range(0, 0, document.lineCount, 0);
        return text === undefined || text === cellSource(document) ? [] : [vscode.TextEdit.replace(whole, text)];
      },
    }),
  );
}
