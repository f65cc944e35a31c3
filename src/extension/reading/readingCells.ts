/** The cells of a notebook that prepare readings: which there are, and what has to run before a room can be opened. */
import * as vscode from 'vscode';
import type { CellDependencies } from '../../protocol/kernelApi.ts';
import type { Controller } from '../controller.ts';
import { unlessEnded } from '../kernelProcess.ts';
import type { Kernels } from '../kernels.ts';
import { cellsOf } from '../notebookCells.ts';

/** The readers' names, in the order of the notebook. */
export async function readersOf(kernels: Kernels, notebook: vscode.NotebookDocument): Promise<string[]> {
  const kernel = kernels.start(notebook);
  const outline = await unlessEnded(kernel.ask('outline', { cells: cellsOf(notebook) }), () => []);
  return outline.flatMap(({ statements }) =>
    statements.flatMap(({ verb, name }) => (verb === 'read' && name !== undefined ? [name] : [])),
  );
}

/** Runs the cell that makes the name anew, and before it those that it needs and that have not run. False where there is none. */
export async function runReading(
  { kernels, controller }: { readonly kernels: Kernels; readonly controller: Controller },
  notebook: vscode.NotebookDocument,
  name: string,
): Promise<boolean> {
  const kernel = kernels.start(notebook);
  const all = await unlessEnded(kernel.ask('dependencies', { cells: cellsOf(notebook) }), () => []);
  const own = all.find(({ defines }) => defines.includes(name));
  if (!own) return false;
  const needed = neededBy(own, all);
  const cells = notebook.getCells().filter(({ document }) => needed.has(document.uri.toString()));
  if (controller.isChosen(notebook)) await controller.runInPlace(cells, notebook);
  else await runInFront(cells, notebook);
  return true;
}

/** As its user would, which chooses the notebook's kernel: that of a notebook which is not in front cannot be chosen. */
async function runInFront(cells: readonly vscode.NotebookCell[], notebook: vscode.NotebookDocument): Promise<void> {
  await vscode.window.showNotebookDocument(notebook, { preview: false });
  const ranges = cells.map(({ index }) => ({ start: index, end: index + 1 }));
  await vscode.commands.executeCommand('notebook.cell.execute', { ranges, document: notebook.uri });
}

function neededBy(own: CellDependencies, all: readonly CellDependencies[]): Set<string> {
  const needed = new Set<string>();
  const add = (cell: CellDependencies) => {
    if (needed.has(cell.cellId)) return;
    needed.add(cell.cellId);
    for (const { from } of cell.uses) {
      const before = all.find(({ cellId }) => cellId === from);
      if (before && (!before.hasRun || before.ended === 'failed')) add(before);
    }
  };
  add(own);
  return needed;
}

/** Which reading is meant: the only one, or the one that the user chooses; undefined where there is none or none is chosen. */
export async function chooseReader(kernels: Kernels, notebook: vscode.NotebookDocument): Promise<string | undefined> {
  const readers = await readersOf(kernels, notebook);
  return readers.length > 1 ? vscode.window.showQuickPick(readers, { title: 'Read as …' }) : readers[0];
}
