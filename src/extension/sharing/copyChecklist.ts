/** `LungNB: Copy Reporting Checklist`: GRRAS and CLAIM 2024, filled in where the notebook knows the answer. */
import type * as vscode from 'vscode';
import { reportingChecklist } from './checklist.ts';
import { copyText } from './copyText.ts';

export function copyChecklist(notebook: vscode.NotebookDocument): Promise<void> {
  return copyText(notebook, 'The reporting checklist', reportingChecklist);
}
