/** What a kernel that the extension stops leaves behind: nothing, unless it computes and hears nothing. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KernelProcess, unlessEnded } from '../../../src/extension/kernelProcess.ts';
import { archive, asParts, createServers, multipart, SERIES } from '../ct/dicomWeb/server.ts';

const MAIN = join(import.meta.dirname, '../../../src/kernel/main.ts');
const { serve, close } = createServers();
const { TMPDIR } = process.env;
let folder: string;
let temporary: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-stop-'));
  temporary = mkdtempSync(join(tmpdir(), 'lungnb-own-'));
  process.env.TMPDIR = temporary;
});
afterEach(async () => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  for (const made of [folder, temporary]) rmSync(made, { recursive: true, force: true });
  await close();
});

it.skipIf(process.platform === 'win32')(
  'stops while images are fetched, and leaves none of them',
  async () => {
    const fetching = Promise.withResolvers<void>();
    const root = await serve(
      archive(6, (n, response) => {
        const bytes = multipart(Buffer.alloc(100_000, n));
        if (n < 6) asParts(response).end(bytes);
        else asParts(response).write(bytes.subarray(0, 50_000));
      }),
    );
    const kernel = new KernelProcess(
      MAIN,
      { notebookFolder: folder, cacheFolder: folder, modelFolders: [], parameters: {} },
      {
        progress: ({ message }) => void (/: [3-9] of/.test(message) && fetching.resolve()),
        output: () => undefined,
        inputChanged: () => undefined,
        log: () => undefined,
        crashed: () => undefined,
        mayWrite: async () => ({ allowed: false, advice: '' }),
      },
    );
    const run = unlessEnded(
      kernel.ask('runCell', { cellId: '1', source: `load "${root}${SERIES}" as cohort` }),
      (reason) => reason,
    );
    await fetching.promise;
    expect(readdirSync(temporary)).toHaveLength(1);
    kernel.stop();
    expect(await run).toBe('The kernel was stopped.');
    expect(readdirSync(temporary)).toEqual([]);
  },
  30_000,
);
