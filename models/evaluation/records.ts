/** What has been measured so far of a set of weights, kept in `results.json`: an evaluation can be done in parts, and go on. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { MEASURING_CODE } from '../../src/kernel/lungs/measuringCode.ts';
import { type Job, nameOfJob, noResults, type Results } from './jobs.ts';
import type { Weights } from './seen.ts';

export type Rows = Results[Job['kind']];

export interface Records {
  readonly weights: Weights;
  /** Of the program's code that turns a CT into measurements. */
  readonly code: string;
  /** By the job's name. */
  readonly measured: Readonly<Record<string, Rows>>;
}

export function noRecords(weights: Weights): Records {
  return { weights, code: MEASURING_CODE, measured: {} };
}

/** What a file holds of the same weights and the same measuring code; of others it counts for nothing. */
export function keptRecords(file: string, weights: Weights): Records {
  if (!existsSync(file)) return noRecords(weights);
  // SAFETY: written by `writeRecords`; what JSON cannot say (undefined, as of a lobe in neither map) it says as null.
  const kept = JSON.parse(readFileSync(file, 'utf8'), (_, value: unknown) => value ?? undefined) as Records;
  const same = (one: Weights) => [one.lobes.sha256, one.textures.sha256].join();
  if (kept.code === MEASURING_CODE && same(kept.weights) === same(weights)) return kept;
  console.log(`${file} is of other weights or other code, and begins anew.`);
  return noRecords(weights);
}

export function writeRecords(file: string, records: Records): void {
  writeFileSync(file, `${JSON.stringify(records, null, 1)}\n`);
}

export function withRows(records: Records, job: Job, rows: Rows): Records {
  return { ...records, measured: { ...records.measured, [nameOfJob(job)]: rows } };
}

export function isMeasured({ measured }: Records, job: Job): boolean {
  return nameOfJob(job) in measured;
}

/** The results of those jobs that were measured, in the order of the jobs. */
export function resultsOf({ measured }: Records, jobs: readonly Job[]): Results {
  const results = noResults();
  // SAFETY: the rows of a job are of its kind, as `measure` gave them.
  for (const job of jobs) (results[job.kind] as unknown[]).push(...(measured[nameOfJob(job)] ?? []));
  return results;
}
