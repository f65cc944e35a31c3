/** Gathered voxels of the CTs that were decided last, as many as memory has room for. */
import type { LungVoxels } from './lungVoxels.ts';

export interface VoxelsKept {
  get(key: string): LungVoxels | undefined;
  /** Keeps the latest, however large; those that were kept longest ago go where all together are too large. */
  keep(key: string, voxels: LungVoxels): void;
}

/** `most`: bytes of them. */
export function createVoxelsKept(most: number): VoxelsKept {
  const kept = new Map<string, LungVoxels>();
  return {
    get: (key) => kept.get(key),
    keep(key, voxels) {
      // The latest last.
      kept.delete(key);
      kept.set(key, voxels);
      let total = [...kept.values()].reduce((sum, each) => sum + bytesOf(each), 0);
      for (const [oldest, each] of kept) {
        if (total <= most || oldest === key) break;
        kept.delete(oldest);
        total -= bytesOf(each);
      }
    },
  };
}

function bytesOf({ lobes, best, probabilities, hu }: LungVoxels): number {
  return lobes.byteLength + best.byteLength + probabilities.byteLength + hu.byteLength;
}
