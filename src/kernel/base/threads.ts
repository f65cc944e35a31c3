/** How many threads a computation may take: those of the computer, unless a job or a user allows fewer. */
import { availableParallelism } from 'node:os';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

const KEY = 'lungnb-threads';

/** Holds for this thread and those that it starts later. */
export function limitThreads(threads: number): void {
  setEnvironmentData(KEY, threads);
}

export function threadsAllowed(): number {
  const limit = getEnvironmentData(KEY);
  const there = availableParallelism();
  return typeof limit === 'number' ? Math.min(limit, there) : there;
}
