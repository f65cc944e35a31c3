/** `LungNB: Copy Methods Paragraph`: what the notebook did, for the methods section of a paper. */
import * as vscode from 'vscode';
import type { Provenance } from '../../protocol/view.ts';
import { showInformation, showWarning } from '../notify.ts';
import { openNotebookAsSaved } from '../serializer.ts';
import { methodsParagraph } from './methods.ts';

export async function copyMethods(notebook: vscode.NotebookDocument): Promise<void> {
  const views = openNotebookAsSaved(notebook).cells.flatMap(({ outputs = [] }) => outputs.map(({ view }) => view));
  const paragraph = methodsParagraph(
    views.flatMap((view): Provenance[] => (view && 'provenance' in view && view.provenance ? [view.provenance] : [])),
  );
  if (paragraph === undefined) {
    await showWarning('There is nothing to describe yet: no cell of this notebook shows a result. Run it first.');
    return;
  }
  await vscode.env.clipboard.writeText(paragraph);
  const show = 'Show';
  const chosen = await showInformation('The methods paragraph is in the clipboard.', show);
  if (chosen !== show) return;
  const document = await vscode.workspace.openTextDocument({ content: `${paragraph}\n`, language: 'markdown' });
  await vscode.window.showTextDocument(document);
}
