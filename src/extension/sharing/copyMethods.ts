/** `LungNB: Copy Methods Paragraph`: what the notebook did, for the methods section of a paper. */
import type * as vscode from 'vscode';
import { methodsParagraph } from '../../protocol/methods/methods.ts';
import { copyText } from './copyText.ts';

export function copyMethods(notebook: vscode.NotebookDocument): Promise<void> {
  return copyText(notebook, 'The methods paragraph', (views) =>
    methodsParagraph(views.flatMap((view) => ('provenance' in view && view.provenance ? [view.provenance] : []))),
  );
}
