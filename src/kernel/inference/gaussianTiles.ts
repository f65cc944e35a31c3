/** Tiles as nnU-Net lays them: spread evenly, each counting by a bell around its middle. */

/** Width of the bell, as a share of the tile; beyond this many widths it is cut off. */
const SIGMA = 1 / 8;
const CUT = 4;
/** nnU-Net scales the bell up and keeps it in half precision. */
const PEAK = 10;

/** First positions of tiles of `patch` that cover `length` (at least as long), neighbours at most `1 - overlap` of a patch apart. */
export function evenStarts(length: number, patch: number, overlap: number): number[] {
  const count = Math.ceil((length - patch) / (patch * (1 - overlap))) + 1;
  if (count <= 1) return [0];
  const step = (length - patch) / (count - 1);
  return Array.from({ length: count }, (_, n) => halfToEven(step * n));
}

/** As numpy rounds. */
function halfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** The weight of each voxel of a tile, in z, y, x order, above 0 everywhere. */
export function gaussianWeights(sides: readonly number[]): Float32Array {
  const [bx, by, bz] = [0, 1, 2].map((a) => bell(sides[a] ?? 1));
  const weights = new Float32Array(bx!.length * by!.length * bz!.length);
  let least = Infinity;
  for (let k = 0, v = 0; k < bz!.length; k++)
    for (let j = 0; j < by!.length; j++)
      for (let i = 0; i < bx!.length; i++, v++) {
        weights[v] = halfPrecision(PEAK * bz![k]! * by![j]! * bx![i]!);
        if (weights[v]! > 0) least = Math.min(least, weights[v]!);
      }
  for (let v = 0; v < weights.length; v++) if (weights[v] === 0) weights[v] = least;
  return weights;
}

/** 1 in the middle. */
function bell(length: number): number[] {
  const sigma = length * SIGMA;
  const reach = Math.floor(CUT * sigma + 0.5);
  const middle = length >> 1;
  return Array.from({ length }, (_, n) =>
    Math.abs(n - middle) > reach ? 0 : Math.exp(-((n - middle) ** 2) / (2 * sigma * sigma)),
  );
}

const LEAST_EXPONENT = -14;
const FRACTION_BITS = 10;

/** The nearest number that 16 bits hold, for values from 0 to 65504. */
function halfPrecision(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.max(LEAST_EXPONENT, Math.floor(Math.log2(value)));
  const step = 2 ** (exponent - FRACTION_BITS);
  return halfToEven(value / step) * step;
}
