/** A box of voxels within a grid. */
import type { Grid } from './volume.ts';

/** First and last voxel along each axis. */
export interface VoxelBox {
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
}

export function cropGrid({ affine }: Grid, { low, high }: VoxelBox): Grid {
  const cropped = [...affine];
  for (let r = 0; r < 3; r++) for (let a = 0; a < 3; a++) cropped[r * 4 + 3]! += affine[r * 4 + a]! * low[a]!;
  return { size: [high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1], affine: cropped };
}
