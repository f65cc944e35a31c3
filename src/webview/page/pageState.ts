/** What the page shows now: the saved run, and what the computing thread has made of what was moved since. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { TableRowsReply, TableRowsRequest } from '../../protocol/kernelApi.ts';
import type { Notebook, NotebookCell, NotebookOutput } from '../../protocol/notebook.ts';
import type { ComputingStatement, LoadedTable, PageComputing } from '../../protocol/page/computing.ts';
import type { FromEngine, PageMove } from '../../protocol/page/engineMessages.ts';
import { allOf } from '../../protocol/words/lists.ts';
import { type Messaging, withoutKernel } from '../messaging.ts';
import { createSelection } from '../selection.ts';
import { type EngineThread, startEngine } from './engineThread.ts';

export interface ShownCell {
  readonly source: readonly string[];
  readonly outputs: readonly NotebookOutput[];
  /** What of it uses something that has moved, and stands still. */
  readonly fixed: readonly string[];
  /** It is computed now. */
  readonly isWaiting: boolean;
}

/** A table of a file, in whose place another can stand. */
export interface TableFile extends LoadedTable {
  /** Of the result. */
  readonly name: string;
}

export interface FileState {
  /** The file that stands there instead. */
  readonly file?: string;
  /** Why another one does not. */
  readonly problem?: string;
}

export interface PageState {
  readonly cells: readonly ReadonlySignal<ShownCell>[];
  readonly moves: ReadonlySignal<readonly PageMove[]>;
  /** Why nothing can be computed any more. */
  readonly failure: ReadonlySignal<string | undefined>;
  readonly files: ReadonlySignal<Readonly<Record<string, FileState>>>;
  /** Changes where all is as it was saved again. */
  readonly epoch: ReadonlySignal<number>;
  readonly messaging: Messaging;
  /** The files of the cell. */
  filesOf(place: number): readonly TableFile[];
  putFile(name: string, file: File): Promise<void>;
  putBack(name: string): void;
  reset(): void;
}

/** `computing` is undefined where the page shows the saved run alone. */
export function createPageState(notebook: Notebook, computing: PageComputing | undefined): PageState {
  const cells = notebook.cells.map((cell) => signal(savedCell(cell)));
  const moves = signal<readonly PageMove[]>([]);
  const failure = signal<string>();
  const files = signal<Readonly<Record<string, FileState>>>({});
  const epoch = signal(0);
  const waiting = new Map<number, (reply: TableRowsReply) => void>();
  let lastRequest = 0;
  let engine: EngineThread | undefined;

  const update = (place: number, change: Partial<ShownCell>) => {
    const cell = cells[place];
    if (cell) cell.value = { ...cell.peek(), ...change };
  };
  function hear(message: FromEngine): void {
    switch (message.type) {
      case 'waiting':
        for (const place of message.places) update(place, { isWaiting: true });
        return;
      case 'cell':
        return update(message.place, { source: message.source, outputs: message.outputs, isWaiting: false });
      case 'fixed':
        for (const { place, names } of message.cells) update(place, { fixed: names });
        return;
      case 'moved':
        moves.value = message.moves;
        return;
      case 'file': {
        const { name, type: _, ...state } = message;
        // What stands there stays, where another file cannot be read.
        files.value = { ...files.peek(), [name]: state.problem ? { ...files.peek()[name], ...state } : state };
        return;
      }
      case 'rows':
        waiting.get(message.requestId)?.(message.reply);
        waiting.delete(message.requestId);
        return;
      case 'failed':
        failure.value = message.message;
        cells.forEach((_, place) => update(place, { isWaiting: false }));
        for (const give of waiting.values()) give({ problem: 'The page cannot compute here.' });
        waiting.clear();
    }
  }
  /** The thread starts with the first question; the saved run is painted by then. */
  function thread(): EngineThread {
    if (!engine) {
      engine = startEngine(hear);
      engine.post({ type: 'begin', cells: notebook.cells, computing: computing! });
    }
    return engine;
  }

  const saved = withoutKernel(notebook.annotations);
  const selection = createSelection((patients) => {
    if (computing?.followsSelection) thread().post({ type: 'select', patients });
  });
  selection.follow(computing?.selected ?? []);
  const messaging: Messaging = computing
    ? {
        ...saved,
        selection,
        whyFixed: (parameter) => failure.value ?? whyFixed(parameter, computing),
        changeParameter: ({ name, value }) => thread().post({ type: 'move', name, value }),
        requestRows: (request) => rowsOf(request),
      }
    : saved;

  function rowsOf({ handle }: TableRowsRequest): Promise<TableRowsReply> {
    const place = cells.findIndex((cell) => cell.peek().outputs.some(({ view }) => hasHandle(view, handle)));
    const requestId = ++lastRequest;
    return new Promise((resolve) => {
      waiting.set(requestId, resolve);
      thread().post({ type: 'rows', requestId, handle, place });
    });
  }

  return {
    cells,
    moves,
    failure,
    files,
    epoch,
    messaging,
    filesOf: (place) =>
      computing
        ? (computing.cells.find((cell) => cell.place === place)?.statements ?? []).flatMap((one) =>
            fileOf(one, computing),
          )
        : [],
    async putFile(name, file) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      thread().post({ type: 'file', name, file: file.name, bytes });
    },
    putBack: (name) => thread().post({ type: 'ownFile', name }),
    reset() {
      engine?.end();
      engine = undefined;
      moves.value = [];
      failure.value = undefined;
      files.value = {};
      notebook.cells.forEach((cell, place) => update(place, savedCell(cell)));
      selection.follow(computing?.selected ?? []);
      epoch.value = epoch.peek() + 1;
    },
  };
}

function savedCell({ source, outputs = [] }: NotebookCell): ShownCell {
  return { source, outputs, fixed: [], isWaiting: false };
}

function hasHandle(view: NotebookOutput['view'], handle: string): boolean {
  return view?.type === 'table' && view.handle === handle;
}

/** None where nothing that is computed uses the table. */
function fileOf({ fixed }: ComputingStatement, { values }: PageComputing): TableFile[] {
  const name = fixed?.name;
  if (!fixed?.table || name === undefined || !Object.hasOwn(values, name)) return [];
  return [{ ...fixed.table, name }];
}

/** Why a parameter cannot be moved here; undefined where it can. */
function whyFixed(parameter: string, { controls }: PageComputing): string | undefined {
  const reach = Object.hasOwn(controls, parameter) ? controls[parameter] : undefined;
  if (reach?.isFollowed) return undefined;
  if (!reach?.fixed.length) return 'Fixed: nothing in this page uses it.';
  return `Fixed: ${allOf(reach.fixed.map((name) => `\`${name}\``))} ${reach.fixed.length === 1 ? 'needs' : 'need'} CTs, files or networks, which a page does not have. It moves in the notebook.`;
}
