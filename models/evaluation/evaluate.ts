/**
 * Measures the shipped models through the kernel itself: on real CT, on simulated chests and on held-out lobe maps.
 * Use: npm run evaluate -- [--data FOLDER] [--models FOLDER] [--only NAME,NAME] [--quick] [--phantoms 100] [--retests 6]
 *      [--keep] [--output FOLDER] [--pictures FOLDER] [--accept]
 * Writes results.json, tables.md and pictures; --keep measures only what results.json lacks of the same weights, and
 * --accept puts the tables into the models' cards once all is measured.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { acceptTables } from './cards.ts';
import { chooseJobs, type Folders, type Job, measure, nameOfJob, planJobs } from './jobs.ts';
import { openModels } from './models.ts';
import {
  isMeasured,
  keptRecords,
  noRecords,
  type Records,
  type Rows,
  resultsOf,
  withRows,
  writeRecords,
} from './records.ts';
import { reliabilityPlot } from './reliability.ts';
import { weightsOf } from './seen.ts';
import { tablesOf } from './tables.ts';

const PROJECT = join(import.meta.dirname, '..', '..');
/** What is left out of a quick look: it is drawn, or drawn upon. */
const SLOW: ReadonlySet<Job['kind']> = new Set(['phantom', 'retest', 'map']);

if (isMainThread) await evaluate();
else await work(workerData as Folders);

async function evaluate(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: join(PROJECT, '..', 'shared', 'data') },
      models: { type: 'string', default: join(PROJECT, 'models') },
      output: { type: 'string', default: join(PROJECT, 'out', 'evaluation') },
      pictures: { type: 'string' },
      phantoms: { type: 'string', default: '100' },
      retests: { type: 'string', default: '6' },
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      accept: { type: 'boolean', default: false },
    },
  });
  const { data, models, output, only, quick, keep, accept } = values;
  const folders = { models, data, pictures: values.pictures ?? output };
  const planned = planJobs(data, Number(values.phantoms), Number(values.retests));
  const chosen = only ? chooseJobs(planned, only.split(',')) : planned.filter(({ kind }) => !quick || !SLOW.has(kind));
  sayWhatLacks(data, planned);
  for (const folder of [output, folders.pictures]) mkdirSync(folder, { recursive: true });
  const weights = weightsOf(await openModels(models));
  const file = join(output, 'results.json');
  const before = keep ? keptRecords(file, weights) : noRecords(weights);
  const jobs = chosen.filter((job) => !isMeasured(before, job));
  const records = await runJobs(jobs, folders, before, file);
  writeTables(records, planned, output, accept ? models : undefined);
}

/** Tables and plot of all that was measured, into `output`, and into the cards of `cards` where that is given. */
function writeTables(records: Records, planned: readonly Job[], output: string, cards: string | undefined): void {
  const results = resultsOf(records, planned);
  const tables = tablesOf(results, records.weights);
  const text = `## lung-lobes\n\n${tables.lobes}\n\n## lung-texture\n\n${tables.textures}\n\n## What was to be reached\n\n${tables.goals}\n`;
  writeFileSync(join(output, 'tables.md'), text);
  const plot = results.phantom.length ? reliabilityPlot(results.phantom) : undefined;
  if (plot) writeFileSync(join(output, 'reliability.svg'), plot);
  console.log(`\n${text}`);
  if (!cards) return;
  const left = planned.filter((job) => !isMeasured(records, job));
  if (left.length)
    throw new Error(
      `The cards stay as they are: ${left.length} of ${planned.length} parts are not measured (${left.map(nameOfJob).join('; ')}). Measure them, too: npm run evaluate -- --keep --accept.`,
    );
  acceptTables(cards, tables, plot);
}

function sayWhatLacks(data: string, planned: readonly Job[]): void {
  const kinds = new Set(planned.map(({ kind }) => kind));
  const lacking = (['real', 'reference', 'chest', 'covid', 'patches', 'map'] as const).filter(
    (kind) => !kinds.has(kind),
  );
  if (lacking.length) console.log(`${data} does not hold all that is evaluated. Left out: ${lacking.join(', ')}.`);
}

/** Every core takes the next job as soon as it is free; what is measured is on the disk at once. */
async function runJobs(jobs: readonly Job[], folders: Folders, before: Records, file: string): Promise<Records> {
  let records = before;
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
      worker.on('message', ({ number, rows, seconds }: Answer) => {
        const job = jobs[number]!;
        records = withRows(records, job, rows);
        writeRecords(file, records);
        console.log(`${++done} of ${jobs.length}: ${nameOfJob(job)}, ${seconds.toFixed(0)} s`);
        assign();
      });
      assign();
    });
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), jobs.length) }, one));
  return records;
}

interface Answer {
  readonly number: number;
  readonly rows: Rows;
  readonly seconds: number;
}

async function work(folders: Folders): Promise<void> {
  const port = parentPort!;
  const models = await openModels(folders.models);
  port.on('message', async ({ number, job }: { number: number; job: Job }) => {
    const start = performance.now();
    const rows = await measure(job, models, folders);
    port.postMessage({ number, rows, seconds: (performance.now() - start) / 1000 } satisfies Answer);
  });
}
