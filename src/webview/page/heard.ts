/** What the computing thread tells, put where the page shows it. */
import { type Signal, signal } from '@preact/signals';
import type { TableRowsReply } from '../../protocol/kernelApi.ts';
import type { NotebookCell, NotebookOutput } from '../../protocol/notebook.ts';
import type { FromEngine, PageMove } from '../../protocol/page/engineMessages.ts';

export interface ShownCell {
  readonly source: readonly string[];
  readonly outputs: readonly NotebookOutput[];
  /** What of it uses something that has moved, and stands still. */
  readonly fixed: readonly string[];
  /** It is computed now. */
  readonly isWaiting: boolean;
}

export interface FileState {
  /** The file that stands there instead. */
  readonly file?: string;
  /** The file that is read now. */
  readonly reading?: string;
  /** Why another one does not. */
  readonly problem?: string;
}

export interface Shown {
  readonly cells: readonly Signal<ShownCell>[];
  readonly moves: Signal<readonly PageMove[]>;
  /** Why nothing can be computed any more. */
  readonly failure: Signal<string | undefined>;
  /** By the name of the result. */
  readonly files: Signal<Readonly<Record<string, FileState>>>;
  /** Who waits for rows, by the number of the request. */
  readonly waiting: Map<number, (reply: TableRowsReply) => void>;
}

export function shownAsSaved(cells: readonly NotebookCell[]): Shown {
  return {
    cells: cells.map((cell) => signal(savedCell(cell))),
    moves: signal<readonly PageMove[]>([]),
    failure: signal<string>(),
    files: signal<Readonly<Record<string, FileState>>>({}),
    waiting: new Map(),
  };
}

/** Everything is as it was saved again. */
export function showSaved({ cells, moves, failure, files, waiting }: Shown, saved: readonly NotebookCell[]): void {
  for (const [place, cell] of saved.entries()) cells[place]!.value = savedCell(cell);
  moves.value = [];
  failure.value = undefined;
  files.value = {};
  giveUp(waiting);
}

export function hear(message: FromEngine, { cells, moves, failure, files, waiting }: Shown): void {
  const update = (place: number, change: Partial<ShownCell>) => {
    const cell = cells[place];
    if (cell) cell.value = { ...cell.peek(), ...change };
  };
  switch (message.type) {
    case 'waiting':
      for (const place of message.places) update(place, { isWaiting: true });
      break;
    case 'cell':
      update(message.place, { source: message.source, outputs: message.outputs, isWaiting: false });
      break;
    case 'fixed':
      for (const { place, names } of message.cells)
        if (names.join() !== cells[place]?.peek().fixed.join()) update(place, { fixed: names });
      break;
    case 'moved':
      moves.value = message.moves;
      break;
    case 'file': {
      const { name, type: _, ...state } = message;
      // What stands there stays, where another file cannot be read.
      const { reading: _read, ...before } = state.problem === undefined ? {} : (files.peek()[name] ?? {});
      files.value = { ...files.peek(), [name]: { ...before, ...state } };
      break;
    }
    case 'rows':
      waiting.get(message.requestId)?.(message.reply);
      waiting.delete(message.requestId);
      break;
    case 'failed':
      failure.value = message.message;
      for (const place of cells.keys()) update(place, { isWaiting: false });
      files.value = Object.fromEntries(
        Object.entries(files.peek()).map(([name, { reading: _read, ...state }]) => [name, state]),
      );
      giveUp(waiting);
  }
}

function giveUp(waiting: Shown['waiting']): void {
  for (const give of waiting.values()) give({ problem: 'The page computes no more. Load it again.' });
  waiting.clear();
}

function savedCell({ source, outputs = [] }: NotebookCell): ShownCell {
  return { source, outputs, fixed: [], isWaiting: false };
}
