/**
 * Tries every flag that a measured CT can have on the real CTs at hand, as they are and spoilt in ways that are known:
 * how often it is said where it should not be, and where it should.
 * Use: node models/evaluation/flags/flags.ts [--data FOLDER] [--models FOLDER] [--chests NAME,…] [--spoilings NAME,…]
 *      [--keep FOLDER] [--output FOLDER] [--accept]
 * Writes flags.json and flags.md; --accept puts the tables into docs/flags.md. CTs that are missing are left out, and
 * said. --spoilings takes the beginnings of names, and --keep keeps what the network said for the next time.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { findModel, openModel } from '../../../src/kernel/inference/model.ts';
import { switchTelemetryOff } from '../../../src/kernel/inference/telemetryOff.ts';
import { CHESTS, type Chest } from './chests.ts';
import { SPOILINGS } from './spoil.ts';
import { type Case, tablesOfFlags } from './tables.ts';
import { tryChest } from './tryChest.ts';

const PROJECT = join(import.meta.dirname, '..', '..', '..');
const [BEGIN, END] = ['<!-- flags: written by models/evaluation/flags/flags.ts --accept -->', '<!-- end of flags -->'];

interface Folders {
  readonly models: string;
  readonly data: string;
  readonly keep: string | undefined;
  readonly spoilings: string;
}

if (isMainThread) await tryFlags();
else await work(workerData as Folders);

async function tryFlags(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: join(PROJECT, '..', 'shared', 'data') },
      models: { type: 'string', default: join(PROJECT, 'models') },
      chests: { type: 'string', default: CHESTS.map(({ name }) => name).join() },
      output: { type: 'string', default: join(PROJECT, 'out', 'evaluation') },
      spoilings: { type: 'string', default: '' },
      keep: { type: 'string' },
      accept: { type: 'boolean', default: false },
    },
  });
  const { data, models, output, keep, spoilings } = values;
  if (keep) mkdirSync(keep, { recursive: true });
  const wanted = CHESTS.filter(({ name }) => values.chests.split(',').includes(name));
  const chests = wanted.filter(({ file }) => existsSync(join(data, file)));
  for (const { file } of wanted) if (!existsSync(join(data, file))) console.log(`${file} is missing and left out.`);
  if (chests.length === 0) return;
  const cases = await runChests(chests, { data, models, keep, spoilings });
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'flags.json'), `${JSON.stringify(cases, null, 1)}\n`);
  const { version } = (await openModel(await findModel([models], 'lung-lobes', 'lobes'), 1)).manifest;
  const tables = tablesOfFlags(chests, cases, `lung-lobes ${version}`);
  writeFileSync(join(output, 'flags.md'), tables);
  if (values.accept) acceptTables(tables);
  console.log(tables);
}

function acceptTables(tables: string): void {
  const file = join(PROJECT, 'docs', 'flags.md');
  const text = readFileSync(file, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${file} lacks the marks "${BEGIN}" and "${END}"`);
  writeFileSync(file, `${text.slice(0, begin + BEGIN.length)}\n${tables}\n${text.slice(end)}`);
}

/** Every core takes the next chest as soon as it is free; cases are kept in the order of the chests. */
async function runChests(chests: readonly Chest[], folders: Folders): Promise<Case[]> {
  switchTelemetryOff();
  const found: Case[][] = [];
  let next = 0;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(import.meta.filename, { workerData: folders });
      const assign = () => {
        if (next < chests.length) worker.postMessage({ number: next, chest: chests[next++] });
        else void worker.terminate().then(() => resolve());
      };
      worker.on('error', reject);
      worker.on('message', ({ number, cases }: { number: number; cases: Case[] }) => {
        found[number] = cases;
        console.log(`${chests[number]!.name}: ${cases.length} cases`);
        assign();
      });
      assign();
    });
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), chests.length) }, one));
  return found.flat();
}

async function work({ models, data, keep, spoilings }: Folders): Promise<void> {
  const port = parentPort!;
  const model = await openModel(await findModel([models], 'lung-lobes', 'lobes'), 1);
  const begins = spoilings.split(',');
  const chosen = SPOILINGS.filter(({ name }, n) => n === 0 || begins.some((begin) => name.startsWith(begin)));
  port.on('message', async ({ number, chest }: { number: number; chest: Chest }) => {
    port.postMessage({ number, cases: await tryChest(chest, join(data, chest.file), { model, kept: keep }, chosen) });
  });
}
