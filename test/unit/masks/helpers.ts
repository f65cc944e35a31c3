/** A small chest with lobes that somebody drew, for tests of masks. */
import { gzipSync } from 'node:zlib';
import { axisAlignedAffine, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import { niftiFile } from '../ct/helpers.ts';

export const SIZE = [60, 50, 25] as const;
const AFFINE = axisAlignedAffine([1.5, 1.5, 2], [0, 0, 0]);
/** Two boxes of air, right and left, each with a lower and an upper half: x, y, z from and to. */
const LUNGS = { right: [6, 26], left: [34, 54] } as const;
const DEPTH = [10, 40] as const;
const HEIGHT = [4, 21] as const;

/** Soft tissue with air in front, and two boxes of lung. */
export function chest(): Volume {
  const hu = new Int16Array(SIZE[0] * SIZE[1] * SIZE[2]).fill(40);
  hu.fill(-1000, 0, SIZE[0]);
  forEach((i, j, k, v) => {
    if (inBox(i, j, k)) hu[v] = -800 - ((i + 2 * j + 3 * k) % 100);
  });
  return { size: SIZE, affine: AFFINE, hu };
}

function inBox(i: number, j: number, k: number): 'right' | 'left' | undefined {
  if (j < DEPTH[0] || j >= DEPTH[1] || k < HEIGHT[0] || k >= HEIGHT[1]) return undefined;
  if (i >= LUNGS.right[0] && i < LUNGS.right[1]) return 'right';
  return i >= LUNGS.left[0] && i < LUNGS.left[1] ? 'left' : undefined;
}

function forEach(visit: (i: number, j: number, k: number, v: number) => void): void {
  for (let k = 0, v = 0; k < SIZE[2]; k++)
    for (let j = 0; j < SIZE[1]; j++) for (let i = 0; i < SIZE[0]; i++, v++) visit(i, j, k, v);
}

/** 1–5 in the order of LOBES: upper lobes above slice 13, the middle lobe in front of row 18. */
export function lobes(): Int16Array {
  const labels = new Int16Array(SIZE[0] * SIZE[1] * SIZE[2]);
  forEach((i, j, k, v) => {
    const side = inBox(i, j, k);
    if (side === 'right') labels[v] = k >= 13 ? 1 : j < 18 ? 2 : 3;
    if (side === 'left') labels[v] = k >= 13 ? 4 : 5;
  });
  return labels;
}

/** 1 in every tenth column of the lungs. */
export function vessels(): Int16Array {
  const labels = new Int16Array(SIZE[0] * SIZE[1] * SIZE[2]);
  forEach((i, j, k, v) => {
    if (inBox(i, j, k) && i % 10 === 8) labels[v] = 1;
  });
  return labels;
}

/** Ground glass (2) in the lower half of depth, normal (1) elsewhere; honeycombing (5) in the first columns of the left. */
export function textures(): Int16Array {
  const labels = new Int16Array(SIZE[0] * SIZE[1] * SIZE[2]);
  forEach((i, j, k, v) => {
    if (inBox(i, j, k)) labels[v] = i >= 34 && i < 38 ? 5 : j >= 25 ? 2 : 1;
  });
  return labels;
}

/** As a NIfTI file on the chest's grid, unless another is given. */
export function maskFile(
  labels: Int16Array,
  grid: Pick<Volume, 'size' | 'affine'> = { size: SIZE, affine: AFFINE },
): Buffer {
  return gzipSync(niftiFile({ ...grid, hu: labels }, 1));
}

/** The voxels of a chest's grid in ml. */
export const VOXEL_ML = 0.0045;
