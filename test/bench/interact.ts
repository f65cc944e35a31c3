/**
 * `npm run bench -- interact`: how long one waits for figures after a parameter moved, for the voxels of a large chest to
 * be decided anew, and for an unchanged notebook of 100 patients to run again; each beside the same work from the start.
 */
import { linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MEASUREMENT_CACHE, SAMPLES } from '../../scripts/lib/project.ts';
import { createRandom } from '../../src/kernel/base/random.ts';
import { respacedGrid } from '../../src/kernel/ct/geometry/resample.ts';
import { decideSeries } from '../../src/kernel/lungs/decideSeries.ts';
import { cropGrid } from '../../src/kernel/lungs/lungBox.ts';
import { gatherLungVoxels, textureBox } from '../../src/kernel/lungs/lungVoxels.ts';
import { createSession, type Session } from '../../src/kernel/session/session.ts';
import { TEXTURE_CLASSES } from '../../src/protocol/names.ts';
import { interactInBrowser } from './interactInBrowser.ts';
import { FOLLOW, LOAD, PARAMETER, writeScores } from './scores.ts';

const ROUNDS = 7;
const PATIENTS_SCORED = 1000;
const PATIENTS_MEASURED = 100;

const folder = mkdtempSync(join(tmpdir(), 'lungnb-bench-'));
try {
  await parameter();
  voxels();
  await notebook();
  await interactInBrowser(folder, PATIENTS_SCORED);
} finally {
  rmSync(folder, { recursive: true });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function print(what: string, milliseconds: number, from: string, fromStart: number): void {
  console.log(
    `${what}: ${milliseconds.toFixed(0)} ms; ${from}: ${fromStart.toFixed(0)} ms (${(fromStart / milliseconds).toFixed(1)} times)`,
  );
}

function start(): Session {
  const options = {
    notebookFolder: folder,
    cacheFolder: MEASUREMENT_CACHE,
    modelFolders: [join(SAMPLES, '../models')],
  };
  return createSession({ ...options, parameters: {} }, { progress: () => {}, output: () => {} });
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

async function runCells(session: Session, sources: readonly string[], first = 0): Promise<void> {
  for (const [n, source] of sources.entries()) {
    const { problem } = await session.runCell({ cellId: String(first + n), source });
    if (problem) throw new Error(`${source}: ${problem.message}`);
  }
}

/** Scores at a moved cut, all agreement with intervals, and the forest plot, of 1000 patients in 36 pairs of class and region. */
async function parameter(): Promise<void> {
  writeScores(folder, PATIENTS_SCORED);
  const session = start();
  const all = await seconds(() => runCells(session, [PARAMETER, ...LOAD, ...FOLLOW]));
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await runCells(session, [`param cut = ${20 + round} in 0..100`]);
    times.push(await seconds(() => runCells(session, FOLLOW, 3)));
  }
  await session.close();
  print(`a parameter moved, ${PATIENTS_SCORED} patients, to the forest plot`, median(times), 'with loading', all);
}

/** Two ellipsoids of five litres in 512 × 512 × 300 voxels of 0.7 × 0.7 × 1 mm, with probabilities that change smoothly, as networks give them. */
function voxels(): void {
  const size = [512, 512, 300] as const;
  const affine = [0.7, 0, 0, 0, 0, 0.7, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const labels = new Uint8Array(512 * 512 * 300);
  for (let k = 0, v = 0; k < 300; k++)
    for (let j = 0; j < 512; j++)
      for (let i = 0; i < 512; i++, v++) {
        const x = (Math.abs(i - 256) - 105) / 75;
        if (x * x + ((j - 256) / 130) ** 2 + ((k - 150) / 125) ** 2 < 1)
          labels[v] = i < 256 ? 1 + (k % 3) : 4 + (k % 2);
      }
  const lobes = { size, affine, labels };
  const random = createRandom('bench voxels');
  const box = textureBox(lobes)!;
  const grid = respacedGrid(cropGrid(lobes, box), [0.8, 0.8, 1]);
  const [mx, my, mz] = grid.size;
  const count = mx * my * mz;
  const waves = TEXTURE_CLASSES.map(() => [0, 1, 2].map(() => random.between(0.03, 0.13)));
  const bytes = new Uint8Array(waves.length * count);
  for (let z = 0, v = 0; z < mz; z++)
    for (let y = 0; y < my; y++)
      for (let x = 0; x < mx; x++, v++) {
        const parts = waves.map(([a, b, c], n) => Math.exp(2.5 * Math.sin(a! * x + b! * y + c! * z + n)));
        const whole = parts.reduce((sum, part) => sum + part, 0);
        for (let c = 0; c < parts.length; c++) bytes[c * count + v] = (255 * parts[c]!) / whole;
      }
  const hu = new Int16Array(labels.length).fill(-860);
  const begin = performance.now();
  const gathered = gatherLungVoxels(lobes, { ...grid, bytes }, hu);
  const gather = performance.now() - begin;
  const decisions = { thresholds: { honeycombing: 0.5 }, emphysemaBelowHu: -950, minimumMl: 0.1, overlaps: [] };
  const times = Array.from({ length: ROUNDS }, (_, round) => {
    const from = performance.now();
    decideSeries(gathered, { ...decisions, thresholds: { honeycombing: 0.4 + round / 50 } }, false);
    return performance.now() - from;
  });
  const litres = (gathered.lobes.length * 0.49) / 1e6;
  print(
    `voxels decided anew, ${litres.toFixed(1)} l of lung in 512 × 512 × 300`,
    median(times),
    'gathered at first',
    gather,
  );
}

/** 100 patients who share the files of a sample, so that one is measured and all are read. */
async function notebook(): Promise<void> {
  const from = join(SAMPLES, 'cohort', 'P01');
  for (let n = 0; n < PATIENTS_MEASURED; n++) {
    const to = join(folder, 'cohort', `P${n}`);
    mkdirSync(to, { recursive: true });
    for (const file of readdirSync(from)) linkSync(join(from, file), join(to, file));
  }
  // Told apart by the manifest alone: their files say that they are one person.
  const rows = Array.from({ length: PATIENTS_MEASURED }, (_, n) => `P${n},cohort/P${n}`);
  writeFileSync(join(folder, 'manifest.csv'), ['patient,path', ...rows].join('\n'));
  const cells = ['load "manifest.csv" as cohort', 'quantify cohort as ai', 'summarise ai by region'];
  const session = start();
  const first = await seconds(() => runCells(session, cells));
  const again: number[] = [];
  for (let round = 0; round < 3; round++) again.push(await seconds(() => runCells(session, cells)));
  await session.close();
  const fresh = start();
  const other = await seconds(() => runCells(fresh, cells));
  await fresh.close();
  print(`an unchanged notebook of ${PATIENTS_MEASURED} patients, run again`, median(again), 'at first', first);
  console.log(`  the same in another kernel: ${other.toFixed(0)} ms`);
}
