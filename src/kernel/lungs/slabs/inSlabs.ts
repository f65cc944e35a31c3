/** Has the slices of a CT worked on by this thread and by others that help it, as many as a computation may take. */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { threadsAllowed } from '../../base/threads.ts';
import type { VoxelBox } from '../../ct/geometry/box.ts';
import { planResampling, type Resampled } from '../../ct/geometry/resample.ts';
import { isShared, sharedFloats } from '../../ct/geometry/sharedArrays.ts';
import type { Volume } from '../../ct/geometry/volume.ts';
import type { SlabJobName, SlabJobs } from './slabJobs.ts';
import type { SlabRequest } from './slabWorker.ts';
import { areDone, planSlabs, takeSlabs } from './takeSlabs.ts';

/** Beyond these, threads wait for memory rather than reckon. */
const MOST_HELPERS = 3;

let helpers: Piscina | undefined;

/** Started with the first CT; its threads end some seconds after the last. */
function pool(most: number): Piscina {
  helpers ??= new Piscina({
    filename: new URL(`./slabWorker${extname(fileURLToPath(import.meta.url))}`, import.meta.url).href,
    maxThreads: most,
    minThreads: 0,
    idleTimeout: 5000,
    // Between jobs a helper's thread is to go on: it frees what the last one took.
    atomics: 'disabled',
  });
  return helpers;
}

/**
 * Does a job on all slices of a grid; what comes of it does not depend on who does which. This thread goes alone where
 * `shared` is false: where large arrays of what is given do not lie in shared memory, each helper would fill a copy.
 */
export async function inSlabs<N extends SlabJobName>(
  name: N,
  given: SlabJobs[N],
  { slices, shared }: { readonly slices: number; readonly shared: boolean },
): Promise<void> {
  const slabs = planSlabs(slices);
  const most = shared ? Math.min(MOST_HELPERS, threadsAllowed() - 1) : 0;
  // SAFETY: the name and what is given come as a pair, which `SlabRequest` types by the same entry of SlabJobs.
  const request = { name, given, slabs } as unknown as SlabRequest;
  const helped = Promise.allSettled(Array.from({ length: most }, () => pool(most).run(request)));
  takeSlabs(name, given, slabs);
  // Of a helper that begins when all is done nobody has to hear, nor of one that did not begin and others took its part.
  if (areDone(slabs)) return;
  const failed = (await helped).find((each) => each.status === 'rejected');
  if (!areDone(slabs)) throw failed?.reason;
}

/** As `resampleVolume`, of a box where one is given; in shared memory. */
export async function resampleInSlabs(
  volume: Volume,
  spacing: readonly [number, number, number],
  box?: VoxelBox,
): Promise<Resampled> {
  const plan = planResampling(volume, spacing, box);
  const [mx, my, mz] = plan.grid.size;
  const hu = sharedFloats(mx * my * mz);
  await inSlabs('resample', { plan, hu }, { slices: mz, shared: isShared(volume.hu) });
  return { ...plan.grid, hu };
}
