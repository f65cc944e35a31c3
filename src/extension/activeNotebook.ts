/** The notebook in front, if it is one of ours. */
import * as vscode from 'vscode';
import { NOTEBOOK_TYPE } from './serializer.ts';

export function activeNotebook(): vscode.NotebookDocument | undefined {
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  return notebook?.notebookType === NOTEBOOK_TYPE ? notebook : undefined;
}
