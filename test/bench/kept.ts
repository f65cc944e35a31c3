/**
 * `npm run bench -- kept [PATIENTS]`: a notebook of 10 000 CTs that were all measured before: what each verb takes of
 * processor and memory where results come from the cache, and what its file has when it is saved. The CTs are files of a few
 * kilobytes, and the cache holds for each what one sample CT measures to.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT, SAMPLES } from '../../scripts/lib/project.ts';
import { concurrently } from '../../src/kernel/base/concurrently.ts';
import { createRandom } from '../../src/kernel/base/random.ts';
import { unattended } from '../../src/kernel/base/task.ts';
import { usedSeries } from '../../src/kernel/ct/cohort/seriesChoice.ts';
import { discoverCohort } from '../../src/kernel/ct/files/discover.ts';
import { axisAlignedAffine } from '../../src/kernel/ct/geometry/volume.ts';
import { findModel } from '../../src/kernel/inference/model.ts';
import { createImageService, type ImageService } from '../../src/kernel/lungs/imageService.ts';
import { createMeasurementCache } from '../../src/kernel/session/measurementCache.ts';
import { createSession } from '../../src/kernel/session/session.ts';
import { digestOf, measuredTables, measurementKey } from '../../src/kernel/values/measuredSeries.ts';
import { MEASUREMENTS_FOLDER } from '../../src/protocol/kernelApi.ts';
import { LOBAR_REGIONS, TEXTURE_CLASSES } from '../../src/protocol/names.ts';
import type { NotebookOutput } from '../../src/protocol/notebook.ts';
import { collectProvenance, formatNotebook } from '../../src/protocol/notebookFile.ts';
import { niftiFile } from '../unit/ct/helpers.ts';

const patients = Number(process.argv.slice(2).find((written) => /^\d+$/.test(written)) ?? 10_000);
const MODELS = join(PROJECT, 'models');
const CELLS = [
  'load "cohort" as cohort',
  'load "reader.csv" as reader',
  'describe cohort',
  'quantify cohort as ai',
  'quantify cohort as again',
  'summarise ai by region',
  'param cut = 25 in 0..100',
  'score ai at 1, cut, 50, 75 as scored',
  'agree scored with reader by region weights linear as ag',
  'plot ag as scatter',
  'plot ag as confusion',
  'plot ag as forest',
  'plot ai as box',
  'agree scored with reader by region weights linear ci bootstrap 2000 as sampled',
];
/** The cells that follow the parameter. */
const FOLLOWING = CELLS.slice(7, 10);

const folder = mkdtempSync(join(tmpdir(), 'lungnb-bench-'));
try {
  await keptNotebook();
} finally {
  rmSync(folder, { recursive: true });
}

async function keptNotebook(): Promise<void> {
  makeCohort();
  await fillCache();
  const outputs = new Map<string, NotebookOutput[]>();
  const session = createSession(
    { notebookFolder: folder, cacheFolder: join(folder, 'cache'), modelFolders: [MODELS], parameters: {} },
    {
      progress: () => {},
      output: ({ cellId, view, text }) => void outputs.set(cellId, [...(outputs.get(cellId) ?? []), { view, text }]),
    },
  );
  const run = async (cellId: string, source: string) => {
    outputs.delete(cellId);
    const [start, began] = [process.cpuUsage(), performance.now()];
    const { problem } = await session.runCell({ cellId, source });
    if (problem) throw new Error(`${source}: ${problem.message}`);
    const { user, system } = process.cpuUsage(start);
    return { processor: (user + system) / 1e6, clock: (performance.now() - began) / 1000 };
  };
  const rows: Record<string, object> = {};
  for (const [n, source] of CELLS.entries()) {
    const { processor, clock } = await run(String(n), source);
    rows[source] = {
      'processor, s': Number(processor.toFixed(2)),
      'clock, s': Number(clock.toFixed(2)),
      'output, MB': Number((JSON.stringify(outputs.get(String(n)) ?? []).length / 1e6).toFixed(2)),
      'memory, MB': Math.round(process.memoryUsage().rss / 1e6),
    };
  }
  await run('6', 'param cut = 31 in 0..100');
  let moved = 0;
  for (const [n, source] of FOLLOWING.entries()) moved += (await run(String(7 + n), source)).processor;
  await session.close();
  console.log(`${patients} CTs that were measured before`);
  console.table(rows);
  console.log(`a parameter moved, to the figure: ${moved.toFixed(2)} s of processor`);
  const cells = CELLS.map((source, n) => ({
    kind: 'code' as const,
    source: [source],
    outputs: outputs.get(String(n)) ?? [],
  }));
  const provenance = collectProvenance(cells);
  const whole = { lungnb: 1, cells, ...(provenance && { provenance }) };
  const start = process.cpuUsage();
  const text = formatNotebook(whole);
  const { user } = process.cpuUsage(start);
  const mb = (of: string) => (Buffer.byteLength(of) / 1e6).toFixed(1);
  console.log(
    `saved: ${mb(text)} MB in ${(user / 1e6).toFixed(1)} s; without the limit ${mb(formatNotebook(whole, Infinity))} MB`,
  );
  console.log(`most memory: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
}

function makeCohort(): void {
  const size = [16, 16, 24] as const;
  const hu = Int16Array.from({ length: 16 * 16 * 24 }, (_, p) => (p % 3 ? -850 : 40) + (p % 29));
  hu.fill(-1000, 0, hu.length / 4);
  const affine = axisAlignedAffine([20, 20, 12], [0, 0, 0]);
  mkdirSync(join(folder, 'cohort'));
  const random = createRandom('bench kept');
  const scores = ['patient,region,class,score'];
  for (let n = 0; n < patients; n++) {
    // Each is another CT.
    hu[hu.length - 1] = n % 3000;
    hu[hu.length - 2] = Math.floor(n / 3000);
    writeFileSync(join(folder, 'cohort', `P${n}.nii`), niftiFile({ size, affine, hu }, 1));
    for (const region of LOBAR_REGIONS)
      for (const name of TEXTURE_CLASSES) scores.push(`P${n},${region},${name},${Math.floor(random() * 5)}`);
  }
  writeFileSync(join(folder, 'reader.csv'), scores.join('\n'));
}

/** What a sample measures to, for each CT with other percentages. */
async function fillCache(): Promise<void> {
  const measurements = createMeasurementCache(join(folder, 'cache', MEASUREMENTS_FOLDER), {
    limitBytes: Number.POSITIVE_INFINITY,
  });
  const real = createImageService({ volumesKept: 1 });
  const models = {
    lobes: await findModel([MODELS], 'lung-lobes', 'lobes'),
    textures: await findModel([MODELS], 'lung-texture', 'textures'),
  };
  const sample = (await discoverCohort(join(SAMPLES, 'cohort', 'P05'), unattended)).patients[0]!.series[0]!;
  const opened = await real.open(sample, unattended);
  const measured = await real.quantify({ series: sample, sha256: opened.sha256 }, models, unattended);
  const random = createRandom('bench kept measurements');
  const grid = { size: [1, 1, 1] as const, affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
  const labels = { ...grid, labels: new Uint8Array(1) };
  const images: ImageService = {
    ...real,
    async quantify() {
      const measurements = measured.measurements.map((row) => ({
        ...row,
        percent: Math.min(100, Math.exp(random.normal() * 2)),
      }));
      return {
        ...measured,
        measurements,
        lobes: labels,
        textures: labels,
        probabilities: { ...grid, bytes: new Uint8Array(1) },
      };
    },
  };
  const cohort = await discoverCohort(join(folder, 'cohort'), unattended);
  const cts = cohort.patients.flatMap((patient) =>
    usedSeries(patient).map((series) => ({ patient: patient.id, series })),
  );
  const context = { images, measurements, task: unattended };
  await concurrently(cts, 4, unattended.signal, async (ct) => {
    const { sha256 } = await digestOf(ct.series, context);
    const cacheKey = measurementKey(sha256, models);
    await measuredTables({ ...ct, sha256, cacheKey, models, decisions: undefined }, context);
  });
  await real.close();
}
