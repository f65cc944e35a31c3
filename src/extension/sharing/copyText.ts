/** Texts made of a notebook's outputs, put into the clipboard. */
import * as vscode from 'vscode';
import { viewsOf } from '../../protocol/notebook.ts';
import type { ViewModel } from '../../protocol/view.ts';
import { showInformation, showWarning } from '../notify.ts';
import { openNotebookAsSaved } from '../serializer.ts';

/** `what` begins a sentence, such as "The methods paragraph"; `make` gives undefined where no cell shows a result. */
export async function copyText(
  notebook: vscode.NotebookDocument,
  what: string,
  make: (views: readonly ViewModel[]) => string | undefined,
): Promise<void> {
  const text = make(viewsOf(openNotebookAsSaved(notebook).cells));
  if (text === undefined) {
    await showWarning('There is nothing to describe yet: no cell of this notebook shows a result. Run it first.');
    return;
  }
  await vscode.env.clipboard.writeText(text);
  const show = 'Show';
  const chosen = await showInformation(`${what} is in the clipboard.`, show);
  if (chosen !== show) return;
  const document = await vscode.workspace.openTextDocument({ content: `${text}\n`, language: 'markdown' });
  await vscode.window.showTextDocument(document);
}
