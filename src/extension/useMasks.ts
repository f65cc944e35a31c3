/** Measures with masks that were edited by hand: the statements for it come into the notebook, if they are not there, and run. */
import * as vscode from 'vscode';
import type { UseMasksReply, UseMasksRequest } from '../protocol/rendererMessages.ts';
import { insertCell, NotEditedError } from './editNotebook.ts';
import { unlessEnded } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';
import { cellsOf } from './notebookCells.ts';
import { CELL_LANGUAGE } from './serializer.ts';

const NO_KERNEL: UseMasksReply = { problem: 'Run the cell again, then measure with what you edited.' };

export async function useMasks(
  notebook: vscode.NotebookDocument | undefined,
  kernels: Kernels,
  { handle }: UseMasksRequest,
): Promise<UseMasksReply> {
  const kernel = notebook && kernels.get(notebook);
  if (!kernel) return NO_KERNEL;
  const cells = cellsOf(notebook);
  const reply = await unlessEnded(kernel.ask('maskStatements', { cells, handle }), () => NO_KERNEL);
  if ('note' in reply || 'problem' in reply) return reply;
  const indices = 'cellIds' in reply ? indicesOf(notebook, reply.cellIds) : await appended(notebook, reply.source);
  if ('problem' in indices) return indices;
  await vscode.commands.executeCommand('notebook.cell.execute', {
    ranges: indices.map((index) => ({ start: index, end: index + 1 })),
    document: notebook.uri,
  });
  const numbers = indices.map((index) => index + 1).join(' and ');
  return {
    note:
      'cellIds' in reply
        ? `Measured again by cell ${numbers} of the notebook.`
        : `Measured by cell ${numbers}, which is new at the end of the notebook.`,
  };
}

function indicesOf(notebook: vscode.NotebookDocument, cellIds: readonly string[]): number[] {
  return notebook
    .getCells()
    .filter(({ document }) => cellIds.includes(document.uri.toString()))
    .map(({ index }) => index);
}

/** The number of the new cell, from 0; without an answer the viewer would wait for minutes. */
async function appended(
  notebook: vscode.NotebookDocument,
  source: string,
): Promise<readonly [number] | { readonly problem: string }> {
  try {
    const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, source, CELL_LANGUAGE);
    return [await insertCell(notebook, cell)];
  } catch (error) {
    if (!(error instanceof NotEditedError)) throw error;
    return { problem: `Nothing was measured. ${error.message}` };
  }
}
