/** Checks what the scanner does to a perfect CT: blur, edge enhancement, noise, slice thickness and the range of its numbers. */
import { describe, expect, it } from 'vitest';
import { gridAround } from '../../../samples/phantom/grid.ts';
import { createRandom } from '../../../samples/phantom/random.ts';
import { averageSlices, type Scanner, scan } from '../../../samples/phantom/scanner.ts';

const SIDE = 96;
const grid = gridAround([0, 0, 0], [SIDE, SIDE, 2], [0.8, 0.8, 3]);
const even = (hu: number) => new Float32Array(SIDE * SIDE * 2).fill(hu);
/** Air to the left of the middle, soft tissue to the right. */
const edge = even(0).map((_, index) => (index % SIDE < SIDE / 2 ? -900 : 50));

const ideal: Scanner = { convolutionKernel: 'TEST', blurMm: 0.3, sharpening: 0, noiseHu: 0 };
const scanned = (hu: Float32Array, scanner: Partial<Scanner>, seed = 'a') =>
  Float64Array.from(scan(grid, hu, { ...ideal, ...scanner }, createRandom(seed)).hu);

function deviation(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** Correlation of horizontal neighbours. */
function neighbourCorrelation(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b) / values.length;
  let products = 0;
  for (let index = 1; index < values.length; index++) products += (values[index]! - mean) * (values[index - 1]! - mean);
  return products / (values.length * deviation(values) ** 2);
}

const row = (values: Float64Array) => values.subarray((SIDE / 2) * SIDE, (SIDE / 2 + 1) * SIDE);

describe('scan', () => {
  it('keeps the density of an even object', () => {
    expect(scanned(even(-870), { blurMm: 0.7, sharpening: 0.8 }).every((hu) => hu === -870)).toBe(true);
  });

  it.each([10, 30])('adds noise of the wanted strength (%i HU)', (noiseHu) => {
    expect(deviation(scanned(even(-500), { noiseHu }))).toBeCloseTo(noiseHu, -0.5);
  });

  it('gives soft kernels coarser noise than sharp ones', () => {
    const soft = neighbourCorrelation(scanned(even(-500), { noiseHu: 30 }));
    const sharp = neighbourCorrelation(scanned(even(-500), { noiseHu: 30, sharpening: 0.8 }));
    expect(soft).toBeGreaterThan(0.3);
    expect(sharp).toBeLessThan(0.05);
  });

  it('blurs edges with a soft kernel and overshoots them with a sharp one', () => {
    const soft = row(scanned(edge, { blurMm: 0.8 }));
    const sharp = row(scanned(edge, { blurMm: 0.5, sharpening: 0.9 }));
    expect(Math.max(...soft)).toBeLessThanOrEqual(50);
    expect(Math.max(...sharp)).toBeGreaterThan(80);
    expect(soft[SIDE / 2]! - soft[SIDE / 2 - 1]!).toBeLessThan(sharp[SIDE / 2]! - sharp[SIDE / 2 - 1]!);
  });

  it('stores no number outside the scanner’s range', () => {
    expect(Math.min(...scanned(even(-1010), { noiseHu: 40 }))).toBe(-1024);
    expect(Math.max(...scanned(even(4000), {}))).toBe(3071);
  });

  it('repeats itself for the same seed and not for another', () => {
    expect(scanned(even(-500), { noiseHu: 20 })).toEqual(scanned(even(-500), { noiseHu: 20 }));
    expect(scanned(even(-500), { noiseHu: 20 }, 'b')).not.toEqual(scanned(even(-500), { noiseHu: 20 }));
  });
});

describe('averageSlices', () => {
  it('makes one slice the mean of its thin ones', () => {
    const thin = Float32Array.from([0, 10, 100, 110, -20, -40, 20, 40]);
    expect([...averageSlices(thin, 2, 1, 2)]).toEqual([50, 60, 0, 0]);
  });
});
