/** `LungNB: Show Dependencies`: the cells of a notebook in their order, with a line from each result to every cell that uses it. */
import * as vscode from 'vscode';
import type { CellDependencies } from '../protocol/kernelApi.ts';
import { Debounced } from './debounced.ts';
import { dependencyPage, type GraphCell } from './dependencyPage.ts';
import { unlessEnded } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';
import { cellsOf } from './notebookCells.ts';

const REVEAL = 'lungnb.revealCell';
const PAUSE_MS = 400;

/** Opens a page beside the notebook that follows its edits until it is closed. */
export async function showDependencies(kernels: Kernels, notebook: vscode.NotebookDocument): Promise<void> {
  const panel = vscode.window.createWebviewPanel(
    'lungnb.dependencies',
    'Dependencies',
    { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
    { enableScripts: false, enableCommandUris: [REVEAL], localResourceRoots: [] },
  );
  const draw = async () => {
    const cells = await unlessEnded(graphCells(kernels, notebook), () => undefined);
    if (cells) panel.webview.html = dependencyPage(cells, (index) => linkTo(notebook, index));
  };
  const drawing = new Debounced(PAUSE_MS, () => void draw());
  const following = vscode.Disposable.from(
    drawing,
    vscode.workspace.onDidChangeNotebookDocument((event) => {
      if (event.notebook === notebook) drawing.ask(notebook);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (notebook.getCells().some((cell) => cell.document === document)) drawing.ask(notebook);
    }),
    vscode.workspace.onDidCloseNotebookDocument((closed) => {
      if (closed === notebook) panel.dispose();
    }),
  );
  panel.onDidDispose(() => following.dispose());
  await draw();
}

/** The command that the page's links call. */
export function registerRevealCell(): vscode.Disposable {
  return vscode.commands.registerCommand(REVEAL, async (uri: string, index: number) => {
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.parse(uri));
    const shown = vscode.window.visibleNotebookEditors.find((editor) => editor.notebook === notebook);
    const range = new vscode.NotebookRange(index, index + 1);
    const editor = await vscode.window.showNotebookDocument(notebook, {
      selections: [range],
      ...(shown?.viewColumn ? { viewColumn: shown.viewColumn } : {}),
    });
    editor.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
  });
}

function linkTo(notebook: vscode.NotebookDocument, index: number): string {
  return `command:${REVEAL}?${encodeURIComponent(JSON.stringify([notebook.uri.toString(), index]))}`;
}

async function graphCells(kernels: Kernels, notebook: vscode.NotebookDocument): Promise<GraphCell[]> {
  const kernel = kernels.start(notebook);
  const cells = cellsOf(notebook);
  const [dependencies, stale] = await Promise.all([
    kernel.ask('dependencies', { cells }),
    kernel.ask('staleCells', { cells }),
  ]);
  const rowOf = new Map(dependencies.map(({ cellId }, row) => [cellId, row]));
  const indexOf = new Map(notebook.getCells().map((cell) => [cell.document.uri.toString(), cell.index]));
  const uses = (cell: CellDependencies) => cell.uses.map(({ name, from }) => ({ name, row: rowOf.get(from)! }));
  return dependencies.map((cell, row) => ({
    index: indexOf.get(cell.cellId)!,
    source: cells[row]!.source,
    defines: cell.defines,
    uses: uses(cell),
    isStale: stale.some(({ cellId }) => cellId === cell.cellId),
  }));
}
