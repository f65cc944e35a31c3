/** A notebook that is open in VS Code, as a program drives it: what it changes and runs is seen, and undone, as the user's own. */
import * as vscode from 'vscode';
import { Refusal } from '../../protocol/serving/refusal.ts';
import type { CellEnd, HeldCell, ServedNotebook } from '../../protocol/serving/servedNotebook.ts';
import { labelsShown } from '../../protocol/serving/shownLabels.ts';
import type { Controller } from '../controller.ts';
import { insertCell, NotEditedError, replaceInCell, wholeOf } from '../editNotebook.ts';
import type { Follower } from '../follower.ts';
import { unlessEnded } from '../kernelProcess.ts';
import type { Kernels } from '../kernels.ts';
import { fromOutputs } from '../outputs.ts';
import { annotationsIn, cellSource, toCellData } from '../serializer.ts';

export interface VsCodeParts {
  readonly kernels: Kernels;
  readonly controller: Controller;
  readonly follower: Follower;
}

const RESTRICTED =
  'Nothing runs and nothing is changed in a folder that the user does not trust: cells and what they show can be read.';

export function servedInVsCode(
  notebook: vscode.NotebookDocument,
  { kernels, controller, follower }: VsCodeParts,
): ServedNotebook {
  const withId = (id: string) => notebook.getCells().find(({ document }) => document.uri.toString() === id);
  const mayChange = () => {
    if (!vscode.workspace.isTrusted) throw new Refusal(undefined, RESTRICTED);
  };
  return {
    cells: () => notebook.getCells().map(held),
    hasKernel: () => vscode.workspace.isTrusted,
    async ask(method, request) {
      mayChange();
      return unlessEnded(kernels.start(notebook).ask(method, request), (reason) => {
        throw new Refusal('kernel-ended', `${reason} Run the cells again.`);
      });
    },
    shownLabels: () => [
      ...annotationsIn(notebook.metadata).drawn.map(({ patient }) => patient),
      ...notebook.getCells().flatMap(({ outputs }) => outputs.flatMap(labelsIn)),
    ],
    async write(id, source) {
      mayChange();
      const cell = withId(id);
      const hindered = cell && (await replaceInCell({ cell, range: wholeOf(cell.document), text: source }));
      if (hindered === 'changed' || !cell)
        throw new Refusal(undefined, 'The cell has changed meanwhile. Look at the cells again.');
      if (hindered) throw new Refusal(undefined, hindered.refused);
    },
    async insert(index, { kind, source }) {
      mayChange();
      const before = notebook.getCells()[index];
      const place = () => (before && before.index >= 0 ? before.index : notebook.cellCount);
      await insertCell(notebook, toCellData({ kind, source: source.split('\n') }), place).catch((error: unknown) => {
        throw error instanceof NotEditedError ? new Refusal(undefined, error.message) : error;
      });
    },
    async moveParameter(name, value) {
      mayChange();
      const done = await follower.set(notebook, { name, value });
      if ('refused' in done) throw new Refusal('wrong-parameter', done.refused);
      return done.written;
    },
    async run(ids) {
      mayChange();
      const ended: CellEnd[] = [];
      for (const cell of ids.flatMap((id) => withId(id) ?? [])) {
        ended.push({ ...(await controller.run(cell)), id: cell.document.uri.toString() });
        if (ended.at(-1)?.status !== 'done') break;
      }
      return ended;
    },
    interrupt: () => controller.interrupt(notebook),
    save: () => Promise.reject(new Refusal('cannot-write', 'The user saves the notebook.')),
  };
}

function held({ document, kind, outputs }: vscode.NotebookCell): HeldCell {
  return {
    id: document.uri.toString(),
    kind: kind === vscode.NotebookCellKind.Code ? 'code' : 'markup',
    source: cellSource(document),
    outputs: () => fromOutputs(outputs),
  };
}

/** Outputs are large, and never change. */
const known = new WeakMap<vscode.NotebookCellOutput, readonly string[]>();

function labelsIn(output: vscode.NotebookCellOutput): readonly string[] {
  const labels = known.get(output) ?? fromOutputs([output]).flatMap(labelsShown);
  known.set(output, labels);
  return labels;
}
