/** A kernel session for tests: in a folder of its own, with what it showed at hand. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, onTestFinished, TestRunner } from 'vitest';
import { createSession, type Session, type SessionEvents } from '../../src/kernel/session/session.ts';
import type { Value } from '../../src/kernel/values/value.ts';
import type {
  KernelOptions,
  OutputNotice,
  ProgressNotice,
  RunCellParameters,
  RunCellResult,
} from '../../src/protocol/kernelApi.ts';
import type { TableView, ViewModel } from '../../src/protocol/view.ts';

/** The networks that recognise boxes of air: test/reference/tinyModels.py made them. */
export const TINY_MODELS = join(import.meta.dirname, '../fixtures/models');

export interface TestSession {
  /** The notebook's folder, which holds `files`. */
  readonly folder: string;
  readonly session: Session;
  readonly progress: readonly ProgressNotice[];
  /** Everything shown since the session began. */
  readonly outputs: readonly OutputNotice[];
  /** What the cell that ran last has shown. */
  readonly views: readonly ViewModel[];
  /** What was said to the screen alone. */
  readonly screen: readonly string[];
  /** Writes a text into the notebook's folder. */
  put(name: string, text: string | Uint8Array): void;
  /** Runs a cell; without an id it is a cell of its own. */
  run(source: string, cellId?: string, cells?: RunCellParameters['cells']): Promise<RunCellResult>;
  /** Runs a cell that has to succeed, and gives its outputs. */
  shown(source: string, cellId?: string): Promise<ViewModel[]>;
  /** Runs a cell that has to end with a view of this type, and gives it. */
  last<T extends ViewModel['type']>(type: T, source: string): Promise<Extract<ViewModel, { type: T }>>;
  /** Runs a cell that has to end with a table, and gives its rows by the columns' names. */
  rows(source: string): Promise<Record<string, TableView['rows'][number][number]>[]>;
  /** Runs a cell that has to fail, and gives `code: message`. */
  problem(source: string, cellId?: string): Promise<string>;
  /** What a name stands for, which has to be of this kind. */
  value<K extends Value['kind']>(name: string, kind: K): Extract<Value, { kind: K }>;
}

export type SessionSettings = Partial<KernelOptions> & {
  /** Texts by their paths within the notebook's folder. */
  readonly files?: Readonly<Record<string, string>>;
  readonly now?: () => number;
  /** What the test hears itself, or answers. */
  readonly events?: Pick<Partial<SessionEvents>, 'mayWrite' | 'inputChanged' | 'output'>;
};

/** What ends the sessions that belong to all tests of this file. */
const shared: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of shared.splice(0)) await end();
});

/** Starts a session, which ends with the test that started it, or that it was made ready for; else with the file's last test. */
export function startSession({ files = {}, now, events, ...options }: SessionSettings = {}): TestSession {
  const own = mkdtempSync(join(tmpdir(), 'lungnb-'));
  const folder = options.notebookFolder ?? own;
  const put = (name: string, text: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  for (const [name, text] of Object.entries(files)) put(name, text);
  const [progress, outputs, screen]: [ProgressNotice[], OutputNotice[], string[]] = [[], [], []];
  let views: ViewModel[] = [];
  const session = createSession(
    {
      notebookFolder: folder,
      cacheFolder: join(own, 'cache'),
      modelFolders: [TINY_MODELS],
      parameters: {},
      ...options,
    },
    {
      ...events,
      progress: (notice) => progress.push(notice),
      output: (notice) => {
        events?.output?.(notice);
        outputs.push(notice);
        views.push(notice.view);
      },
      screen: (text) => screen.push(text),
    },
    now,
  );
  const run: TestSession['run'] = async (source, cellId = source, cells) => {
    views = [];
    return session.runCell({ cellId, source, ...(cells ? { cells } : {}) });
  };
  const shown: TestSession['shown'] = async (source, cellId) => {
    const result = await run(source, cellId);
    if (result.status !== 'done') throw new Error(`${source}\n${result.status}: ${result.problem?.message}`);
    return views;
  };
  const last: TestSession['last'] = async (type, source) => {
    const view = (await shown(source)).at(-1);
    if (!isOfType(view, type)) throw new Error(`${source}\nends with ${view?.type}, not ${type}`);
    return view;
  };
  const end = async () => {
    await session.close();
    rmSync(own, { recursive: true, force: true });
  };
  if (TestRunner.getCurrentTest()) onTestFinished(end);
  else shared.push(end);
  return {
    folder,
    session,
    progress,
    outputs,
    screen,
    get views() {
      return views;
    },
    put,
    run,
    shown,
    last,
    async rows(source) {
      const { columns, rows } = await last('table', source);
      return rows.map((row) => Object.fromEntries(columns.map(({ name }, n) => [name, row[n]!])));
    },
    async problem(source, cellId) {
      const { status, problem } = await run(source, cellId);
      if (!problem) throw new Error(`${source}\nwas to fail, and is ${status}`);
      return `${problem.code}: ${problem.message}`;
    },
    value(name, kind) {
      const value = session.names().get(name);
      if (!isOfKind(value, kind)) throw new Error(`\`${name}\` is ${value?.kind ?? 'nothing'}, not ${kind}`);
      return value;
    },
  };
}

function isOfType<T extends ViewModel['type']>(
  view: ViewModel | undefined,
  type: T,
): view is Extract<ViewModel, { type: T }> {
  return view?.type === type;
}

function isOfKind<K extends Value['kind']>(value: Value | undefined, kind: K): value is Extract<Value, { kind: K }> {
  return value?.kind === kind;
}
