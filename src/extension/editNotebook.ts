/**
 * Edits a notebook whatever runs in it: VS Code refuses an edit of a notebook that has changed since the extension heard
 * of it, such as by an output that came meanwhile, and says no more than that.
 */
import * as vscode from 'vscode';
import { againUntil } from './againUntil.ts';

/** Asks for the edits anew at each try, since they start from what is there then; rejects where VS Code goes on refusing. */
export async function editNotebook(
  notebook: vscode.NotebookDocument,
  edits: () => readonly vscode.NotebookEdit[],
): Promise<void> {
  const isDone = await againUntil(() => {
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [...edits()]);
    return vscode.workspace.applyEdit(edit);
  });
  if (!isDone) throw new Error('VS Code refuses to change the notebook. Nothing of it was changed.');
}
