/** What the page shows now: the saved run, and what the computing thread has made of what was moved since. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { TableRowsReply, TableRowsRequest } from '../../protocol/kernelApi.ts';
import type { Notebook, NotebookOutput } from '../../protocol/notebook.ts';
import type { ComputingStatement, LoadedTable, PageComputing } from '../../protocol/page/computing.ts';
import type { PageMove, ToEngine } from '../../protocol/page/engineMessages.ts';
import { allOf } from '../../protocol/words/lists.ts';
import type { Messaging } from '../messaging.ts';
import { createSelection } from '../selection.ts';
import { type EngineThread, startEngine } from './engineThread.ts';
import { type FileState, hear, type ShownCell, shownAsSaved, showSaved } from './heard.ts';
import { pageMessaging } from './messaging.ts';

/** A table of a file, in whose place another can stand. */
export interface TableFile extends LoadedTable {
  /** Of the result. */
  readonly name: string;
}

export interface PageState {
  readonly computes: boolean;
  /** Starts the thread, for what will be asked soon; of a page that computes. */
  prepare(): void;
  readonly cells: readonly ReadonlySignal<ShownCell>[];
  readonly moves: ReadonlySignal<readonly PageMove[]>;
  /** Why nothing can be computed any more. */
  readonly failure: ReadonlySignal<string | undefined>;
  /** By the name of the result. */
  readonly files: ReadonlySignal<Readonly<Record<string, FileState>>>;
  /** Changes where all is as it was saved again. */
  readonly epoch: ReadonlySignal<number>;
  readonly messaging: Messaging;
  /** The files of the cell at the place. */
  filesOf(place: number): readonly TableFile[];
  putFile(name: string, file: File): Promise<void>;
  putBack(name: string): void;
  reset(): void;
}

/** `computing` is undefined where the page shows the saved run alone. */
export function createPageState(notebook: Notebook, computing: PageComputing | undefined): PageState {
  const shown = shownAsSaved(notebook.cells);
  const epoch = signal(0);
  let engine: EngineThread | undefined;
  /** The thread starts with the first question, or a little before; the saved run is painted by then. */
  const start = (): EngineThread => {
    if (engine) return engine;
    engine = startEngine((told) => hear(told, shown));
    engine.post({ type: 'begin', cells: notebook.cells, computing: computing! });
    return engine;
  };
  const post = (message: ToEngine) => start().post(message);
  const saved = pageMessaging(notebook.annotations);
  const selection = createSelection((patients) => {
    if (computing?.followsSelection) post({ type: 'select', patients });
  });
  selection.follow(computing?.selected ?? []);
  const messaging: Messaging = !computing
    ? saved
    : {
        ...saved,
        selection,
        whyFixed: (parameter) =>
          shown.failure.value ? 'Fixed: the page computes no more.' : whyFixed(parameter, computing),
        changeParameter: ({ name, value }) => post({ type: 'move', name, value }),
        requestRows: createRowsRequest(shown, post),
      };
  const files = (computing?.cells ?? []).map(
    ({ place, statements }) => [place, statements.flatMap((one) => fileOf(one, computing!))] as const,
  );
  const filesByPlace = new Map(files);

  return {
    ...shown,
    computes: computing !== undefined,
    prepare: () => void start(),
    epoch,
    messaging,
    filesOf: (place) => filesByPlace.get(place) ?? [],
    async putFile(name, file) {
      // Of a large file that takes seconds, and what went wrong before is no news any more.
      const { problem: _, ...before } = shown.files.peek()[name] ?? {};
      shown.files.value = { ...shown.files.peek(), [name]: { ...before, reading: file.name } };
      const bytes = await file.arrayBuffer().catch(() => undefined);
      if (bytes) post({ type: 'file', name, file: file.name, bytes: new Uint8Array(bytes) });
      else hear({ type: 'file', name, problem: unread(file.name) }, shown);
    },
    putBack: (name) => post({ type: 'ownFile', name }),
    reset() {
      engine?.end();
      engine = undefined;
      showSaved(shown, notebook.cells);
      selection.follow(computing?.selected ?? []);
      epoch.value = epoch.peek() + 1;
    },
  };
}

/** A browser says no more of a file that it cannot read. */
function unread(file: string): string {
  return `${file} cannot be read: it is a folder, or has been moved, or is not yours to read. Choose a csv, tsv or JSON file.`;
}

function createRowsRequest({ cells, waiting }: ReturnType<typeof shownAsSaved>, post: (message: ToEngine) => void) {
  let last = 0;
  return ({ handle }: TableRowsRequest): Promise<TableRowsReply> => {
    const place = cells.findIndex((cell) => cell.peek().outputs.some(({ view }) => hasHandle(view, handle)));
    const requestId = ++last;
    return new Promise((resolve) => {
      waiting.set(requestId, resolve);
      post({ type: 'rows', requestId, handle, place });
    });
  };
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
