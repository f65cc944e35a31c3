/** Keeps a notebook's earlier text while VS Code saves it, and offers it where a save was cut short. */
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import { WriteError } from '../../files/writeAtomically.ts';
import { showWarning } from '../notify.ts';
import { NOTEBOOK_TYPE } from '../serializer.ts';
import { type CutShort, dropCopy, findCutShort, keepCopy, restore } from './copies.ts';

const RESTORE = 'Restore';
/** Another window that is saving right now is done within this time. */
const SAVING_MS = 3000;

export function registerSaveGuard(context: vscode.ExtensionContext): vscode.Disposable {
  const folder = vscode.Uri.joinPath(context.globalStorageUri, 'saving').fsPath;
  let toldOnce = false;
  const isOurs = ({ notebookType, uri }: vscode.NotebookDocument) =>
    notebookType === NOTEBOOK_TYPE && uri.scheme === 'file';

  /** A copy that cannot be kept does not keep anybody from saving. */
  const told = async (path: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof WriteError) && (error as NodeJS.ErrnoException).syscall === undefined) throw error;
      if (toldOnce) return;
      toldOnce = true;
      void showWarning(
        `LungNB could not keep a copy of ${basename(path)} while it is saved: ${(error as Error).message}.`,
      );
    }
  };
  /** One after another, so that the end of a save never takes the copy of the next. */
  let last: Promise<void> = Promise.resolve();
  const inTurn = (path: string, work: (folder: string, path: string) => Promise<void>) => {
    last = last.then(() => told(path, () => work(folder, path)));
    return last;
  };
  void offerRestoring(folder);
  return vscode.Disposable.from(
    vscode.workspace.onWillSaveNotebookDocument(({ notebook, waitUntil }) => {
      if (isOurs(notebook)) waitUntil(inTurn(notebook.uri.fsPath, keepCopy));
    }),
    vscode.workspace.onDidSaveNotebookDocument((notebook) => {
      if (isOurs(notebook)) void inTurn(notebook.uri.fsPath, dropCopy);
    }),
  );
}

async function offerRestoring(folder: string): Promise<void> {
  if ((await findCutShort(folder)).length === 0) return;
  await wait(SAVING_MS);
  for (const found of await findCutShort(folder)) await offer(folder, found);
}

async function offer(folder: string, found: CutShort): Promise<void> {
  const chosen = await showWarning(
    `${basename(found.path)} was cut short while it was saved. LungNB kept it as it was before.`,
    RESTORE,
  );
  if (chosen !== RESTORE) return;
  await restore(folder, found);
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(found.path));
}
