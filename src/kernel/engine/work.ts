/** The folder of a job: the lists of its tasks, script, results and logs, and the numbers of the jobs that were submitted for it. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../files/makeFolder.ts';
import { orMissing } from '../../files/systemError.ts';
import { writeAtomically } from '../../files/writeAtomically.ts';
import type { Measuring } from '../lungs/means.ts';
import type { CtToMeasure } from '../values/engine.ts';
import { resultKey } from '../values/handles.ts';
import { measurementKey } from '../values/measuredSeries.ts';
import type { JobFiles } from './batchSystem.ts';
import { numberedFile } from './numberedFile.ts';
import { partOf } from './shard.ts';
import { workListOf } from './workList.ts';

/** Beside the measured CTs in the cache's folder. */
const JOBS_FOLDER = 'jobs';
const SUBMISSIONS = 'submissions.json';

export interface Work {
  readonly files: JobFiles;
  /** Numbers of jobs, the earliest first: those of earlier kernels, too. */
  jobs(): readonly string[];
  add(job: string): Promise<void>;
}

export interface WorkAsked {
  readonly cts: readonly CtToMeasure[];
  readonly meansOf: (ct: CtToMeasure) => Measuring;
  readonly modelFolders: readonly string[];
  readonly cacheFolder: string;
  readonly cacheFrom: readonly string[];
  /** The CTs are shared out among so many tasks. */
  readonly tasks: number;
}

/** The same CTs, models, masks and code lead to the same folder, so that a later kernel finds what an earlier one submitted. */
export async function openWork(asked: WorkAsked): Promise<Work> {
  const { cacheFolder, cacheFrom, tasks } = asked;
  const name = resultKey('jobs', asked.modelFolders, tasks, digestOfCts(asked)).slice(0, 16);
  const folder = join(cacheFolder, JOBS_FOLDER, name);
  const files = {
    folder,
    cacheFolder,
    cacheFrom,
    tasks,
    lists: join(folder, 'lists'),
    results: join(folder, 'results'),
    logs: join(folder, 'logs'),
  };
  for (const path of [files.lists, files.results, files.logs]) await makeFolder(path, 0o700);
  await writeLists(files, asked);
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

/** CT by CT: all slices of 100 000 CTs are more than one text can hold. */
function digestOfCts({ cts, meansOf }: WorkAsked): string {
  const hash = createHash('sha256');
  for (const ct of cts) hash.update(JSON.stringify([ct, measurementKey('', meansOf(ct))])).update('\n');
  return hash.digest('hex');
}

/** A list for each task, so that none reads what the others measure. What is there already is the same. */
async function writeLists({ lists, tasks }: JobFiles, { cts, meansOf, modelFolders }: WorkAsked): Promise<void> {
  const shares = Map.groupBy(
    cts.map((ct, place) => ({ place, ...ct })),
    ({ place }) => partOf(place, tasks),
  );
  for (const [task, own] of shares) {
    const path = numberedFile(lists, task);
    if (await stat(path).catch(orMissing)) continue;
    await writeAtomically(path, JSON.stringify(workListOf(own, meansOf, modelFolders)), { mode: 0o600 });
  }
}
