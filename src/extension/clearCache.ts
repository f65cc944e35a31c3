/** `LungNB: Clear Cache`: removes every kept measurement, once the user agrees. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { orMissing } from '../files/systemError.ts';
import { MEASUREMENTS_FOLDER } from '../protocol/kernelApi.ts';
import { showInformation, showWarning } from './notify.ts';
import { cacheFolder } from './settings.ts';

const CLEAR = 'Clear Cache';

export async function clearCache(context: vscode.ExtensionContext, notebook?: vscode.NotebookDocument): Promise<void> {
  const folder = join(cacheFolder(context, notebook?.uri), MEASUREMENTS_FOLDER);
  const bytes = await sizeOf(folder);
  if (bytes === 0) {
    await showInformation('The cache is empty: no measured CT is kept.');
    return;
  }
  const chosen = await showWarning(
    `Remove all measured CTs that are kept (${inMegabytes(bytes)})?`,
    {
      modal: true,
      detail: `Your CTs, notebooks and their outputs stay. Cells that need the measurements measure again. Folder: ${folder}`,
    },
    CLEAR,
  );
  if (chosen !== CLEAR) return;
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  await showInformation(`The cache is cleared: ${inMegabytes(bytes)} are free again.`);
}

/** Bytes of the files in a folder; 0 where there is none. */
async function sizeOf(folder: string): Promise<number> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true }).catch(orMissing)) ?? [];
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  // A kernel may have removed a file since it was listed.
  const found = await Promise.all(files.map((file) => stat(file).catch(orMissing)));
  return found.reduce((sum, stats) => sum + (stats?.size ?? 0), 0);
}

function inMegabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(0.1, bytes / 1e6).toFixed(1)} MB`;
}
