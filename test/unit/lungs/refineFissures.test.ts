/** Checks that borders between lobes move to a fissure that the CT shows, and stay where it shows none. */
import { describe, expect, it } from 'vitest';
import { axisAlignedAffine, type LabelMap, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import { refineFissures } from '../../../src/kernel/lungs/refineFissures.ts';

const SIZE = [70, 70, 56] as const;
const SPACING = [1, 1, 1.25] as const;
const [RUL, RLL, LUL] = [1, 3, 4];
const WALL = 6;

/** Height of the fissure in mm at a place: a tilted plane. */
const fissureAt = (y: number) => 30 + 0.4 * (y - 35);

/** One lung, split at `border` mm, in a chest wall, with noise; the fissure is a sheet of the given extra density. */
function lung(fissureHu: number, border: (y: number) => number): { volume: Volume; lobes: LabelMap } {
  const [nx, ny, nz] = SIZE;
  const hu = new Int16Array(nx * ny * nz);
  const labels = new Uint8Array(hu.length);
  let state = 7;
  const noise = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return (state / 2147483648 - 0.5) * 80;
  };
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) {
        const inside = Math.min(i, j, k, nx - 1 - i, ny - 1 - j, nz - 1 - k) >= WALL;
        const z = k * SPACING[2];
        const sheet = Math.max(0, 1 - Math.abs(z - fissureAt(j)) / 1.25);
        hu[v] = inside ? -870 + sheet * fissureHu + noise() : 40;
        labels[v] = inside ? (z > border(j) ? RUL : RLL) : 0;
      }
  const grid = { size: SIZE, affine: axisAlignedAffine(SPACING, [0, 0, 0]) };
  return { volume: { ...grid, hu }, lobes: { ...grid, labels } };
}

/** Mean distance in mm of the labels' border from a surface, over the columns of the lung's inner half. */
function borderDistance({ labels }: LabelMap, surface: (y: number) => number): number {
  const [nx, ny, nz] = SIZE;
  let sum = 0;
  let columns = 0;
  for (let j = 18; j < ny - 18; j++)
    for (let i = 18; i < nx - 18; i++) {
      let below = 0;
      for (let k = 0; k < nz; k++) if (labels[(k * ny + j) * nx + i] === RLL) below = k;
      sum += Math.abs((below + 0.5) * SPACING[2] - surface(j));
      columns++;
    }
  return sum / columns;
}

const { signal } = new AbortController();

describe('refineFissures', () => {
  it.each([5, -5, 2])('moves a border that is %d mm off onto the fissure', async (off) => {
    const { volume, lobes } = lung(200, (y) => fissureAt(y) + off);
    expect(borderDistance(lobes, fissureAt)).toBeGreaterThan(1.5);
    expect(borderDistance(await refineFissures(volume, lobes, signal), fissureAt)).toBeLessThan(0.8);
  });

  it('keeps the border where there is no fissure to see', async () => {
    const border = (y: number) => fissureAt(y) + 4;
    const { volume, lobes } = lung(0, border);
    expect(borderDistance(await refineFissures(volume, lobes, signal), border)).toBeLessThan(1.6);
  });

  it('changes no voxel between lung and no lung', async () => {
    const { volume, lobes } = lung(200, (y) => fissureAt(y) + 5);
    const before = lobes.labels.map((label) => (label ? 1 : 0));
    const refined = await refineFissures(volume, lobes, signal);
    expect(refined.labels.map((label) => (label ? 1 : 0))).toEqual(before);
  });

  it('moves no border between the two lungs', async () => {
    const { volume, lobes } = lung(200, (y) => fissureAt(y) + 5);
    const labels = lobes.labels.map((label) => (label === RUL ? LUL : label));
    expect((await refineFissures(volume, { ...lobes, labels: labels.slice() }, signal)).labels).toEqual(labels);
  });

  it('gives back a map without lung as it is', async () => {
    const { volume, lobes } = lung(0, fissureAt);
    const empty = { ...lobes, labels: new Uint8Array(lobes.labels.length) };
    expect((await refineFissures(volume, empty, signal)).labels).toEqual(empty.labels);
  });
});
