/**
 * Measures the shipped models through the kernel itself: on simulated chests and on held-out lobe maps that no training saw,
 * and on real CT, which training never sees.
 * Use: npm run evaluate -- [--data FOLDER] [--phantoms 100] [--retests 6] [--output FOLDER] [--accept]
 * Writes results.json, tables.md and pictures; --accept puts the tables into the models' cards.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { acceptTables } from './cards.ts';
import { type Folders, type Job, measure, nameOfJob, type Results } from './jobs.ts';
import { heldOutMaps } from './lobeMaps.ts';
import { openModels } from './models.ts';
import { REAL_CASES, type RealCaseName } from './realCt.ts';
import { reliabilityPlot, tablesOf } from './tables.ts';

const PROJECT = join(import.meta.dirname, '..', '..');

if (isMainThread) await evaluate();
else await work(workerData as Folders);

async function evaluate(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: join(PROJECT, '..', 'shared', 'data') },
      models: { type: 'string', default: join(PROJECT, 'models') },
      output: { type: 'string', default: join(PROJECT, 'out', 'evaluation') },
      phantoms: { type: 'string', default: '100' },
      retests: { type: 'string', default: '6' },
      accept: { type: 'boolean', default: false },
    },
  });
  const { data, models, output, accept } = values;
  mkdirSync(output, { recursive: true });
  const jobs = planJobs(data, Number(values.phantoms), Number(values.retests));
  const results: Results = { real: [], patches: [], map: [], retest: [], phantom: [] };
  await runJobs(jobs, { models, data, output }, results);
  writeFileSync(join(output, 'results.json'), `${JSON.stringify(results, null, 1)}\n`);
  const tables = tablesOf(results);
  writeFileSync(
    join(output, 'tables.md'),
    `## lung-lobes\n\n${tables.lobes}\n\n## lung-texture\n\n${tables.textures}\n`,
  );
  const plot = results.phantom.length ? reliabilityPlot(results.phantom) : undefined;
  if (plot) writeFileSync(join(output, 'reliability.svg'), plot);
  if (accept) acceptTables(models, tables, plot);
  console.log(`${tables.lobes}\n\n${tables.textures}`);
}

/** The longest jobs come first, so that all workers end at about the same time. */
function planJobs(data: string, phantoms: number, retests: number): Job[] {
  const counted = (kind: 'phantom' | 'retest', count: number) =>
    Array.from({ length: count }, (_, index): Job => ({ kind, index }));
  const real: Job[] = existsSync(join(data, 'ct'))
    ? Object.keys(REAL_CASES).map((name) => ({ kind: 'real', name: name as RealCaseName }))
    : [];
  const maps = existsSync(join(data, 'lobes'))
    ? heldOutMaps(join(data, 'lobes')).flatMap((file): Job[] => [
        { kind: 'map', file, deformed: false },
        { kind: 'map', file, deformed: true },
      ])
    : [];
  const patches: Job[] = existsSync(join(data, 'textures')) ? [{ kind: 'patches' }] : [];
  if (!real.length || !maps.length || !patches.length)
    console.log(`${data} does not hold all of ct, lobes and textures: what it lacks is left out.`);
  return [...counted('retest', retests), ...real, ...patches, ...maps, ...counted('phantom', phantoms)];
}

/** Every core takes the next job as soon as it is free; results are kept in the order of the jobs. */
async function runJobs(jobs: readonly Job[], folders: Folders, results: Results): Promise<void> {
  const found: Results[Job['kind']][] = [];
  let next = 0;
  let done = 0;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(import.meta.filename, { workerData: folders });
      const assign = () => {
        if (next < jobs.length) worker.postMessage({ number: next, job: jobs[next++] });
        else void worker.terminate().then(() => resolve());
      };
      worker.on('error', reject);
      worker.on('message', ({ number, rows }: { number: number; rows: Results[Job['kind']] }) => {
        found[number] = rows;
        console.log(`${++done} of ${jobs.length}: ${nameOfJob(jobs[number]!)}`);
        assign();
      });
      assign();
    });
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), jobs.length) }, one));
  for (const [number, rows] of found.entries()) (results[jobs[number]!.kind] as unknown[]).push(...rows);
}

async function work(folders: Folders): Promise<void> {
  const port = parentPort!;
  const models = await openModels(folders.models);
  port.on('message', async ({ number, job }: { number: number; job: Job }) => {
    port.postMessage({ number, rows: await measure(job, models, folders) });
  });
}
