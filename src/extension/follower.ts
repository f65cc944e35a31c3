/** Keeps notebooks up to date: a parameter moved in an output is written into its cell, and cells that are out of date run again or are marked. */
import * as vscode from 'vscode';
import type { CellDependencies, StaleCell } from '../protocol/kernelApi.ts';
import type { ParameterMove } from '../protocol/rendererMessages.ts';
import { rangeOf } from './asked.ts';
import type { Controller } from './controller.ts';
import { KernelEndedError } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';
import { cellsOf, notebookOf } from './notebookCells.ts';
import { showWarning } from './notify.ts';
import { CELL_LANGUAGE } from './serializer.ts';
import { autoRun } from './settings.ts';
import type { StaleMarks } from './staleMarks.ts';

/** A pause in writing, or after a run, after which the notebook is looked at. */
const PAUSE_MS = 300;
/** Cells that take longer than this all together give way to a later move of a parameter, so that a slow notebook does not run every value of a drag to its end. */
const PATIENCE_MS = 400;

interface Followed {
  /** The newest value of each parameter that waits to be written. */
  readonly moved: Map<string, ParameterMove>;
  /** Cells whose parameters were moved, until what follows from them has been looked for among the outputs of the file. */
  readonly written: Set<string>;
  /** The gesture whose move was written last. */
  gesture: number | undefined;
  /** Patients selected in the outputs; a kernel that starts anew is told. */
  selected: readonly string[];
  /** Cells that ran since the last change; none runs twice for one change. */
  readonly ran: Set<string>;
  timer: NodeJS.Timeout | undefined;
  isBusy: boolean;
  /** Something changed while cells ran. */
  isAskedAgain: boolean;
}

export class Follower implements vscode.Disposable {
  readonly #kernels: Kernels;
  readonly #controller: Controller;
  readonly #marks: StaleMarks;
  readonly #followed = new WeakMap<vscode.NotebookDocument, Followed>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(kernels: Kernels, controller: Controller, marks: StaleMarks) {
    this.#kernels = kernels;
    this.#controller = controller;
    this.#marks = marks;
    this.#subscriptions = [
      kernels.onStarted(({ notebook, kernel }) => {
        const { selected } = this.#of(notebook);
        if (selected.length) void untilEnded(kernel.select({ patients: selected }));
      }),
      kernels.onInputChanged((notebook) => this.#changed(notebook)),
      controller.onDidRunCell((notebook) => this.#lookSoon(notebook)),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
        if (contentChanges.length) this.#changed(notebook);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const notebook =
          document.languageId === CELL_LANGUAGE && contentChanges.length ? notebookOf(document) : undefined;
        if (notebook) this.#changed(notebook);
      }),
    ];
  }

  /** Writes the value into its cell; while cells run, further moves wait, and only the last one of each parameter is followed. */
  async move(notebook: vscode.NotebookDocument, move: ParameterMove): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    this.#of(notebook).moved.set(move.name, move);
    this.#of(notebook).ran.clear();
    await this.#follow(notebook);
  }

  /** Patients were selected in an output: cells that use the selection follow. */
  async select(notebook: vscode.NotebookDocument, patients: readonly string[]): Promise<void> {
    this.#of(notebook).selected = patients;
    const kernel = this.#kernels.get(notebook);
    if (!kernel) return;
    await untilEnded(kernel.select({ patients }));
    this.#changed(notebook);
  }

  /** The patients that are selected in the outputs of a notebook. */
  selectedIn(notebook: vscode.NotebookDocument): readonly string[] {
    return this.#of(notebook).selected;
  }

  /** Runs every cell that is out of date. */
  async runStale(notebook: vscode.NotebookDocument): Promise<void> {
    const kernel = this.#kernels.get(notebook);
    if (!kernel) return;
    const cells = cellsOf(notebook);
    const { written } = this.#of(notebook);
    const [stale, all] = await Promise.all([kernel.staleCells({ cells }), kernel.dependencies({ cells })]);
    const fromFile = followsFrom(written, all, shownIn(notebook));
    written.clear();
    await this.#run(notebook, [...stale, ...fromFile]);
  }

  #of(notebook: vscode.NotebookDocument): Followed {
    const followed = this.#followed.get(notebook) ?? {
      moved: new Map(),
      written: new Set(),
      gesture: undefined,
      selected: [],
      ran: new Set(),
      timer: undefined,
      isBusy: false,
      isAskedAgain: false,
    };
    this.#followed.set(notebook, followed);
    return followed;
  }

  #changed(notebook: vscode.NotebookDocument): void {
    this.#of(notebook).ran.clear();
    this.#lookSoon(notebook);
  }

  #lookSoon(notebook: vscode.NotebookDocument): void {
    const followed = this.#of(notebook);
    clearTimeout(followed.timer);
    followed.timer = setTimeout(() => void this.#follow(notebook), PAUSE_MS);
  }

  async #follow(notebook: vscode.NotebookDocument): Promise<void> {
    const followed = this.#of(notebook);
    if (followed.isBusy) {
      followed.isAskedAgain = true;
      return;
    }
    followed.isBusy = true;
    try {
      await untilEnded(this.#catchUp(notebook, followed));
    } finally {
      followed.isBusy = false;
    }
  }

  async #catchUp(notebook: vscode.NotebookDocument, followed: Followed): Promise<void> {
    do {
      followed.isAskedAgain = false;
      for (let next = followed.moved.entries().next(); !next.done; next = followed.moved.entries().next()) {
        followed.moved.delete(next.value[0]);
        await this.#write(notebook, next.value[1]);
      }
      await this.#runWhatFollows(notebook, followed);
    } while (followed.isAskedAgain || followed.moved.size);
  }

  async #write(notebook: vscode.NotebookDocument, move: ParameterMove): Promise<void> {
    const { name, value, gesture } = move;
    const followed = this.#of(notebook);
    const kernel = this.#kernels.start(notebook);
    const cells = cellsOf(notebook);
    const change = await kernel.changeParameter({ cells, name, value });
    if ('problem' in change) {
      void showWarning(change.problem);
      return;
    }
    const { cellId, span, text } = change.edit;
    const sourceNow = cellsOf(notebook).find((cell) => cell.cellId === cellId)?.source;
    if (sourceNow !== cells.find((cell) => cell.cellId === cellId)?.source) {
      // Somebody types in the cell: the value's place is looked for again, unless a later value came.
      if (!followed.moved.has(name)) followed.moved.set(name, move);
      return;
    }
    await replaceText(cellId, rangeOf(span), text, gesture !== followed.gesture);
    followed.gesture = gesture;
    followed.written.add(cellId);
  }

  /** Runs what settings say runs by itself, and marks the rest. */
  async #runWhatFollows(notebook: vscode.NotebookDocument, followed: Followed): Promise<void> {
    const kernel = this.#kernels.get(notebook);
    if (!kernel || notebook.isClosed) return this.#marks.set(notebook, []);
    const settings = autoRun(notebook);
    const cells = cellsOf(notebook);
    const [stale, { problems }] = await Promise.all([kernel.staleCells({ cells }), kernel.check({ cells })]);
    const broken = new Set(problems.map(({ cellId }) => cellId));
    const next = stale.filter(
      ({ cellId, causes }) =>
        !followed.ran.has(cellId) &&
        !broken.has(cellId) &&
        causes.some((cause) => (cause === 'parameter' ? settings.parameters : settings.edits)),
    );
    const fromFile =
      next.length || !followed.written.size
        ? []
        : followsFrom(followed.written, await kernel.dependencies({ cells }), shownIn(notebook));
    if (settings.parameters && !next.length) followed.written.clear();
    const running = next.length
      ? next
      : settings.parameters
        ? fromFile.filter(({ cellId }) => !broken.has(cellId))
        : [];
    const begun = new Set(running.map(({ cellId }) => cellId));
    // Those that run now are marked only if they are still out of date then.
    const waiting = settings.parameters ? [] : fromFile.filter(({ isOutOfDate }) => isOutOfDate);
    this.#marks.set(
      notebook,
      [...stale, ...waiting].filter(({ cellId }) => !begun.has(cellId)),
    );
    if (running.length === 0) return;
    for (const { cellId } of running) followed.ran.add(cellId);
    const start = Date.now();
    let isCutShort = false;
    await this.#run(notebook, running, () => {
      isCutShort ||= followed.moved.size > 0 && Date.now() - start > PATIENCE_MS;
      return isCutShort;
    });
    // Those that were left out are to run even if the next move takes the text back to what it was.
    if (isCutShort) followed.ran.clear();
    followed.isAskedAgain = true;
  }

  /** Cells that are left once `isOver` have to be out of date, so that they are found again. */
  #run(
    notebook: vscode.NotebookDocument,
    cells: readonly Pick<StaleCell, 'cellId'>[],
    isOver?: () => boolean,
  ): Promise<void> {
    const byId = new Map(notebook.getCells().map((cell) => [cell.document.uri.toString(), cell]));
    return this.#controller.runInPlace(
      cells.flatMap(({ cellId }) => byId.get(cellId) ?? []),
      notebook,
      isOver,
    );
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** The cells of a notebook that show something. */
function shownIn(notebook: vscode.NotebookDocument): ReadonlySet<string> {
  return new Set(notebook.getCells().flatMap((c) => (c.outputs.length ? [c.document.uri.toString()] : [])));
}

interface CellFromFile {
  readonly cellId: string;
  readonly reason: string;
  /** Otherwise it is only needed by one that is, and shows what it would show again. */
  readonly isOutOfDate: boolean;
}

/**
 * Of a notebook that was opened with its outputs: cells that show something which follows from `moved` cells, and have
 * not run in this kernel, with whatever they need that has not run either, in the order of the notebook.
 */
function followsFrom(
  moved: ReadonlySet<string>,
  all: readonly CellDependencies[],
  shown: ReadonlySet<string>,
): CellFromFile[] {
  const followers = grown(
    moved,
    all,
    ({ cellId, uses }, found) => shown.has(cellId) && uses.some(({ from }) => found.has(from)),
  );
  const wanted = all.filter(({ cellId, hasRun }) => followers.has(cellId) && !hasRun);
  const needed = grown(
    new Set(wanted.map(({ cellId }) => cellId)),
    all,
    ({ cellId, hasRun }, found) =>
      !hasRun && all.some((other) => found.has(other.cellId) && other.uses.some(({ from }) => from === cellId)),
  );
  return all
    .filter(({ cellId }) => needed.has(cellId))
    .map(({ cellId }) => ({ cellId, reason: 'a parameter has changed', isOutOfDate: followers.has(cellId) }));
}

/** The cells of `from`, and those that are taken because of others that were. */
function grown(
  from: ReadonlySet<string>,
  all: readonly CellDependencies[],
  takes: (cell: CellDependencies, found: ReadonlySet<string>) => boolean,
): ReadonlySet<string> {
  const found = new Set(from);
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const cell of all) if (takes(cell, found)) found.add(cell.cellId);
  }
  return found;
}

/**
 * Undo takes back everything since the last edit that was `undoneAlone`; an edit without an editor in view always is,
 * since only an editor can join edits.
 */
async function replaceText(cellId: string, range: vscode.Range, text: string, undoneAlone: boolean): Promise<void> {
  const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === cellId);
  const stops = { undoStopBefore: undoneAlone, undoStopAfter: false };
  if (await editor?.edit((edit) => edit.replace(range, text), stops)) return;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(vscode.Uri.parse(cellId), range, text);
  await vscode.workspace.applyEdit(edit);
}

/** A kernel that ends meanwhile has nothing to be told. */
async function untilEnded(told: Promise<void>): Promise<void> {
  try {
    await told;
  } catch (error) {
    if (!(error instanceof KernelEndedError)) throw error;
  }
}
