/** Interrupting a kernel process while its only thread computes, and errors that nothing caught. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelProcess } from '../../../src/extension/kernelProcess.ts';
import { temporaryFolder } from '../ct/helpers.ts';

const MAIN = join(import.meta.dirname, '../../../src/kernel/main.ts');
const GENEROUS_MS = 60_000;
const PATIENTS = 3000;

let folder: string;
let kernel: KernelProcess;
let crashes: string[];

const scores = (shift: number) =>
  `patient,region,class,score\n${Array.from({ length: PATIENTS }, (_, n) => `P${n},total,ggo,${(n * 7 + (n % 3) * shift) % 5}`).join('\n')}\n`;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

// On Windows no process can be told by a signal that it shall stop computing.
describe.skipIf(process.platform === 'win32')('a kernel', () => {
  beforeAll(async () => {
    folder = temporaryFolder();
    writeFileSync(join(folder, 'a.csv'), scores(1));
    writeFileSync(join(folder, 'b.csv'), scores(2));
    writeFileSync(join(folder, 'long.csv'), `patient,note\n${'P1,"a text"\n'.repeat(2_000_000)}`);
    // What a library might do: a rejection that nobody awaits.
    writeFileSync(
      join(folder, 'planted.mjs'),
      `process.on('SIGUSR2', () => void Promise.reject(new Error('planted')));`,
    );
    const options = process.env.NODE_OPTIONS;
    process.env.NODE_OPTIONS = `${options ?? ''} --import=${join(folder, 'planted.mjs')}`;
    crashes = [];
    kernel = new KernelProcess(
      MAIN,
      { notebookFolder: folder, cacheFolder: join(folder, 'cache'), modelFolders: [], parameters: {} },
      {
        progress() {},
        output() {},
        inputChanged() {},
        log() {},
        crashed: (reason) => crashes.push(reason),
        mayWrite: async () => ({ allowed: false, advice: '' }),
      },
    );
    if (options === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = options;
    const loaded = await kernel.ask('runCell', { cellId: 'first', source: 'load "a.csv" as a\nload "b.csv" as b' });
    expect(loaded).toEqual({ status: 'done' });
  }, GENEROUS_MS);

  afterAll(() => {
    kernel?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const names = async () => (await kernel.ask('variables', null)).map(({ name }) => name);

  it.each([
    ['draws a bootstrap', 'agree a with b ci bootstrap 100000 as ag'],
    ['corrects a bootstrap', 'agree a with b ci bca 100000 as ag'],
    ['reads a long table', 'load "long.csv" as t'],
  ])(
    'that %s ends the cell as cancelled when it is interrupted, and keeps earlier results',
    async (_, source) => {
      const running = kernel.ask('runCell', { cellId: 'long', source });
      await wait(500);
      await kernel.interrupt();
      expect(await running).toEqual({ status: 'cancelled' });
      expect(await names()).toEqual(['a', 'b']);
      expect(await kernel.ask('runCell', { cellId: 'next', source: 'describe a' })).toEqual({ status: 'done' });
    },
    GENEROUS_MS,
  );

  it(
    'tells an error that nothing caught in the cell that runs, and keeps earlier results',
    async () => {
      const running = kernel.ask('runCell', { cellId: 'long', source: 'load "long.csv" as t' });
      await wait(500);
      process.kill(kernel.processId!, 'SIGUSR2');
      expect(await running).toMatchObject({ status: 'failed', problem: { code: 'internal' } });
      expect(await names()).toEqual(['a', 'b']);
    },
    GENEROUS_MS,
  );

  it(
    'lives on after an error that nothing caught between two cells',
    async () => {
      process.kill(kernel.processId!, 'SIGUSR2');
      await wait(200);
      expect(await kernel.ask('runCell', { cellId: 'next', source: 'describe a' })).toEqual({ status: 'done' });
      expect(crashes).toEqual([]);
    },
    GENEROUS_MS,
  );
});
