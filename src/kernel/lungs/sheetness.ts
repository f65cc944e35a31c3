/** How much a CT looks like a thin, dense sheet at a voxel: the sign of a fissure. */
import { cross } from '../ct/geometry/vector.ts';
import type { GridSize } from '../ct/geometry/volume.ts';

/** Scale of the smoothing in voxels. */
const SIGMA = 1;
/** Denser voxels are vessels, airways' walls or disease: clipped, so that they do not outshine a fissure. */
const CLIP_HU = -550;
/** A sheet is confirmed by neighbours in its own plane up to this many voxels away. */
const REACH = 3;

/**
 * Sheetness of the voxels `at`, 0 or more, in HU per voxel²: how much more the density bends across the best plane than
 * within it (eigenvalues of the Hessian, after Sato et al., Med Image Anal 1998), averaged over neighbours that lie in
 * that plane and face the same way. What is no lung in `labels` does not count. `hu` is in z, y, x order.
 */
export function sheetness(hu: Float32Array, labels: Uint8Array, size: GridSize, at: Int32Array): Float32Array {
  const smooth = smoothLung(hu, labels, size);
  const [nx, ny] = size;
  const [dy, dz] = [nx, nx * ny];
  const strength = new Float32Array(at.length);
  const normals = new Float32Array(at.length * 3);
  const place = new Int32Array(labels.length).fill(-1);
  for (let n = 0; n < at.length; n++) {
    const v = at[n]!;
    place[v] = n;
    const s = (offset: number) => smooth[v + offset]!;
    const centre = 2 * s(0);
    const xx = s(1) - centre + s(-1);
    const yy = s(dy) - centre + s(-dy);
    const zz = s(dz) - centre + s(-dz);
    const xy = (s(1 + dy) - s(1 - dy) - s(dy - 1) + s(-1 - dy)) / 4;
    const xz = (s(1 + dz) - s(1 - dz) - s(dz - 1) + s(-1 - dz)) / 4;
    const yz = (s(dy + dz) - s(dy - dz) - s(dz - dy) + s(-dy - dz)) / 4;
    const hessian: Symmetric = [xx, yy, zz, xy, xz, yz];
    const [least, middle, largest] = eigenvalues(hessian);
    strength[n] = Math.max(0, -least - Math.max(Math.abs(middle), Math.abs(largest)));
    if (strength[n]! > 0) normals.set(eigenvector(hessian, least), n * 3);
  }
  return confirm({ strength, normals, at }, place, size);
}

/** The lung's density, smoothed with a Gaussian among lung voxels only; elsewhere the density of the nearest smoothed lung or normal lung. */
function smoothLung(hu: Float32Array, labels: Uint8Array, size: GridSize): Float32Array {
  const weights = new Float32Array(hu.length);
  const values = new Float32Array(hu.length);
  for (let v = 0; v < hu.length; v++)
    if (labels[v]) {
      weights[v] = 1;
      values[v] = Math.min(CLIP_HU, hu[v]!);
    }
  const before = new Float32Array(hu.length);
  for (const step of [1, size[0], size[0] * size[1]])
    for (const blurred of [values, weights]) {
      before.set(blurred);
      blurAlong(blurred, before, step);
    }
  for (let v = 0; v < values.length; v++) values[v] = weights[v]! > 1e-3 ? values[v]! / weights[v]! : -850;
  return values;
}

/** Blurs `from` into `values`, which are equal before, with a Gaussian along one axis; lines run into each other at the faces, where no lung is. */
function blurAlong(values: Float32Array, from: Float32Array, step: number): void {
  const tap = (distance: number) => Math.exp(-(distance * distance) / (2 * SIGMA * SIGMA));
  const sum = tap(0) + 2 * (tap(1) + tap(2) + tap(3));
  const [a, b, c, d] = [tap(0) / sum, tap(1) / sum, tap(2) / sum, tap(3) / sum];
  for (let v = 3 * step; v < values.length - 3 * step; v++)
    values[v] =
      a * from[v]! +
      b * (from[v - step]! + from[v + step]!) +
      c * (from[v - 2 * step]! + from[v + 2 * step]!) +
      d * (from[v - 3 * step]! + from[v + 3 * step]!);
}

/** The six different elements of a symmetric 3 × 3 matrix. */
type Symmetric = readonly [xx: number, yy: number, zz: number, xy: number, xz: number, yz: number];

/** Eigenvalues of a symmetric 3 × 3 matrix, ascending (Smith, Commun ACM 1961). */
function eigenvalues([xx, yy, zz, xy, xz, yz]: Symmetric): readonly [number, number, number] {
  const off = xy * xy + xz * xz + yz * yz;
  const mean = (xx + yy + zz) / 3;
  const [a, b, c] = [xx - mean, yy - mean, zz - mean];
  const p = Math.sqrt((a * a + b * b + c * c + 2 * off) / 6);
  if (p < 1e-9) return [mean, mean, mean];
  const determinant = a * (b * c - yz * yz) - xy * (xy * c - yz * xz) + xz * (xy * yz - b * xz);
  const angle = Math.acos(Math.min(1, Math.max(-1, determinant / (2 * p * p * p)))) / 3;
  const largest = mean + 2 * p * Math.cos(angle);
  const least = mean + 2 * p * Math.cos(angle + (2 * Math.PI) / 3);
  return [least, 3 * mean - largest - least, largest];
}

/** The unit eigenvector of an eigenvalue: the longest cross product of two rows of the matrix less the eigenvalue. */
function eigenvector([xx, yy, zz, xy, xz, yz]: Symmetric, value: number): readonly [number, number, number] {
  const rows = [
    [xx - value, xy, xz],
    [xy, yy - value, yz],
    [xz, yz, zz - value],
  ] as const;
  let best: [number, number, number] = [0, 0, 0];
  let longest = 0;
  for (const [one, other] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    const product = cross(rows[one], rows[other]);
    const length = Math.hypot(...product);
    if (length <= longest) continue;
    longest = length;
    best = [product[0] / length, product[1] / length, product[2] / length];
  }
  return best;
}

/** Of the voxels `at`: how strong the sheet is in each, and its unit normal (x, y, z). */
interface Sheets {
  readonly strength: Float32Array;
  readonly normals: Float32Array;
  readonly at: Int32Array;
}

/** The mean strength of the neighbours in a voxel's own plane, counted by how far they face the same way. */
function confirm({ strength, normals, at }: Sheets, place: Int32Array, [nx, ny]: GridSize): Float32Array {
  const neighbours: { offset: number; x: number; y: number; z: number; weight: number }[] = [];
  for (let z = -REACH; z <= REACH; z++)
    for (let y = -REACH; y <= REACH; y++)
      for (let x = -REACH; x <= REACH; x++) {
        const squared = x * x + y * y + z * z;
        if (squared > REACH * REACH) continue;
        neighbours.push({ offset: (z * ny + y) * nx + x, x, y, z, weight: Math.exp(-squared / (REACH * REACH)) });
      }
  return strength.map((own, n) => {
    if (own === 0) return 0;
    const [a, b, c] = [normals[n * 3]!, normals[n * 3 + 1]!, normals[n * 3 + 2]!];
    let sum = 0;
    let total = 0;
    for (const { offset, x, y, z, weight } of neighbours) {
      const across = a * x + b * y + c * z;
      if (Math.abs(across) > 1) continue;
      total += weight;
      const near = place[at[n]! + offset] ?? -1;
      if (near < 0 || strength[near] === 0) continue;
      const facing = a * normals[near * 3]! + b * normals[near * 3 + 1]! + c * normals[near * 3 + 2]!;
      sum += weight * strength[near]! * facing ** 4;
    }
    return sum / total;
  });
}
