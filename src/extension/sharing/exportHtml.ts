/** `LungNB: Export as HTML`: the notebook as one file that shows itself anywhere, offline. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { htmlPage, PAGE_PROGRAM } from '../../protocol/htmlPage.ts';
import { showInformation } from '../notify.ts';
import { openNotebookAsSaved } from '../serializer.ts';
import { type ChosenFile, writeChosen } from './writeChosen.ts';

const WITH_CODE = 'With code';
const CHOICES = [
  { label: WITH_CODE, description: 'cells and outputs' },
  { label: 'Without code', description: 'outputs and texts alone, as for a reader who does not program' },
];

const HTML_PAGE: ChosenFile = {
  what: 'HTML page',
  isOfKind: (start) => /^\uFEFF?\s*<(!doctype html|html)\b/i.test(start),
};

/** Asks what and where to, unless told. */
export async function exportHtml(
  context: vscode.ExtensionContext,
  notebook: vscode.NotebookDocument,
  told?: { readonly target: vscode.Uri; readonly withCode: boolean },
): Promise<void> {
  const answer = told ?? (await ask(notebook));
  if (!answer) return;
  const name = basename(notebook.uri.path, '.lungnb');
  const program = await readFile(context.asAbsolutePath(`out/${PAGE_PROGRAM}`), 'utf8');
  const page = htmlPage(openNotebookAsSaved(notebook), name, program, answer);
  const isWritten = await writeChosen(answer.target, page, HTML_PAGE);
  if (told || !isWritten) return;
  const open = 'Open';
  const chosen = await showInformation(
    `Wrote ${basename(answer.target.path)}. It shows what the notebook shows, patient labels included.`,
    open,
  );
  if (chosen === open) await vscode.env.openExternal(answer.target);
}

async function ask(notebook: vscode.NotebookDocument) {
  const code = await vscode.window.showQuickPick(CHOICES, { title: 'Export as HTML' });
  if (!code) return undefined;
  const beside = notebook.isUntitled
    ? undefined
    : notebook.uri.with({ path: notebook.uri.path.replace(/\.lungnb$/, '.html') });
  const target = await vscode.window.showSaveDialog({
    ...(beside ? { defaultUri: beside } : {}),
    filters: { 'HTML page': ['html'] },
    title: 'Export as HTML',
  });
  return target && { target, withCode: code.label === WITH_CODE };
}
