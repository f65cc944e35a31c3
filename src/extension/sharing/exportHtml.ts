/** `LungNB: Export as HTML`: the notebook as one file that shows itself anywhere, offline. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { ENGINE_PROGRAM, htmlPage, PAGE_PROGRAM } from '../../protocol/htmlPage.ts';
import type { Notebook } from '../../protocol/notebook.ts';
import type { PageReply } from '../../protocol/page/computing.ts';
import { heldBeside } from '../../protocol/page/unshown.ts';
import type { CommandParts } from '../commands.ts';
import { unlessEnded } from '../kernelProcess.ts';
import { cellsOf } from '../notebookCells.ts';
import { showInformation, showWarning } from '../notify.ts';
import { openNotebookAsSaved } from '../serializer.ts';
import { type ChosenFile, writeChosen } from './writeChosen.ts';

type Kind = 'computing' | 'static' | 'bare';

export interface ChosenPage {
  readonly target: vscode.Uri;
  readonly page: Kind;
}

const CHOICES: readonly (vscode.QuickPickItem & { readonly page: Kind })[] = [
  {
    page: 'computing',
    label: 'A page that computes',
    description: 'parameters move in it; it holds the whole tables that this needs',
  },
  { page: 'static', label: 'A static page', description: 'cells and outputs' },
  {
    page: 'bare',
    label: 'A static page without code',
    description: 'outputs and texts alone, as for a reader who does not program',
  },
];

const HTML_PAGE: ChosenFile = {
  what: 'HTML page',
  isOfKind: (start) => /^\uFEFF?\s*<(!doctype html|html)\b/i.test(start),
};

/** Asks what and where to, unless told. */
export async function exportHtml(
  { context, kernels }: Pick<CommandParts, 'context' | 'kernels'>,
  notebook: vscode.NotebookDocument,
  told?: ChosenPage,
): Promise<void> {
  const answer = told ?? (await ask(notebook));
  if (!answer) return;
  const name = basename(notebook.uri.path, '.lungnb');
  const built = (part: string) => readFile(context.asAbsolutePath(`out/${part}`), 'utf8');
  const saved = openNotebookAsSaved(notebook);
  const reply = answer.page === 'computing' ? await computingOf(notebook, saved, kernels) : undefined;
  const page = htmlPage(saved, name, await built(PAGE_PROGRAM), {
    withCode: answer.page !== 'bare',
    ...(reply &&
      'computing' in reply && {
        computes: { computing: reply.computing, engine: await built(ENGINE_PROGRAM) },
      }),
  });
  const isWritten = await writeChosen(answer.target, page, HTML_PAGE);
  if (isWritten && reply && 'problem' in reply)
    void showWarning(
      `${basename(answer.target.path)} is a static page, which shows and does not compute: ${reply.problem}.`,
    );
  if (told || !isWritten) return;
  const held = reply && 'computing' in reply ? heldBeside(reply.computing, saved) : undefined;
  const open = 'Open';
  const chosen = await showInformation(
    `Wrote ${basename(answer.target.path)}. It shows what the notebook shows, patient labels included.${held === undefined ? '' : ` ${held}`}`,
    open,
  );
  if (chosen === open) await vscode.env.openExternal(answer.target);
}

/** Nothing is computed with what the notebook does not show: its kernel may have the labels that pseudonyms have replaced. */
async function computingOf(
  notebook: vscode.NotebookDocument,
  { cells: saved }: Notebook,
  kernels: CommandParts['kernels'],
): Promise<PageReply> {
  const ended: PageReply = { problem: 'the notebook’s kernel does not run' };
  const kernel = kernels.get(notebook);
  if (!kernel) return ended;
  const cells = cellsOf(notebook);
  const shown = cells.map(({ number }) => {
    const hash = createHash('sha256');
    for (const { view } of saved[number! - 1]?.outputs ?? []) if (view) hash.update(JSON.stringify(view));
    return hash.digest('hex');
  });
  return unlessEnded(kernel.ask('page', { cells, shown }), () => ended);
}

async function ask(notebook: vscode.NotebookDocument): Promise<ChosenPage | undefined> {
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
  return target && { target, page: code.page };
}
