/** What runs the tasks of a job: Slurm, or processes on this computer. */

/** A job's files, and how many tasks it has. */
export interface JobFiles {
  readonly folder: string;
  /** A list for each task. */
  readonly lists: string;
  readonly results: string;
  readonly logs: string;
  readonly cacheFolder: string;
  /** Caches that are read and never written. */
  readonly cacheFrom: readonly string[];
  /** Numbered from 1. */
  readonly tasks: number;
}

export type ActiveState = 'waiting' | 'running';

/** How a task ended. */
export interface Ended {
  /** In Slurm's words: COMPLETED, FAILED, TIMEOUT, OUT_OF_MEMORY, CANCELLED, NODE_FAIL … */
  readonly state: string;
  /** The code or signal of a failure, as far as it is known. */
  readonly how: string;
  /** The computer, as far as it is known. */
  readonly node: string;
}

export interface BatchSystem {
  /** As messages call it. */
  readonly name: string;
  /** At most so many tasks in one job, as the system is set up; undefined where it does not say. */
  mostTasks(): Promise<number | undefined>;
  /**
   * Starts those tasks, elsewhere than on the computers to `avoid` where there are others; gives the job's number. Throws
   * a UserError with the system's own words where it will not.
   */
  submit(files: JobFiles, tasks: readonly number[], avoid: readonly string[]): Promise<string>;
  /** The tasks of a job that wait or run; undefined where the system does not answer. */
  active(job: string): Promise<ReadonlyMap<number, ActiveState> | undefined>;
  /** How those tasks of a job ended, as far as it is still known; others may stand beside them. */
  ended(job: string, tasks: readonly number[]): Promise<ReadonlyMap<number, Ended>>;
  cancel(job: string): Promise<void>;
}
