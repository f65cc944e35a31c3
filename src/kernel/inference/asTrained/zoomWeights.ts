/** Weights of the resampling that scipy's `ndimage.zoom` and scikit-image's `resize` do, axis by axis. */
import type { AxisWeights } from '../../ct/geometry/resample.ts';

/** Of the spline: 0 takes the nearest voxel, 1 interpolates linearly, 3 by cubic splines through the voxels. */
export type Order = 0 | 1 | 3;

/** The pole of the filter that makes coefficients of a cubic spline of the values that it runs through. */
const POLE = Math.sqrt(3) - 2;
const GAIN = (-6 * POLE) / (1 - POLE * POLE);
/** Values further away than this count less than 10⁻⁷. */
const REACH = 12;

/**
 * `outputs` values from `inputs`: both cover the same length (scipy's `grid_mode`), and beyond its ends the outermost
 * values go on.
 */
export function zoomWeights(inputs: number, outputs: number, order: Order): AxisWeights {
  const scale = inputs / outputs;
  return gathered(outputs, (o) => weightsAt(scale * (o + 0.5) - 0.5, inputs, order));
}

/** The same where the centres of the first and last values of both coincide, as `ndimage.zoom` does without `grid_mode`. */
export function cornerWeights(inputs: number, outputs: number, order: Order): AxisWeights {
  const scale = outputs > 1 ? (inputs - 1) / (outputs - 1) : 0;
  return gathered(outputs, (o) => weightsAt(scale * o, inputs, order));
}

interface Weights {
  readonly first: number;
  readonly weights: readonly number[];
}

function weightsAt(position: number, inputs: number, order: Order): Weights {
  const within = (index: number) => Math.min(inputs - 1, Math.max(0, index));
  if (order === 0) return { first: within(Math.floor(position + 0.5)), weights: [1] };
  const below = Math.floor(position);
  const [from, to] = order === 1 ? [below, below + 1] : [below - REACH, below + REACH + 1];
  const first = within(from);
  const weights = Array.from({ length: within(to) - first + 1 }, () => 0);
  const of = order === 1 ? (distance: number) => 1 - Math.abs(distance) : cardinalSpline(position);
  let sum = 0;
  for (let index = from; index <= to; index++) {
    const weight = of(index - position);
    weights[within(index) - first]! += weight;
    sum += weight;
  }
  return { first, weights: weights.map((weight) => weight / sum) };
}

/** How much a value at a distance counts at `position`, for a cubic spline through all values. */
function cardinalSpline(position: number): (distance: number) => number {
  const below = Math.floor(position);
  return (distance) => {
    const index = Math.round(position + distance);
    let sum = 0;
    for (let knot = below - 1; knot <= below + 2; knot++)
      sum += cubic(position - knot) * GAIN * POLE ** Math.abs(knot - index);
    return sum;
  };
}

/** The cubic B-spline. */
function cubic(distance: number): number {
  const t = Math.abs(distance);
  if (t < 1) return 2 / 3 - t * t + (t * t * t) / 2;
  return t < 2 ? (2 - t) ** 3 / 6 : 0;
}

function gathered(outputs: number, of: (output: number) => Weights): AxisWeights {
  const rows = Array.from({ length: outputs }, (_, o) => of(o));
  const offset = new Int32Array(outputs);
  for (let o = 1; o < outputs; o++) offset[o] = offset[o - 1]! + rows[o - 1]!.weights.length;
  return {
    first: Int32Array.from(rows, ({ first }) => first),
    count: Int32Array.from(rows, ({ weights }) => weights.length),
    offset,
    weights: Float32Array.from(rows.flatMap(({ weights }) => weights)),
  };
}
