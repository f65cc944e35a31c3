import { describe, expect, it } from 'vitest';
import { axisAlignedAffine, type LabelMap, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import { connectedComponents } from '../../../src/kernel/lungs/components.ts';
import { gatherLungVoxels } from '../../../src/kernel/lungs/lungVoxels.ts';
import { measureDensities, measureVoxels } from '../../../src/kernel/lungs/measure.ts';

const grid = { size: [4, 5, 2] as const, affine: axisAlignedAffine([10, 10, 10], [0, 0, 0]) };
const voxels = 40;
const labels = (values: Record<number, number>): LabelMap => {
  const map = new Uint8Array(voxels);
  for (const [index, value] of Object.entries(values)) map[Number(index)] = value;
  return { ...grid, labels: map };
};

describe('measure', () => {
  // Four voxels of 1 ml: two of RUL (normal, ggo), one of LLL (emphysema), one of LLL without a texture.
  const lobes = labels({ 0: 1, 1: 1, 20: 5, 21: 5 });
  const textures = labels({ 0: 1, 1: 2, 20: 6 });
  const hu = new Int16Array(voxels).fill(50);
  hu.set([-850, -500], 0);
  hu.set([-980, 0], 20);
  const volume: Volume = { ...grid, hu };
  const gathered = gatherLungVoxels(lobes, { ...grid, bytes: new Uint8Array(6 * 40) }, hu);
  const own = textures.labels.filter((_, index) => lobes.labels[index]);
  const { measurements, axialPercent } = measureVoxels(gathered, own, []);
  const density = measureDensities(volume, lobes);
  const row = (region: string, name: string) => measurements.find((m) => m.region === region && m.class === name);

  it('counts volumes in ml and percents of each region', () => {
    expect(row('RUL', 'normal')).toMatchObject({ volumeMl: 1, percent: 50 });
    expect(row('RUL', 'ggo')).toMatchObject({ volumeMl: 1, percent: 50 });
    expect(measurements).toHaveLength(36);
  });

  it('counts a voxel without a texture in its region, whose percents then add up to less than 100', () => {
    expect(row('LLL', 'emphysema')).toMatchObject({ volumeMl: 1, percent: 50 });
    expect(row('total', 'normal')?.percent).toBe(25);
    expect(density.find((d) => d.region === 'LLL')?.volumeMl).toBe(2);
  });

  it('leaves the percent of an empty region undefined, not 0', () => {
    expect(row('RML', 'normal')).toEqual({ region: 'RML', class: 'normal', volumeMl: 0, percent: undefined });
    expect(density.find((d) => d.region === 'RML')?.meanHu).toBeUndefined();
  });

  it('measures density as numpy does', () => {
    const total = density.find((d) => d.region === 'total');
    // numpy: mean, std with ddof 1, and percentiles by method "inverted_cdf" of [-850, -500, -980, 0].
    expect(total?.meanHu).toBe(-582.5);
    expect(total?.sdHu).toBeCloseTo(438.0544, 3);
    expect([total?.huP05, total?.huP50, total?.huP95]).toEqual([-980, -850, 0]);
    expect(total?.laa950Percent).toBe(25);
    expect(total?.haaPercent).toBe(25);
  });

  // LAA-950: Gevenois et al., AJRCCM 1996. High attenuation areas: Lederer et al., AJRCCM 2009.
  it.each([
    [-951, 'laa950Percent', 100],
    [-950, 'laa950Percent', 0],
    [-601, 'haaPercent', 0],
    [-600, 'haaPercent', 100],
    [-250, 'haaPercent', 100],
    [-249, 'haaPercent', 0],
    [3000, 'huP50', 3000],
  ] as const)('of %i HU gives %s %i', (value, name, expected) => {
    const [total] = measureDensities({ ...grid, hu: new Int16Array(voxels).fill(value) }, labels({ 0: 1 }));
    expect(total).toMatchObject({ region: 'total', [name]: expected });
  });

  it('gives skewness and kurtosis of the densities, as scipy.stats has them, and the 15th percentile', () => {
    const hu = Int16Array.from({ length: voxels }, (_, n) => (n < 30 ? -900 : n < 38 ? -700 : 40));
    const all = Object.fromEntries([...hu.keys()].map((n) => [n, 1]));
    const [total] = measureDensities({ ...grid, hu }, labels(all));
    expect(total?.skewness).toBeCloseTo(3.2716851938552267, 10);
    expect(total?.kurtosis).toBeCloseTo(10.338911843537366, 10);
    expect(total?.huP15).toBe(-900);
    const [flat] = measureDensities({ ...grid, hu: new Int16Array(voxels).fill(-800) }, labels({ 0: 1 }));
    expect([flat?.skewness, flat?.kurtosis]).toEqual([undefined, undefined]);
  });

  it('gives the 5th, 50th and 95th percentile', () => {
    const hu = Int16Array.from({ length: voxels }, (_, n) => n - 900);
    const all = Object.fromEntries([...hu.keys()].map((n) => [n, 1]));
    // Of 40 ordered voxels the 2nd, the 20th and the 38th, as numpy's "inverted_cdf".
    expect(measureDensities({ ...grid, hu }, labels(all))[0]).toMatchObject({ huP05: -899, huP50: -881, huP95: -863 });
  });

  it('gives the area of each class in each axial slice, against the slice with most lung', () => {
    expect(axialPercent.total.ggo).toEqual([50, 0]);
    expect(axialPercent.total.emphysema).toEqual([0, 50]);
  });
});

describe('connectedComponents', () => {
  it('joins over faces, not over edges', () => {
    const { sizes } = connectedComponents(Uint8Array.from([1, 1, 0, 0, 0, 1, 0, 0, 1]), [3, 3, 1]);
    expect(sizes.slice(1).sort()).toEqual([2, 2]);
  });

  it('keeps voxels of different labels apart', () => {
    const { numbers, sizes } = connectedComponents(Uint8Array.from([1, 1, 2, 2, 1, 2]), [3, 2, 1]);
    expect([...numbers]).toEqual([1, 1, 2, 3, 1, 2]);
    expect(sizes.slice(1)).toEqual([3, 2, 1]);
  });
});
