/** The folder of a job: its list, script, results and logs, and the numbers of the jobs that were submitted for it. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { orMissing } from '../../files/systemError.ts';
import { writeAtomically } from '../../files/writeAtomically.ts';
import { resultKey } from '../values/measuredSeries.ts';
import type { JobFiles } from './batchSystem.ts';
import type { WorkList } from './workList.ts';

/** Beside the measured CTs in the cache's folder. */
const JOBS_FOLDER = 'jobs';
const SUBMISSIONS = 'submissions.json';

export interface Work {
  readonly files: JobFiles;
  /** Numbers of jobs, the earliest first: those of earlier kernels, too. */
  jobs(): readonly string[];
  add(job: string): Promise<void>;
}

/** The same CTs, models and code lead to the same folder, so that a later kernel finds what an earlier one submitted. */
export async function openWork(
  list: WorkList,
  digests: readonly unknown[],
  cacheFolder: string,
  tasks: number,
): Promise<Work> {
  const text = JSON.stringify(list);
  const folder = join(cacheFolder, JOBS_FOLDER, resultKey('jobs', digests, tasks, text).slice(0, 16));
  const files = {
    folder,
    cacheFolder,
    tasks,
    list: join(folder, 'list.json'),
    results: join(folder, 'results'),
    logs: join(folder, 'logs'),
  };
  for (const path of [files.results, files.logs]) await mkdir(path, { recursive: true, mode: 0o700 });
  await writeAtomically(files.list, text, { mode: 0o600 });
  const submissions = join(folder, SUBMISSIONS);
  const known = await readFile(submissions, 'utf8').catch(orMissing);
  // SAFETY: `add` alone writes this file, whole or not at all.
  const jobs = known === undefined ? [] : (JSON.parse(known) as string[]);
  return {
    files,
    jobs: () => jobs,
    async add(job) {
      jobs.push(job);
      await writeAtomically(submissions, JSON.stringify(jobs), { mode: 0o600 });
    },
  };
}
