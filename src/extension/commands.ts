/** The commands that package.json announces. */
import * as vscode from 'vscode';
import { activeNotebook } from './activeNotebook.ts';
import { clearCache } from './clearCache.ts';
import type { Controller } from './controller.ts';
import { registerRevealCell, showDependencies } from './dependencyGraph.ts';
import type { Follower } from './follower.ts';
import type { Kernels } from './kernels.ts';
import { newNotebook } from './newNotebook.ts';
import { showWarning } from './notify.ts';
import { openSamples } from './openSamples.ts';
import { readAs } from './reading/readAs.ts';
import type { ReadingRooms } from './reading/readingRooms.ts';
import { checkBeforeSharing } from './sharing/checkBeforeSharing.ts';
import { copyChecklist } from './sharing/copyChecklist.ts';
import { copyMethods } from './sharing/copyMethods.ts';
import { exportHtml } from './sharing/exportHtml.ts';

export interface CommandParts {
  readonly context: vscode.ExtensionContext;
  readonly kernels: Kernels;
  readonly controller: Controller;
  readonly follower: Follower;
  readonly readingRooms: ReadingRooms;
}

export function registerCommands({
  context,
  kernels,
  controller,
  follower,
  readingRooms,
}: CommandParts): vscode.Disposable {
  return vscode.Disposable.from(
    registerRevealCell(),
    vscode.commands.registerCommand('lungnb.newNotebook', newNotebook),
    forNotebook('lungnb.interruptKernel', (notebook) => controller.interrupt(notebook)),
    forNotebook('lungnb.runStaleCells', (notebook) => follower.runStale(notebook)),
    vscode.commands.registerCommand('lungnb.clearCache', () => clearCache(context, activeNotebook())),
    forNotebook('lungnb.showDependencies', (notebook) => showDependencies(kernels, notebook)),
    vscode.commands.registerCommand('lungnb.openSamples', (folder?: vscode.Uri) => openSamples(context, folder)),
    forNotebook('lungnb.readAs', (notebook) => readAs(kernels, readingRooms, notebook)),
    forNotebook('lungnb.exportHtml', (notebook) => exportHtml({ context, kernels }, notebook)),
    forNotebook('lungnb.copyMethods', copyMethods),
    forNotebook('lungnb.copyChecklist', copyChecklist),
    vscode.commands.registerCommand('lungnb.showFileNames', () => kernels.showLog()),
    forNotebook('lungnb.checkBeforeSharing', checkBeforeSharing),
    forNotebook('lungnb.restartKernel', (notebook) => controller.restart(notebook)),
    forNotebook('lungnb.restartAndRunAll', async (notebook) => {
      await controller.restart(notebook);
      await vscode.commands.executeCommand('notebook.execute', notebook.uri);
    }),
  );
}

/** A command on the notebook in front, or on the one whose toolbar it was chosen from. */
function forNotebook(
  command: string,
  run: (notebook: vscode.NotebookDocument) => Promise<void> | void,
): vscode.Disposable {
  return vscode.commands.registerCommand(command, async () => {
    const notebook = activeNotebook();
    if (notebook) await run(notebook);
    else await showWarning('Open a LungNB notebook first, and click into it.');
  });
}
