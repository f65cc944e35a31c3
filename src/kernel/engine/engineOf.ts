/** The engine that the options of a kernel ask for. */
import { availableParallelism } from 'node:os';
import type { KernelOptions } from '../../protocol/kernelApi.ts';
import type { Engine } from '../values/engine.ts';
import type { MeasurementStore } from '../values/measurementStore.ts';
import { createJobEngine } from './jobEngine.ts';
import { localJobs } from './localJobs.ts';
import { slurm } from './slurm.ts';

/** Slurm’s own limit of an array is 1001 unless its administrator says otherwise. */
const TASKS_AT_MOST = 1000;

/** Undefined where the kernel measures by itself. */
export function engineOf(
  { engine, cacheFolder, cacheFrom = [], modelFolders }: KernelOptions,
  measurements: MeasurementStore,
): Engine | undefined {
  if (!engine || (engine.on === 'local' && engine.jobs === undefined)) return undefined;
  return createJobEngine({
    system: engine.on === 'slurm' ? slurm(engine.sbatch ?? []) : localJobs(engine.jobs ?? availableParallelism()),
    cacheFolder,
    cacheFrom,
    modelFolders,
    measurements,
    tasksAtMost: engine.on === 'slurm' ? (engine.arraySize ?? TASKS_AT_MOST) : Number.MAX_SAFE_INTEGER,
    noWait: engine.on === 'slurm' && engine.noWait === true,
  });
}
