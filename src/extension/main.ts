/** The extension at a glance: everything it adds to VS Code. */
import * as vscode from 'vscode';
import { CellProgress } from './cellProgress.ts';
import { registerCommands } from './commands.ts';
import { Controller } from './controller.ts';
import { CellDiagnostics } from './diagnostics.ts';
import { Drawings } from './drawings.ts';
import { registerEditFeatures } from './editFeatures.ts';
import { Follower } from './follower.ts';
import { KernelStatus } from './kernelStatus.ts';
import { Kernels } from './kernels.ts';
import { registerLanguageFeatures } from './languageFeatures.ts';
import { registerNameFeatures } from './nameFeatures.ts';
import { ReadingRooms } from './reading/readingRooms.ts';
import { registerRendererMessaging } from './rendererMessaging.ts';
import { registerSaveGuard } from './saving/saveGuard.ts';
import { Selections } from './selections.ts';
import { NOTEBOOK_TYPE, serializer } from './serializer.ts';
import { type ChosenPage, exportHtml } from './sharing/exportHtml.ts';
import { SliceEditors } from './sliceEditors.ts';
import { createStaleMarks } from './staleMarks.ts';
import { VariablesView } from './variablesView.ts';

/** What other extensions and the tests may ask. */
export interface LungNbApi {
  /** The process id of the notebook's kernel, while it runs. */
  kernelProcessId(notebook: vscode.NotebookDocument): number | undefined;
  /** Why the cell no longer shows what it would give now, if so. */
  outOfDate(cell: vscode.NotebookCell): string | undefined;
  /** Writes the notebook as an HTML page, and asks nothing. */
  exportHtml(notebook: vscode.NotebookDocument, to: ChosenPage): Promise<void>;
  /** Labels and descriptions in the view of variables. */
  variables(): Promise<string[]>;
}

export function activate(context: vscode.ExtensionContext): LungNbApi {
  const progress = new CellProgress();
  const kernels = new Kernels(context);
  const diagnostics = new CellDiagnostics(kernels);
  const controller = new Controller(kernels, progress, diagnostics, context.extension.id);
  const marks = createStaleMarks();
  const selections = new Selections(kernels);
  const drawings = new Drawings(kernels);
  const follower = new Follower(kernels, controller, marks, { selections, drawings });
  const sliceEditors = new SliceEditors(context, kernels, drawings);
  const readingRooms = new ReadingRooms(context, kernels, controller);
  const variables = new VariablesView(kernels, controller);
  context.subscriptions.push(
    vscode.workspace.registerNotebookSerializer(NOTEBOOK_TYPE, serializer),
    progress,
    diagnostics,
    kernels,
    controller,
    marks,
    selections,
    drawings,
    follower,
    new KernelStatus(kernels, controller, progress),
    variables,
    registerSaveGuard(context),
    sliceEditors,
    readingRooms,
    registerRendererMessaging({ kernels, follower, selections, drawings, sliceEditors, readingRooms }),
    registerLanguageFeatures(kernels),
    registerNameFeatures(kernels),
    registerEditFeatures(kernels, diagnostics),
    registerCommands({ context, kernels, controller, follower, readingRooms }),
  );
  return {
    kernelProcessId: (notebook) => kernels.get(notebook)?.processId,
    outOfDate: (cell) => marks.reasonOf(cell),
    exportHtml: (notebook, to) => exportHtml({ context, kernels }, notebook, to),
    variables: async () =>
      (await variables.getChildren()).map((entry) => {
        const { label, description } = variables.getTreeItem(entry);
        return `${label}: ${description}`;
      }),
  };
}
