/**
 * `npm run bench -- cohort [ROUNDS]`: CTs per hour, several at once against one after the other, on two threads, in turn
 * and in one run; with the processor’s time and the most memory of either.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT, SAMPLES } from '../../scripts/lib/project.ts';
import { unattended } from '../../src/kernel/base/task.ts';
import { limitThreads } from '../../src/kernel/base/threads.ts';
import { usedSeries } from '../../src/kernel/ct/cohort/seriesChoice.ts';
import { discoverCohort } from '../../src/kernel/ct/files/discover.ts';
import { measureCts } from '../../src/kernel/engine/measureCts.ts';
import { findModel } from '../../src/kernel/inference/model.ts';
import { networkBytes } from '../../src/kernel/inference/networkMemory.ts';
import { bytesToMeasure } from '../../src/kernel/lungs/atOnce.ts';
import { createImageService } from '../../src/kernel/lungs/imageService.ts';
import { createMeasurementCache } from '../../src/kernel/session/measurementCache.ts';
import type { CtToMeasure } from '../../src/kernel/values/engine.ts';

const ROUNDS = Number(process.argv[3] ?? 2);
const THREADS = 2;
const LOOK_MS = 100;

limitThreads(THREADS);
const { patients } = await discoverCohort(join(SAMPLES, 'cohort'), unattended);
const cts = patients.flatMap((patient) => usedSeries(patient).map((series) => ({ patient: patient.id, series })));
const folders = [join(PROJECT, 'models')];
const models = {
  lobes: await findModel(folders, 'lung-lobes', 'lobes'),
  textures: await findModel(folders, 'lung-texture', 'textures'),
};
/** As much as one of the CTs needs: a second one has to wait. */
const networks = await networkBytes(Object.values(models));
const forOne = Math.max(...cts.map(({ series }) => bytesToMeasure(series.size, networks)));

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The most that the process had in the first half of the CTs, and in the second. */
  readonly peakMb: readonly [number, number];
}

const modes = { 'one after the other': forOne, 'several at once': undefined };
const runs = new Map<string, Run[]>();
for (let round = 0; round < ROUNDS; round++)
  for (const [mode, memoryBytes] of Object.entries(modes))
    runs.set(mode, [...(runs.get(mode) ?? []), await measured(memoryBytes)]);

const perHour = (mode: string) =>
  (cts.length * ROUNDS * 3600) / runs.get(mode)!.reduce((sum, { seconds }) => sum + seconds, 0);
const [alone, together] = Object.keys(modes).map(perHour);
console.log(`${cts.length} CTs, ${ROUNDS} rounds in turn, ${THREADS} threads`);
console.table(
  Object.keys(modes).map((mode) => {
    const all = runs.get(mode)!;
    return {
      mode,
      'CTs per hour': Math.round(perHour(mode)),
      'CPU s per CT': Number((Math.min(...all.map(({ cpuSeconds }) => cpuSeconds)) / cts.length).toFixed(1)),
      'cores used': Number(
        (all.reduce((sum, r) => sum + r.cpuSeconds, 0) / all.reduce((sum, r) => sum + r.seconds, 0)).toFixed(2),
      ),
      'peak MB, first half': Math.max(...all.map(({ peakMb }) => peakMb[0])),
      'second half': Math.max(...all.map(({ peakMb }) => peakMb[1])),
    };
  }),
);
console.log(`ratio ${(together! / alone!).toFixed(2)}`);

async function measured(memoryBytes: number | undefined): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'lungnb-cohort-'));
  const images = createImageService({ volumesKept: 1 });
  const measurements = createMeasurementCache(folder, { limitBytes: Number.POSITIVE_INFINITY });
  const measuring = {
    meansOf: () => models,
    images,
    measurements,
    task: unattended,
    ...(memoryBytes && { memoryBytes }),
  };
  const peak: [number, number] = [0, 0];
  let told = 0;
  const look = setInterval(() => {
    const half = told < cts.length / 2 ? 0 : 1;
    peak[half] = Math.max(peak[half], Math.round(process.memoryUsage.rss() / 1e6));
  }, LOOK_MS);
  try {
    await all(cts.slice(0, 1), measuring);
    rmSync(folder, { recursive: true });
    const start = performance.now();
    const before = process.cpuUsage();
    await all(cts, measuring, () => told++);
    const { user, system } = process.cpuUsage(before);
    return { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6, peakMb: peak };
  } finally {
    clearInterval(look);
    await images.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function all(
  some: readonly CtToMeasure[],
  measuring: Parameters<typeof measureCts>[1],
  tell: () => void = () => {},
): Promise<void> {
  await measureCts(some, measuring, {
    done: async (_, { state, message }) => {
      if (state !== 'measured') throw new Error(`a CT was not measured: ${message ?? state}`);
    },
    tell,
  });
}
