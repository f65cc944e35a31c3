/**
 * `npm run bench -- write`: how long the kernel takes to help with a cell in a notebook of 200, asked as the extension asks
 * it, in a process of its own; when nothing runs, and while a CT is being measured.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT, SAMPLES } from '../../scripts/lib/project.ts';
import { KernelProcess } from '../../src/extension/kernelProcess.ts';

const CELLS = 200;
const ROUNDS = 40;
/** Of every kind of statement that studies have, with names that all cells share. */
const STATEMENTS = [
  'load "reader1.csv" as reader',
  'score reader at 1, 25, 50, 75 as scored',
  'agree scored with reader by region for ggo, reticulation weights linear as agreement',
  'filter reader where region == "RLL" && score > 1 as few',
];
const COHORT = join(SAMPLES, 'cohort');

const cells = Array.from({ length: CELLS }, (_, n) => {
  const round = Math.floor(n / STATEMENTS.length);
  const source = STATEMENTS[n % STATEMENTS.length]!;
  return { cellId: String(n), source: source.replace(/\b(reader|scored|agreement|few)\b(?!1)/g, `$1${round}`) };
});
const last = cells.at(-1)!;
const place = (offset: number) => ({ cells, cellId: last.cellId, offset });

const cache = mkdtempSync(join(tmpdir(), 'lungnb-bench-'));
const kernel = new KernelProcess(
  join(PROJECT, 'out/kernel/main.js'),
  { notebookFolder: SAMPLES, cacheFolder: cache, modelFolders: [join(PROJECT, 'models')], parameters: {} },
  {
    progress: () => {},
    output: () => {},
    inputChanged: () => {},
    mayWrite: async () => ({ allowed: true }),
    log: () => {},
    crashed: () => {},
  },
);
const ASKED: Readonly<Record<string, () => Promise<unknown>>> = {
  completion: () => kernel.ask('complete', place(last.source.indexOf('where') + 6)),
  hover: () => kernel.ask('hover', place(last.source.indexOf('reader') + 1)),
  'shape of the statement': () => kernel.ask('signature', place(last.source.length)),
  'check of all cells': () => kernel.ask('check', { cells }),
  'outline (colours, definition, uses, folding)': () => kernel.ask('outline', { cells }),
  format: () => kernel.ask('format', last.source),
};

try {
  for (const cell of cells.slice(-STATEMENTS.length)) await kernel.ask('runCell', cell);
  await report(`${CELLS} cells, nothing runs`);
  if (existsSync(COHORT)) {
    await kernel.ask('runCell', { cellId: 'load', source: 'load "cohort/" as cohort' });
    const measured = kernel.ask('runCell', { cellId: 'measure', source: 'quantify cohort as ai' });
    await report(`${CELLS} cells, CTs are being measured`);
    await kernel.ask('interrupt', null);
    await measured;
  }
} finally {
  kernel.stop();
  rmSync(cache, { recursive: true, force: true });
}

async function report(when: string): Promise<void> {
  for (const [what, ask] of Object.entries(ASKED)) {
    await ask();
    const times: number[] = [];
    for (let n = 0; n < ROUNDS; n++) {
      const start = performance.now();
      await ask();
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    console.log(
      `${when}; ${what}: median ${times[ROUNDS >> 1]!.toFixed(1)} ms, slowest of ${ROUNDS} ${times.at(-1)!.toFixed(1)} ms`,
    );
  }
}
