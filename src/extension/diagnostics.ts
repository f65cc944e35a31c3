/** Underlines a problem in its cell, until the cell is edited, run again, or gone. */
import * as vscode from 'vscode';
import type { CellProblem } from '../protocol/kernelApi.ts';
import { CELL_LANGUAGE } from './serializer.ts';

export class CellDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('lungnb');
  readonly #subscriptions = [
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document.languageId === CELL_LANGUAGE && contentChanges.length) this.#collection.delete(document.uri);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#collection.delete(uri)),
  ];

  clear(document: vscode.TextDocument): void {
    this.#collection.delete(document.uri);
  }

  /** A problem without a place has nothing to underline. */
  show(document: vscode.TextDocument, { code, message, span }: CellProblem): void {
    if (!span) return;
    const range = new vscode.Range(span.startLine, span.startColumn, span.endLine, span.endColumn);
    const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
    diagnostic.code = code;
    diagnostic.source = 'LungNB';
    this.#collection.set(document.uri, [diagnostic]);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#collection.dispose();
  }
}
