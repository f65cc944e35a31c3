/** Writes to the place that the user chose in a dialog, which has asked already whether a file that is there shall go. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { specialKind } from '../../files/identity.ts';
import { WriteError, writeAtomically } from '../../files/writeAtomically.ts';
import { showError } from '../notify.ts';

export interface ChosenFile {
  /** What is written, in words: "HTML page". */
  readonly what: string;
  /** True for the first characters of a file of this kind; nothing else is replaced, whatever it is called. */
  readonly isOfKind: (start: string) => boolean;
  /** Rights of a file that is made anew. */
  readonly mode?: number;
}

const START_BYTES = 1024;

/** True when it is written; where it cannot be, the user is told why, and what was there is as it was. */
export async function writeChosen(target: vscode.Uri, text: string, { what, isOfKind, mode }: ChosenFile) {
  const name = basename(target.path);
  const refuse = (why: string) => {
    void showError(`${name} cannot be written: ${why}.`);
    return false;
  };
  // Elsewhere, as on a server behind another extension, VS Code alone can write.
  if (target.scheme !== 'file') {
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    return true;
  }
  const special = await specialKind(target.fsPath);
  if (special) return refuse(`it is ${special}`);
  const start = await startOf(target.fsPath);
  if (start && !isOfKind(start))
    return refuse(`what is there is no ${what}, and is left as it is. Choose another name`);
  try {
    await writeAtomically(target.fsPath, text, mode === undefined ? {} : { mode });
    return true;
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    return refuse(error.message);
  }
}

/** Empty where there is no file. */
async function startOf(path: string): Promise<string> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!handle) return '';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(START_BYTES));
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
