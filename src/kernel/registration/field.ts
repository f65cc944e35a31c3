/** Displacements on a grid: three planes of numbers, along i, j and k, each in z, y, x order and in voxels of the grid. */
import type { GridSize } from '../ct/geometry/volume.ts';

export type Field = readonly [Float32Array, Float32Array, Float32Array];

export function noField([nx, ny, nz]: GridSize): Field {
  const plane = () => new Float32Array(nx * ny * nz);
  return [plane(), plane(), plane()];
}

/** The value between voxels, linearly; beyond the grid that of its edge. */
// biome-ignore lint/complexity/useMaxParams: called for every voxel, where an object of the three coordinates would be made each time.
export function between(values: Float32Array, size: GridSize, x: number, y: number, z: number): number {
  const nx = size[0];
  const ny = size[1];
  const nz = size[2];
  const cx = x < 0 ? 0 : x > nx - 1 ? nx - 1 : x;
  const cy = y < 0 ? 0 : y > ny - 1 ? ny - 1 : y;
  const cz = z < 0 ? 0 : z > nz - 1 ? nz - 1 : z;
  const i = Math.floor(cx);
  const j = Math.floor(cy);
  const k = Math.floor(cz);
  const di = i < nx - 1 ? 1 : 0;
  const dj = j < ny - 1 ? nx : 0;
  const dk = k < nz - 1 ? nx * ny : 0;
  const fx = cx - i;
  const fy = cy - j;
  const a = (k * ny + j) * nx + i;
  const b = a + dj;
  const c = a + dk;
  const d = c + dj;
  const ab = values[a]! + fx * (values[a + di]! - values[a]!);
  const bb = values[b]! + fx * (values[b + di]! - values[b]!);
  const cb = values[c]! + fx * (values[c + di]! - values[c]!);
  const db = values[d]! + fx * (values[d + di]! - values[d]!);
  const near = ab + fy * (bb - ab);
  return near + (cz - k) * (cb + fy * (db - cb) - near);
}

/** The field that goes first by `step` and then by `u`: step(x) + u(x + step(x)). */
export function compose(u: Field, step: Field, size: GridSize): Field {
  const [nx, ny, nz] = size;
  const composed = noField(size);
  const [ux, uy, uz] = u;
  const [sx, sy, sz] = step;
  const [cx, cy, cz] = composed;
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) {
        const dx = sx[v]!;
        const dy = sy[v]!;
        const dz = sz[v]!;
        // Beyond the lungs and their surroundings nothing moves by itself.
        if (Math.abs(dx) + Math.abs(dy) + Math.abs(dz) < NEARLY_NOTHING) {
          cx[v] = ux[v]!;
          cy[v] = uy[v]!;
          cz[v] = uz[v]!;
          continue;
        }
        cx[v] = dx + between(ux, size, i + dx, j + dy, k + dz);
        cy[v] = dy + between(uy, size, i + dx, j + dy, k + dz);
        cz[v] = dz + between(uz, size, i + dx, j + dy, k + dz);
      }
  return composed;
}

/** In voxels. */
const NEARLY_NOTHING = 1e-4;

/** The field on the grid of twice the size, whose voxels are half as large. */
export function refined(u: Field, size: GridSize, finer: GridSize): Field {
  const fine = noField(finer);
  const [nx, ny, nz] = finer;
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++)
        for (let a = 0; a < 3; a++) fine[a]![v] = 2 * between(u[a]!, size, (i - 0.5) / 2, (j - 0.5) / 2, (k - 0.5) / 2);
  return fine;
}

/** The determinant of the derivative of x + u(x) at a voxel, by central differences, at the edge by those that there are. */
// biome-ignore lint/complexity/useMaxParams: likewise.
export function determinantAt(u: Field, [nx, ny, nz]: GridSize, i: number, j: number, k: number): number {
  const v = (k * ny + j) * nx + i;
  const [i0, i1] = [i > 0 ? v - 1 : v, i < nx - 1 ? v + 1 : v];
  const [j0, j1] = [j > 0 ? v - nx : v, j < ny - 1 ? v + nx : v];
  const [k0, k1] = [k > 0 ? v - nx * ny : v, k < nz - 1 ? v + nx * ny : v];
  const slope = (values: Float32Array, from: number, to: number, step: number) =>
    from === to ? 0 : (values[to]! - values[from]!) / ((to - from) / step);
  const row = (values: Float32Array): [number, number, number] => [
    slope(values, i0, i1, 1),
    slope(values, j0, j1, nx),
    slope(values, k0, k1, nx * ny),
  ];
  const [[a, b, c], [d, e, f], [g, h, l]] = [row(u[0]), row(u[1]), row(u[2])];
  return (1 + a) * ((1 + e) * (1 + l) - f * h) - b * (d * (1 + l) - f * g) + c * (d * h - (1 + e) * g);
}
