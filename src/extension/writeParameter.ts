/** Writes a parameter that was moved in an output, or by a program, into its cell. */
import type * as vscode from 'vscode';
import type { ParameterMove } from '../protocol/rendererMessages.ts';
import { rangeOf } from './asked.ts';
import { replaceInCell } from './editNotebook.ts';
import { type KernelProcess, unlessEnded } from './kernelProcess.ts';
import { cellsOf } from './notebookCells.ts';
import { cellSource } from './serializer.ts';

/** The cell that was written; or why none was, in a sentence, so that the parameter is what it was. */
export type WrittenParameter = { readonly written: string } | { readonly refused: string };

/**
 * `retry` where somebody types in the cell, and the value's place has to be looked for again. With `joins`, undo takes
 * it back together with the write before.
 */
export async function writeParameter(
  notebook: vscode.NotebookDocument,
  kernel: KernelProcess,
  { name, value }: Omit<ParameterMove, 'gesture'>,
  joins = false,
): Promise<WrittenParameter | 'retry'> {
  const cells = cellsOf(notebook);
  const change = await unlessEnded(kernel.ask('changeParameter', { cells, name, value }), (reason) => ({
    problem: `${reason} \`${name}\` stays as it is.`,
  }));
  if ('problem' in change) return { refused: change.problem };
  const { cellId, span, text } = change.edit;
  const cell = notebook.getCells().find(({ document }) => document.uri.toString() === cellId);
  const before = cells.find((asked) => asked.cellId === cellId)?.source;
  if (!cell || cellSource(cell.document) !== before) return 'retry';
  const hindered = await replaceInCell({ cell, range: rangeOf(span), text }, joins);
  if (hindered === 'changed') return 'retry';
  return hindered ?? { written: cellId };
}
