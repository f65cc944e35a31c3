/** A kernel in a process of its own, asked by the contract of src/protocol/kernelMethods.ts; and what becomes of questions when it ends. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KernelEvents, KernelProcess, unlessEnded } from '../../../src/extension/kernelProcess.ts';
import type { OutputNotice } from '../../../src/protocol/kernelApi.ts';
import { temporaryFolder } from '../ct/helpers.ts';

let folder: string;
let kernel: KernelProcess;
let outputs: OutputNotice[];
let crashes: string[];

beforeEach(() => {
  folder = temporaryFolder();
  outputs = [];
  crashes = [];
  const events: KernelEvents = {
    progress: () => {},
    output: (notice) => outputs.push(notice),
    inputChanged: () => {},
    log: () => {},
    crashed: (reason) => crashes.push(reason),
    mayWrite: async () => ({ allowed: false, advice: '' }),
  };
  const options = { notebookFolder: folder, cacheFolder: folder, modelFolders: [], parameters: {} };
  kernel = new KernelProcess(join(import.meta.dirname, '../../../src/kernel/main.ts'), options, events);
});
afterEach(() => {
  kernel.stop();
  rmSync(folder, { recursive: true, force: true });
});

const CELL = { cellId: '1', source: 'param cut = 25 in 0..100' };
const PLACE = { cells: [CELL], cellId: '1', offset: 1 };

describe('a kernel process', () => {
  it('answers each kind of request, and tells of outputs before the cell has ended', async () => {
    expect(await kernel.ask('runCell', CELL)).toEqual({ status: 'done' });
    expect(outputs.map(({ cellId, view }) => [cellId, view.type])).toEqual([['1', 'control']]);
    expect(await kernel.ask('format', 'describe   a')).toBe('describe a');
    expect((await kernel.ask('variables', null)).map(({ name }) => name)).toEqual(['cut']);
    expect(await kernel.ask('staleCells', { cells: [{ ...CELL, source: 'param cut = 30 in 0..100' }] })).toEqual([
      { cellId: '1', causes: ['parameter'], reason: 'its text has changed' },
    ]);
    expect(await kernel.ask('interrupt', null)).toBeNull();
    expect(await kernel.ask('select', { patients: ['P1'] })).toBeNull();
    expect((await kernel.ask('hover', PLACE))?.text).toContain('param');
    expect(await kernel.ask('hover', { ...PLACE, cells: [] })).toBeNull();
  });

  it('that ends while it is asked gives the reason instead of an answer', async () => {
    await kernel.ask('runCell', CELL);
    const asked = (['complete', 'hover', 'signature'] as const).map((method) =>
      unlessEnded(kernel.ask(method, PLACE), (reason) => reason),
    );
    process.kill(kernel.processId!, 'SIGKILL');
    const ended = 'The kernel ended unexpectedly (SIGKILL).';
    expect(await Promise.all(asked)).toEqual([ended, ended, ended]);
    expect(await unlessEnded(kernel.ask('variables', null), () => [])).toEqual([]);
    expect(crashes).toEqual([ended]);
  });

  it('that is stopped has not crashed', async () => {
    const asked = unlessEnded(kernel.ask('variables', null), (reason) => reason);
    kernel.stop();
    expect(await asked).toBe('The kernel was stopped.');
    expect(crashes).toEqual([]);
  });

  it('that fails says so, and lives on', async () => {
    // SAFETY: a request that the types forbid, as a bug would send it.
    const broken = { cells: undefined } as never;
    await expect(unlessEnded(kernel.ask('outline', broken), () => [])).rejects.toThrow(/undefined/);
    expect(await kernel.ask('variables', null)).toEqual([]);
  });
});
