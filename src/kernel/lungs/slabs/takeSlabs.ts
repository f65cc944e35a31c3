/** Threads share the slices of a CT: each takes some, and when it is done with them the next that nobody has taken. */
import { SLAB_JOBS, type SlabJobName, type SlabJobs, type SlabWork } from './slabJobs.ts';

/** So few that threads end about together, and so many that taking them costs nothing. */
const SLICES = 4;

/** What the threads know of each other, in shared memory. */
export interface Slabs {
  readonly slices: number;
  /** The first slice that nobody has taken, and the number of slices that are done. */
  readonly taken: Int32Array;
}

const [NEXT, DONE] = [0, 1];

export function planSlabs(slices: number): Slabs {
  return { slices, taken: new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) };
}

/** Works until no slice is left to be taken; others may still be at work on theirs. */
export function takeSlabs<N extends SlabJobName>(name: N, given: SlabJobs[N], { slices, taken }: Slabs): void {
  let work: SlabWork | undefined;
  for (;;) {
    const from = Atomics.add(taken, NEXT, SLICES);
    if (from >= slices) return;
    work ??= SLAB_JOBS[name](given);
    const to = Math.min(slices, from + SLICES);
    work({ from, to });
    Atomics.add(taken, DONE, to - from);
  }
}

export function areDone({ slices, taken }: Slabs): boolean {
  return Atomics.load(taken, DONE) === slices;
}
