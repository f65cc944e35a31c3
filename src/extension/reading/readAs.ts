/** `LungNB: Read as …`: opens the reading room of the notebook in front. */
import * as vscode from 'vscode';
import type { Kernels } from '../kernels.ts';
import { showWarning } from '../notify.ts';
import { chooseReader, readersOf } from './readingCells.ts';
import type { ReadingRooms } from './readingRooms.ts';

export async function readAs(kernels: Kernels, rooms: ReadingRooms, notebook: vscode.NotebookDocument): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    await showWarning('Reading runs the cells of the notebook, which it does in a folder that you trust alone.');
    return;
  }
  const name = await chooseReader(kernels, notebook);
  if (name !== undefined) return rooms.open(notebook, name);
  if ((await readersOf(kernels, notebook)).length === 0)
    await showWarning('No cell of this notebook prepares a reading. Write one such as: read cohort as reader1');
}
