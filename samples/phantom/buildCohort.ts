/**
 * Makes samples/cohort (DICOM, not in git) unless it is there and up to date, and checks it against the committed truth.
 * Use: node samples/phantom/buildCohort.ts [--into FOLDER] [--accept]
 * FOLDER has the samples' tables and gets the cohort; --accept rewrites truth.csv and the readers' scores.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { writeDicomSeries } from './dicom.ts';
import { drawPatient } from './drawPatient.ts';
import { SAMPLE_PATIENTS, type SamplePatient } from './patients.ts';
import { reader1Csv, reader2Csv } from './readers.ts';
import { measureTruth, type TruthRow, truthCsv } from './truth.ts';

const here = dirname(fileURLToPath(import.meta.url));
const { into: samples, accept } = optionsOf(isMainThread ? process.argv.slice(2) : workerData);
const cohort = join(samples, 'cohort');
const stampFile = join(cohort, '.stamp');

function optionsOf(args: string[]) {
  const options = {
    into: { type: 'string', default: dirname(here) },
    accept: { type: 'boolean', default: false },
  } as const;
  return parseArgs({ args, options, strict: false }).values as { into: string; accept: boolean };
}

function buildPatient(patient: SamplePatient): TruthRow[] {
  const chest = drawPatient(patient);
  writeDicomSeries(join(cohort, patient.id), chest.volume, {
    patientId: patient.id,
    manufacturer: patient.manufacturer,
    convolutionKernel: patient.scanner.convolutionKernel,
    sliceThicknessMm: patient.sliceSpacingMm,
  });
  return measureTruth(patient.id, chest);
}

/** Changes whenever the generator does. */
function stampOfGenerator(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(here).sort()) hash.update(readFileSync(join(here, file)));
  return hash.digest('hex');
}

async function build(): Promise<void> {
  const stamp = stampOfGenerator();
  if (!accept && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    console.log('Sample cohort: up to date.');
    return;
  }
  rmSync(cohort, { recursive: true, force: true });
  mkdirSync(cohort, { recursive: true });
  const rows = await drawInParallel();
  if (accept) {
    writeFileSync(join(samples, 'truth.csv'), truthCsv(rows));
    writeFileSync(join(samples, 'reader1.csv'), reader1Csv(rows));
    writeFileSync(join(samples, 'reader2.csv'), reader2Csv(rows));
  } else if (readFileSync(join(samples, 'truth.csv'), 'utf8') !== truthCsv(rows))
    throw new Error(
      'samples/truth.csv is not what the generator draws; run `node samples/phantom/buildCohort.ts --accept`.',
    );
  writeFileSync(stampFile, stamp);
}

function drawInParallel(): Promise<TruthRow[]> {
  const waiting = SAMPLE_PATIENTS.map((_, index) => index);
  const rows: TruthRow[][] = [];
  const next = (worker: Worker) => {
    const index = waiting.shift();
    if (index === undefined) void worker.terminate();
    else worker.postMessage(index);
  };
  return new Promise((resolve, reject) => {
    for (let n = 0; n < Math.min(availableParallelism(), SAMPLE_PATIENTS.length); n++) {
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: process.argv.slice(2) });
      worker.on('error', reject);
      worker.on('message', ({ index, truth }: { index: number; truth: TruthRow[] }) => {
        rows[index] = truth;
        const done = Object.keys(rows).length;
        console.log(`Sample cohort: drew ${SAMPLE_PATIENTS[index]!.id} (${done} of ${SAMPLE_PATIENTS.length}).`);
        if (done === SAMPLE_PATIENTS.length) resolve(rows.flat());
        next(worker);
      });
      next(worker);
    }
  });
}

if (!isMainThread && parentPort) {
  const port = parentPort;
  port.on('message', (index: number) => port.postMessage({ index, truth: buildPatient(SAMPLE_PATIENTS[index]!) }));
} else if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
