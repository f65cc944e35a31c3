/** `LungNB: Copy Methods Paragraph`: what the notebook did, for the methods section of a paper. */
import type * as vscode from 'vscode';
import { copyText } from './copyText.ts';
import { methodsParagraph } from './methods.ts';

export function copyMethods(notebook: vscode.NotebookDocument): Promise<void> {
  return copyText(notebook, 'The methods paragraph', (views) =>
    methodsParagraph(views.flatMap((view) => ('provenance' in view && view.provenance ? [view.provenance] : []))),
  );
}
