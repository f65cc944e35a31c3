/** The extension at a glance: everything it adds to VS Code. */
import * as vscode from 'vscode';
import { CellProgress } from './cellProgress.ts';
import { registerCommands } from './commands.ts';
import { Controller } from './controller.ts';
import { CellDiagnostics } from './diagnostics.ts';
import { Kernels } from './kernels.ts';
import { registerLanguageFeatures } from './languageFeatures.ts';
import { Parameters } from './parameters.ts';
import { registerRendererMessaging } from './rendererMessaging.ts';
import { NOTEBOOK_TYPE, serializer } from './serializer.ts';

/** What other extensions and the tests may ask. */
export interface LungNbApi {
  /** The process id of the notebook's kernel, while it runs. */
  kernelProcessId(notebook: vscode.NotebookDocument): number | undefined;
}

export function activate(context: vscode.ExtensionContext): LungNbApi {
  const progress = new CellProgress();
  const kernels = new Kernels(context);
  const diagnostics = new CellDiagnostics(kernels);
  const controller = new Controller(kernels, progress, diagnostics);
  const parameters = new Parameters(kernels, controller);
  context.subscriptions.push(
    vscode.workspace.registerNotebookSerializer(NOTEBOOK_TYPE, serializer),
    progress,
    diagnostics,
    kernels,
    controller,
    parameters,
    registerRendererMessaging(kernels, parameters),
    registerLanguageFeatures(kernels),
    registerCommands(kernels, controller),
  );
  return { kernelProcessId: (notebook) => kernels.get(notebook)?.processId };
}
