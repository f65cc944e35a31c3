/**
 * The affine step: lungs are laid upon lungs by their middle and their extent, then by the least squares of the coarse
 * images (Gauss–Newton with Levenberg's damping), from coarse to fine.
 */
import type { Affine } from '../ct/geometry/volume.ts';
import { inverseOf, productOf } from '../masks/fileGrid.ts';
import { between } from './field.ts';
import { extentOf, type LungImage } from './lungImage.ts';

/** Lungs whose extents differ by more than this are not stretched further at the start: one of them may be a part only. */
const MOST_STRETCH = 1.4;
const ROUNDS = 25;
/** Of the voxels, every how many along each axis count. */
const EVERY = 2;

/** From places of the fixed CT to those of the moving one, in mm, by the lungs' middles and extents. */
export function roughly(fixed: LungImage, moving: LungImage): Affine {
  const [a, b] = [extentOf(fixed), extentOf(moving)];
  const scale = a.spread.map((own, row) => Math.min(MOST_STRETCH, Math.max(1 / MOST_STRETCH, b.spread[row]! / own)));
  return [0, 1, 2]
    .flatMap((row) => {
      const line = [0, 0, 0, b.middle[row]! - scale[row]! * a.middle[row]!];
      line[row] = scale[row]!;
      return line;
    })
    .concat(0, 0, 0, 1);
}

/** A better affine map than `start`, which it gives back where it finds none. */
export function affineStep(fixed: LungImage, moving: LungImage, start: Affine): Affine {
  const toMoving = inverseOf(moving.affine);
  const asIndices = (world: Affine) => productOf(toMoving, productOf(world, fixed.affine));
  let best = asIndices(start);
  let error = system(fixed, moving, best);
  let damping = 1e-3;
  for (let round = 0; round < ROUNDS && damping < 1e6; round++) {
    const step = solved(error.normal, error.right, damping);
    const tried = best.map((value, n) => (n < 12 ? value - step[n]! : value));
    const next = system(fixed, moving, tried);
    if (next.sum < error.sum) {
      const gain = 1 - next.sum / error.sum;
      [best, error, damping] = [tried, next, damping / 5];
      if (gain < 1e-5) break;
    } else damping *= 10;
  }
  return productOf(moving.affine, productOf(best, inverseOf(fixed.affine)));
}

interface NormalEquations {
  /** Mean square difference. */
  readonly sum: number;
  readonly normal: Float64Array;
  readonly right: Float64Array;
}

/** Of the differences moving − fixed by the twelve numbers of the map, of indices. */
function system(fixed: LungImage, moving: LungImage, map: readonly number[]): NormalEquations {
  const [nx, ny, nz] = fixed.size;
  const normal = new Float64Array(144);
  const right = new Float64Array(12);
  const row = new Float64Array(12);
  let [sum, count] = [0, 0];
  const { values, size } = moving;
  for (let k = 0; k < nz; k += EVERY)
    for (let j = 0; j < ny; j += EVERY)
      for (let i = 0; i < nx; i += EVERY) {
        const at = (r: number) => map[r]! * i + map[r + 1]! * j + map[r + 2]! * k + map[r + 3]!;
        const [x, y, z] = [at(0), at(4), at(8)];
        const here = between(values, size, x, y, z);
        const difference = here - fixed.values[(k * ny + j) * nx + i]!;
        sum += difference * difference;
        count++;
        const gx = between(values, size, x + 0.5, y, z) - between(values, size, x - 0.5, y, z);
        const gy = between(values, size, x, y + 0.5, z) - between(values, size, x, y - 0.5, z);
        const gz = between(values, size, x, y, z + 0.5) - between(values, size, x, y, z - 0.5);
        if (gx === 0 && gy === 0 && gz === 0) continue;
        row.set([gx * i, gx * j, gx * k, gx, gy * i, gy * j, gy * k, gy, gz * i, gz * j, gz * k, gz]);
        for (let a = 0; a < 12; a++) {
          right[a]! += row[a]! * difference;
          for (let b = a; b < 12; b++) normal[a * 12 + b]! += row[a]! * row[b]!;
        }
      }
  for (let a = 0; a < 12; a++) for (let b = 0; b < a; b++) normal[a * 12 + b] = normal[b * 12 + a]!;
  return { sum: sum / count, normal, right };
}

/** (N + damping · diag N) x = right, by Gauss's elimination with pivots. */
function solved(normal: Float64Array, right: Float64Array, damping: number): Float64Array {
  const n = right.length;
  const rows = Array.from({ length: n }, (_, a) => {
    const row = Float64Array.from({ length: n + 1 }, (_, b) => (b < n ? normal[a * n + b]! : right[a]!));
    row[a] = row[a]! * (1 + damping) + 1e-9;
    return row;
  });
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(rows[r]![c]!) > Math.abs(rows[pivot]![c]!)) pivot = r;
    [rows[c], rows[pivot]] = [rows[pivot]!, rows[c]!];
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = rows[r]![c]! / rows[c]![c]!;
      for (let b = c; b <= n; b++) rows[r]![b]! -= factor * rows[c]![b]!;
    }
  }
  return Float64Array.from(rows, (row, a) => row[n]! / row[a]!);
}
