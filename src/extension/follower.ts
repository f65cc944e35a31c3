/** Keeps notebooks up to date: a parameter moved in an output is written into its cell, and cells that are out of date run again or are marked. */
import * as vscode from 'vscode';
import type { StaleCell } from '../protocol/kernelApi.ts';
import type { ParameterMove } from '../protocol/rendererMessages.ts';
import type { CellMarks } from './cellMarks.ts';
import type { Controller } from './controller.ts';
import { Debounced } from './debounced.ts';
import type { Drawings } from './drawings.ts';
import { unlessEnded } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';
import { cellsOf, notebookOf } from './notebookCells.ts';
import { outdatedFromFile } from './outdatedFromFile.ts';
import type { Selections } from './selections.ts';
import { CELL_LANGUAGE } from './serializer.ts';
import { autoRun } from './settings.ts';
import { runsByItself, whatFollows } from './whatFollows.ts';
import { type WrittenParameter, writeParameter } from './writeParameter.ts';

/** A pause in writing, or after a run, after which the notebook is looked at. */
const PAUSE_MS = 300;
/** Cells that take longer than this all together give way to a later move of a parameter, so that a slow notebook does not run every value of a drag to its end. */
const PATIENCE_MS = 400;

/** For a program that moves a parameter while somebody types in its cell. */
const TRIES = 5;

interface Followed {
  /** The newest value of each parameter that waits to be written. */
  readonly moved: Map<string, ParameterMove>;
  /** Cells whose parameters were moved, until what follows from them has been looked for among the outputs of the file. */
  readonly written: Set<string>;
  /** The gesture whose move was written last. */
  gesture: number | undefined;
  /** Cells that ran since the last change; none runs twice for one change. */
  readonly ran: Set<string>;
  isBusy: boolean;
  /** Something changed while cells ran. */
  isAskedAgain: boolean;
}

export interface NotMoved {
  readonly notebook: vscode.NotebookDocument;
  readonly name: string;
  /** A sentence. */
  readonly reason: string;
}

/** What users do in outputs, and cells use. */
export interface MadeInOutputs {
  readonly selections: Selections;
  readonly drawings: Drawings;
}

export class Follower implements vscode.Disposable {
  readonly #kernels: Kernels;
  readonly #controller: Controller;
  readonly #marks: CellMarks;
  readonly #followed = new WeakMap<vscode.NotebookDocument, Followed>();
  readonly #notMoved = new vscode.EventEmitter<NotMoved>();
  /** A parameter is what it was, though a hand moved it. */
  readonly onNotMoved = this.#notMoved.event;
  readonly #looking = new Debounced(PAUSE_MS, (notebook) => void this.#follow(notebook));
  readonly #subscriptions: vscode.Disposable[];

  constructor(kernels: Kernels, controller: Controller, marks: CellMarks, { selections, drawings }: MadeInOutputs) {
    this.#kernels = kernels;
    this.#controller = controller;
    this.#marks = marks;
    this.#subscriptions = [
      this.#looking,
      this.#notMoved,
      kernels.onInputChanged((notebook) => this.#changed(notebook)),
      // Cells that use the selection, or what is drawn, follow.
      selections.onDidChange((notebook) => this.#changed(notebook)),
      drawings.onDidChange((notebook) => this.#changed(notebook)),
      controller.onDidRunCell((notebook) => this.#looking.ask(notebook)),
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

  /** As `move`, for a program: resolves when what follows has run, or why nothing was written. */
  async set(notebook: vscode.NotebookDocument, change: Omit<ParameterMove, 'gesture'>): Promise<WrittenParameter> {
    for (let left = TRIES; left > 0; left--) {
      const done = await writeParameter(notebook, this.#kernels.start(notebook), change);
      if (done === 'retry') continue;
      if ('refused' in done) return done;
      this.#of(notebook).ran.clear();
      this.#of(notebook).written.add(done.written);
      await this.#follow(notebook);
      return done;
    }
    return { refused: `Somebody is typing in the cell of \`${change.name}\`, which stays as it is.` };
  }

  /** Runs every cell that is out of date. */
  async runStale(notebook: vscode.NotebookDocument): Promise<void> {
    await unlessEnded(this.#runStale(notebook), () => undefined);
  }

  async #runStale(notebook: vscode.NotebookDocument): Promise<void> {
    const kernel = this.#kernels.get(notebook);
    if (!kernel) return;
    const cells = cellsOf(notebook);
    const { written } = this.#of(notebook);
    const [stale, all] = await Promise.all([
      kernel.ask('staleCells', { cells }),
      kernel.ask('dependencies', { cells }),
    ]);
    const fromFile = outdatedFromFile(written, all, shownIn(notebook));
    written.clear();
    // What waits for a cell that failed would show the same again without it.
    const failed = stale.some(({ causes }) => causes.includes('failed'))
      ? all.filter(({ ended }) => ended === 'failed')
      : [];
    await this.#run(notebook, [...failed, ...stale, ...fromFile]);
  }

  #of(notebook: vscode.NotebookDocument): Followed {
    const followed = this.#followed.get(notebook) ?? {
      moved: new Map(),
      written: new Set(),
      gesture: undefined,
      ran: new Set(),
      isBusy: false,
      isAskedAgain: false,
    };
    this.#followed.set(notebook, followed);
    return followed;
  }

  #changed(notebook: vscode.NotebookDocument): void {
    this.#of(notebook).ran.clear();
    this.#looking.ask(notebook);
  }

  async #follow(notebook: vscode.NotebookDocument): Promise<void> {
    const followed = this.#of(notebook);
    if (followed.isBusy) {
      followed.isAskedAgain = true;
      return;
    }
    followed.isBusy = true;
    try {
      // A kernel that ends meanwhile leaves nothing to follow.
      await unlessEnded(this.#catchUp(notebook, followed), () => undefined);
    } finally {
      followed.isBusy = false;
    }
  }

  async #catchUp(notebook: vscode.NotebookDocument, followed: Followed): Promise<void> {
    do {
      followed.isAskedAgain = false;
      for (let next = followed.moved.entries().next(); !next.done; next = followed.moved.entries().next()) {
        followed.moved.delete(next.value[0]);
        await this.#write(notebook, followed, next.value[1]);
      }
      await this.#runWhatFollows(notebook, followed);
    } while (followed.isAskedAgain || followed.moved.size);
  }

  async #write(notebook: vscode.NotebookDocument, followed: Followed, move: ParameterMove): Promise<void> {
    const { name, gesture } = move;
    const done = await writeParameter(notebook, this.#kernels.start(notebook), move, gesture === followed.gesture);
    if (done === 'retry') {
      // Unless a later value came.
      if (!followed.moved.has(name)) followed.moved.set(name, move);
      return;
    }
    if ('refused' in done) return this.#notMoved.fire({ notebook, name, reason: done.refused });
    followed.gesture = gesture;
    followed.written.add(done.written);
  }

  /** Runs what settings say runs by itself, and marks the rest. */
  async #runWhatFollows(notebook: vscode.NotebookDocument, followed: Followed): Promise<void> {
    const kernel = this.#kernels.get(notebook);
    if (!kernel || notebook.isClosed) return this.#marks.set(notebook, []);
    const settings = autoRun(notebook);
    const cells = cellsOf(notebook);
    const [stale, { problems }] = await Promise.all([
      kernel.ask('staleCells', { cells }),
      kernel.ask('check', { cells }),
    ]);
    const change = { stale, broken: new Set(problems.map(({ cellId }) => cellId)), ran: followed.ran, settings };
    const next = runsByItself(change);
    const fromFile =
      next.length || !followed.written.size
        ? []
        : outdatedFromFile(followed.written, await kernel.ask('dependencies', { cells }), shownIn(notebook));
    if (settings.parameters && !next.length) followed.written.clear();
    const { running, marked } = whatFollows(change, next, fromFile);
    this.#marks.set(notebook, marked);
    if (running.length) await this.#runPatiently(notebook, followed, running);
  }

  /** Gives way to a later move of a parameter. */
  async #runPatiently(
    notebook: vscode.NotebookDocument,
    followed: Followed,
    cells: readonly Pick<StaleCell, 'cellId'>[],
  ): Promise<void> {
    for (const { cellId } of cells) followed.ran.add(cellId);
    const start = Date.now();
    let isCutShort = false;
    await this.#run(notebook, cells, () => {
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
