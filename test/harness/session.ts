/** A kernel session for tests: in a folder of its own, with what it showed at hand. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { createSession, type Session } from '../../src/kernel/session/session.ts';
import type { KernelOptions, ProgressNotice, RunCellParameters, RunCellResult } from '../../src/protocol/kernelApi.ts';
import type { ViewModel } from '../../src/protocol/view.ts';

/** The networks that recognise boxes of air: test/reference/tinyModels.py made them. */
export const TINY_MODELS = join(import.meta.dirname, '../fixtures/models');

export interface TestSession {
  /** The notebook's folder, which holds `files`. */
  readonly folder: string;
  readonly session: Session;
  readonly progress: readonly ProgressNotice[];
  /** Runs a cell; without an id it is a cell of its own. */
  run(source: string, cellId?: string, cells?: RunCellParameters['cells']): Promise<RunCellResult>;
  /** Everything shown since the last call of `run`, `shown` or `problem` began. */
  readonly views: readonly ViewModel[];
  /** Runs a cell that has to succeed, and gives its outputs. */
  shown(source: string, cellId?: string): Promise<ViewModel[]>;
  /** Runs a cell that has to fail, and gives `code: message`. */
  problem(source: string, cellId?: string): Promise<string>;
}

export type SessionSettings = Partial<KernelOptions> & {
  /** Texts by their paths within the notebook's folder. */
  readonly files?: Readonly<Record<string, string>>;
  readonly now?: () => number;
};

/** Sessions of this file's tests, each as what ends it. */
const open: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of open.splice(0)) await end();
});

/** Starts a session, which ends with the tests of the file. */
export function startSession({ files = {}, now, ...options }: SessionSettings = {}): TestSession {
  const own = mkdtempSync(join(tmpdir(), 'lungnb-'));
  const folder = options.notebookFolder ?? own;
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  let views: ViewModel[] = [];
  const progress: ProgressNotice[] = [];
  const session = createSession(
    {
      notebookFolder: folder,
      cacheFolder: join(own, 'cache'),
      modelFolders: [TINY_MODELS],
      parameters: {},
      ...options,
    },
    { progress: (notice) => progress.push(notice), output: ({ view }) => views.push(view) },
    now,
  );
  const run: TestSession['run'] = async (source, cellId = source, cells) => {
    views = [];
    return session.runCell({ cellId, source, ...(cells ? { cells } : {}) });
  };
  open.push(async () => {
    await session.close();
    rmSync(own, { recursive: true, force: true });
  });
  return {
    folder,
    session,
    progress,
    run,
    get views() {
      return views;
    },
    async shown(source, cellId) {
      const result = await run(source, cellId);
      if (result.status !== 'done') throw new Error(`${source}\n${result.status}: ${result.problem?.message}`);
      return views;
    },
    async problem(source, cellId) {
      const { status, problem } = await run(source, cellId);
      if (!problem) throw new Error(`${source}\nwas to fail, and is ${status}`);
      return `${problem.code}: ${problem.message}`;
    },
  };
}
