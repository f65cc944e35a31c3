/** A notebook's code cells as the kernel reads them. */
import * as vscode from 'vscode';
import type { CellText } from '../protocol/kernelApi.ts';
import { cellSource, NOTEBOOK_TYPE } from './serializer.ts';

export function cellsOf(notebook: vscode.NotebookDocument): CellText[] {
  return notebook
    .getCells()
    .filter(({ kind }) => kind === vscode.NotebookCellKind.Code)
    .map(({ document, index }) => ({
      cellId: document.uri.toString(),
      source: cellSource(document),
      number: index + 1,
    }));
}

/** The notebook that a cell's document belongs to. */
export function notebookOf(document: vscode.TextDocument): vscode.NotebookDocument | undefined {
  return vscode.workspace.notebookDocuments.find(
    (notebook) =>
      notebook.notebookType === NOTEBOOK_TYPE && notebook.getCells().some((cell) => cell.document === document),
  );
}
