/**
 * The deformable step: diffeomorphic demons (Vercauteren et al., NeuroImage 2009;45:S61), whose steps are composed, on
 * images that are first brought to each other's brightness by a line around each voxel, so that what counts is local
 * correlation (Avants et al., Med Image Anal 2008;12:26) and not density, which changes with every breath.
 */
import { setImmediate } from 'node:timers/promises';
import type { Task } from '../base/task.ts';
import type { GridSize } from '../ct/geometry/volume.ts';
import { between, compose, type Field } from './field.ts';
import type { LungImage } from './lungImage.ts';
import { localMean, smooth } from './smooth.ts';

/** Half the width of the cube in which brightness is compared, in voxels: smaller ones follow noise. */
const RADIUS = 3;
/** The longest step, in voxels: shorter than half, steps cannot fold. */
const LONGEST_STEP = 0.45;
/** Variances below this are noise, in HU². */
const LEAST_VARIANCE = 50 ** 2;
/** No lung is this many times as bright in one CT as in the other. */
const MOST_FACTOR = 4;
/** Standard deviations of the Gaussians, in voxels, that make steps smooth (as of a fluid), and what they add up to (as of a spring). */
const STEP_SIGMA = 1.5;
const FIELD_SIGMA = 0.9;
/** The mean correlation rises by less than this in so many rounds: done. */
const LEAST_GAIN = 5e-4;
const PATIENCE = 5;

export interface Level {
  readonly fixed: LungImage;
  readonly moving: LungImage;
  /** From indices of the fixed image to those of the moving one, 3 × 4. */
  readonly map: readonly number[];
  readonly rounds: number;
}

/** The field after at most `rounds` further steps. Gives way to others of the thread after each. */
export async function demons({ fixed, moving, map, rounds }: Level, start: Field, task: Task): Promise<Field> {
  const { size } = fixed;
  const own = statisticsOf(fixed.values, size);
  let field = start;
  let [best, since] = [-1, 0];
  for (let round = 0; round < rounds; round++) {
    await setImmediate();
    task.signal.throwIfAborted();
    task.progress(round / rounds, 'laying the lungs upon each other');
    const warped = warpedValues(moving, field, map, size);
    const { step, correlation } = stepOf(fixed, own, warped);
    if (correlation > best + LEAST_GAIN) [best, since] = [correlation, 0];
    else if (++since >= PATIENCE) break;
    for (const part of step) smooth(part, size, STEP_SIGMA);
    shorten(step);
    field = compose(field, step, size);
    for (const part of field) smooth(part, size, FIELD_SIGMA);
  }
  return field;
}

/** The moving image where the field and the map lead from each voxel of the fixed one. */
export function warpedValues(
  { values, size: from }: Pick<LungImage, 'values' | 'size'>,
  [ux, uy, uz]: Field,
  map: readonly number[],
  [nx, ny, nz]: GridSize,
): Float32Array {
  const warped = new Float32Array(nx * ny * nz);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, l = 0, m = 0, n = 0, o = 0] = map;
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) {
        const x = i + ux[v]!;
        const y = j + uy[v]!;
        const z = k + uz[v]!;
        warped[v] = between(
          values,
          from,
          a * x + b * y + c * z + d,
          e * x + f * y + g * z + h,
          l * x + m * y + n * z + o,
        );
      }
  return warped;
}

interface Statistics {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

function statisticsOf(values: Float32Array, size: GridSize): Statistics {
  const mean = values.slice();
  const variance = values.map((value) => value * value);
  localMean(mean, size, RADIUS);
  localMean(variance, size, RADIUS);
  for (let v = 0; v < mean.length; v++) variance[v] = Math.max(0, variance[v]! - mean[v]! * mean[v]!);
  return { mean, variance };
}

/** Each voxel's own wish, and the mean square of the local correlation within the fixed lungs. */
function stepOf(
  fixed: LungImage,
  own: Statistics,
  warped: Float32Array,
): { readonly step: Field; readonly correlation: number } {
  const { size, values, lung } = fixed;
  const [nx, ny, nz] = size;
  const other = statisticsOf(warped, size);
  const joint = warped.map((value, v) => value * values[v]!);
  localMean(joint, size, RADIUS);
  const step: Field = [
    new Float32Array(values.length),
    new Float32Array(values.length),
    new Float32Array(values.length),
  ];
  let [sum, count] = [0, 0];
  const [sy, sz] = [nx, nx * ny];
  for (let k = 1; k < nz - 1; k++)
    for (let j = 1; j < ny - 1; j++)
      for (let i = 1, v = (k * ny + j) * nx + 1; i < nx - 1; i++, v++) {
        const covariance = joint[v]! - own.mean[v]! * other.mean[v]!;
        const va = own.variance[v]!;
        const vb = other.variance[v]!;
        const inLung = lung[v]! > 0.5;
        if (inLung) count++;
        if (va < LEAST_VARIANCE || vb < LEAST_VARIANCE || covariance <= 0) continue;
        const correlation = (covariance * covariance) / (va * vb);
        if (inLung) sum += correlation;
        const factor = Math.min(MOST_FACTOR, covariance / vb);
        const difference = values[v]! - own.mean[v]! - factor * (warped[v]! - other.mean[v]!);
        const gx = (factor * (warped[v + 1]! - warped[v - 1]!)) / 2;
        const gy = (factor * (warped[v + sy]! - warped[v - sy]!)) / 2;
        const gz = (factor * (warped[v + sz]! - warped[v - sz]!)) / 2;
        const scale =
          (correlation * difference) / (gx * gx + gy * gy + gz * gz + difference * difference + LEAST_VARIANCE);
        step[0][v] = scale * gx;
        step[1][v] = scale * gy;
        step[2][v] = scale * gz;
      }
  return { step, correlation: count ? sum / count : 0 };
}

/** Where the longest is longer than may be, all by the same factor; where it is shorter, as it is. */
function shorten([x, y, z]: Field): void {
  let most = 0;
  for (let v = 0; v < x.length; v++) most = Math.max(most, x[v]! ** 2 + y[v]! ** 2 + z[v]! ** 2);
  const factor = LONGEST_STEP / Math.sqrt(most);
  if (factor >= 1) return;
  for (const part of [x, y, z]) for (let v = 0; v < part.length; v++) part[v]! *= factor;
}
