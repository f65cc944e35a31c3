/** The commands that package.json announces. */
import * as vscode from 'vscode';
import { clearCache } from './clearCache.ts';
import type { Controller } from './controller.ts';
import { registerRevealCell, showDependencies } from './dependencyGraph.ts';
import type { Follower } from './follower.ts';
import type { Kernels } from './kernels.ts';
import { emptyNotebook, NOTEBOOK_TYPE } from './serializer.ts';

export function registerCommands(
  context: vscode.ExtensionContext,
  kernels: Kernels,
  controller: Controller,
  follower: Follower,
): vscode.Disposable {
  return vscode.Disposable.from(
    registerRevealCell(),
    vscode.commands.registerCommand('lungnb.newNotebook', newNotebook),
    vscode.commands.registerCommand('lungnb.interruptKernel', async () => {
      const notebook = activeNotebook();
      if (notebook) await controller.interrupt(notebook);
    }),
    vscode.commands.registerCommand('lungnb.runStaleCells', async () => {
      const notebook = activeNotebook();
      if (notebook) await follower.runStale(notebook);
    }),
    vscode.commands.registerCommand('lungnb.clearCache', () => clearCache(context, activeNotebook())),
    vscode.commands.registerCommand('lungnb.showDependencies', async () => {
      const notebook = activeNotebook();
      if (notebook) await showDependencies(kernels, notebook);
    }),
    vscode.commands.registerCommand('lungnb.restartKernel', () => {
      const notebook = activeNotebook();
      if (!notebook) return;
      kernels.stop(notebook);
      kernels.start(notebook);
    }),
  );
}

async function newNotebook(): Promise<void> {
  const notebook = await vscode.workspace.openNotebookDocument(NOTEBOOK_TYPE, emptyNotebook());
  await vscode.window.showNotebookDocument(notebook);
}

/** The notebook in front, if it is one of ours. */
function activeNotebook(): vscode.NotebookDocument | undefined {
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  return notebook?.notebookType === NOTEBOOK_TYPE ? notebook : undefined;
}
