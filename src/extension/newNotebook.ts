/** `New LungNB Notebook`: from a template. */
import * as vscode from 'vscode';
import { CELL_LANGUAGE, emptyNotebook, NOTEBOOK_TYPE } from './serializer.ts';
import { TEMPLATES } from './templates.ts';

/** Asks which template, unless told, and opens a notebook made from it. */
export async function newNotebook(told?: string): Promise<void> {
  const template =
    TEMPLATES.find(({ label }) => label === told) ??
    (await vscode.window.showQuickPick(TEMPLATES, { title: 'New LungNB Notebook', matchOnDescription: true }));
  if (!template) return;
  const content = template.cells.length ? new vscode.NotebookData(template.cells.map(cellOf)) : emptyNotebook();
  const notebook = await vscode.workspace.openNotebookDocument(NOTEBOOK_TYPE, content);
  await vscode.window.showNotebookDocument(notebook);
}

function cellOf(text: string): vscode.NotebookCellData {
  return text.startsWith('#')
    ? new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, text, 'markdown')
    : new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, CELL_LANGUAGE);
}
