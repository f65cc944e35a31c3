/** The scanner: slice thickness, in-plane blur or edge enhancement of the kernel, correlated noise, and 12-bit Hounsfield units. */
import type { Grid, Volume } from '../../src/kernel/ct/geometry/volume.ts';
import { boxOf } from './grid.ts';
import type { Random } from './random.ts';

export interface Scanner {
  /** ConvolutionKernel as written in the DICOM header. */
  readonly convolutionKernel: string;
  /** Standard deviation of the in-plane point spread in mm. */
  readonly blurMm: number;
  /** Strength of the kernel's edge enhancement, 0 for soft kernels. */
  readonly sharpening: number;
  /** Standard deviation of the noise in HU. */
  readonly noiseHu: number;
}

/** Scans a perfect CT: HU values in, the CT that the scanner would store out. */
export function scan(grid: Grid, perfectHu: Float32Array, scanner: Scanner, random: Random): Volume {
  const { spacing } = boxOf(grid);
  const [nx, ny, nz] = grid.size;
  const hu = new Int16Array(perfectHu.length);
  const weights = gaussianWeights(scanner.blurMm / spacing[0]);
  const wide = gaussianWeights((scanner.blurMm + 0.7) / spacing[0]);
  const gaussian = Float32Array.from({ length: 1 << 18 }, () => random.normal());
  for (let k = 0; k < nz; k++) {
    const slice = perfectHu.subarray(k * nx * ny, (k + 1) * nx * ny);
    const image = blur(slice, nx, ny, weights);
    const noise = correlatedNoise(nx, ny, scanner, gaussian, random);
    const smooth = scanner.sharpening > 0 ? blur(slice, nx, ny, wide) : undefined;
    for (let p = 0; p < image.length; p++) {
      const enhanced = smooth ? image[p]! + scanner.sharpening * (image[p]! - smooth[p]!) : image[p]!;
      hu[k * nx * ny + p] = Math.min(3071, Math.max(-1024, Math.round(enhanced + noise[p]!)));
    }
  }
  return { ...grid, hu };
}

/** Averages every `count` neighbouring slices: a thick slice of thin ones. */
export function averageSlices(hu: Float32Array, nx: number, ny: number, count: number): Float32Array {
  const area = nx * ny;
  const thick = new Float32Array(hu.length / count);
  for (let k = 0; k < thick.length / area; k++)
    for (let s = 0; s < count; s++)
      for (let p = 0; p < area; p++) thick[k * area + p]! += hu[(k * count + s) * area + p]! / count;
  return thick;
}

function gaussianWeights(sigma: number): number[] {
  const radius = Math.max(1, Math.ceil(sigma * 2));
  const weights = Array.from({ length: 2 * radius + 1 }, (_, n) =>
    Math.exp(-((n - radius) ** 2) / (2 * sigma * sigma + 1e-6)),
  );
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((w) => w / sum);
}

function blur(slice: Float32Array, nx: number, ny: number, weights: readonly number[]): Float32Array {
  const radius = (weights.length - 1) / 2;
  const rows = new Float32Array(slice.length);
  const result = new Float32Array(slice.length);
  for (let j = 0; j < ny; j++)
    for (let i = 0; i < nx; i++) {
      let sum = 0;
      for (let n = -radius; n <= radius; n++)
        sum += weights[n + radius]! * slice[j * nx + Math.min(nx - 1, Math.max(0, i + n))]!;
      rows[j * nx + i] = sum;
    }
  for (let j = 0; j < ny; j++)
    for (let i = 0; i < nx; i++) {
      let sum = 0;
      for (let n = -radius; n <= radius; n++)
        sum += weights[n + radius]! * rows[Math.min(ny - 1, Math.max(0, j + n)) * nx + i]!;
      result[j * nx + i] = sum;
    }
  return result;
}

/** Noise with the kernel's own grain: soft kernels mix neighbours, sharp ones take the difference from them. */
function correlatedNoise(
  nx: number,
  ny: number,
  scanner: Scanner,
  gaussian: Float32Array,
  random: Random,
): Float32Array {
  const start = Math.floor(random() * gaussian.length);
  const mask = gaussian.length - 1;
  const noise = new Float32Array(nx * ny);
  const mix = scanner.sharpening > 0 ? -0.12 : 0.45;
  const scale = scanner.noiseHu / Math.sqrt(1 + 4 * mix * mix);
  for (let p = 0; p < noise.length; p++) {
    const at = (offset: number) => gaussian[(start + p * 3 + offset * 3) & mask]!;
    noise[p] = scale * (at(0) + mix * (at(1) + at(-1) + at(nx) + at(-nx)));
  }
  return noise;
}
