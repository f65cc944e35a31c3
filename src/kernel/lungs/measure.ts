/** Volumes, percentages and densities of regions, counted voxel by voxel. */
import { LOBES, REGIONS, type Region, TEXTURE_CLASSES, type TextureClass } from '../../protocol/names.ts';
import { type LabelMap, type Volume, voxelMl } from '../ct/volume.ts';
import type { LungVoxels } from './lungVoxels.ts';
import type { DensityRow, MeasurementRow, OverlapRow } from './quantification.ts';

const LOWEST_HU = -1024;
const HISTOGRAM_BINS = 4096;
const EMPHYSEMA_HU = -950;
const HIGH_ATTENUATION_HU = [-600, -250] as const;

export interface Measures {
  readonly measurements: MeasurementRow[];
  readonly density: DensityRow[];
  readonly axialPercent: Record<TextureClass, number[]>;
}

/**
 * All three label or HU arrays share one grid. A region's volume, and what its percentages are shares of, is that of its
 * lobes: voxels of no class are in it, so that it does not depend on the texture model.
 */
export function measure(volume: Volume, lobes: LabelMap, textures: LabelMap): Measures {
  const classes = TEXTURE_CLASSES.length;
  const counts = LOBES.map(() => new Float64Array(classes));
  const voxels = LOBES.map(() => new Float64Array(1));
  const histograms = LOBES.map(() => new Float64Array(HISTOGRAM_BINS));
  const [nx, ny, nz] = volume.size;
  const axial = TEXTURE_CLASSES.map(() => [] as number[]);
  let largest = 1;
  for (let k = 0; k < nz; k++) {
    const slice = new Float64Array(classes);
    let lung = 0;
    for (let index = k * nx * ny; index < (k + 1) * nx * ny; index++) {
      const lobe = lobes.labels[index]!;
      const texture = textures.labels[index]!;
      if (lobe === 0) continue;
      lung++;
      voxels[lobe - 1]![0]!++;
      histograms[lobe - 1]![Math.min(HISTOGRAM_BINS - 1, Math.max(0, volume.hu[index]! - LOWEST_HU))]!++;
      if (texture === 0) continue;
      counts[lobe - 1]![texture - 1]!++;
      slice[texture - 1]!++;
    }
    for (let c = 0; c < classes; c++) axial[c]!.push(slice[c]!);
    largest = Math.max(largest, lung);
  }
  return {
    ...countedMeasures(counts, voxels, axial, largest, voxelMl(volume)),
    density: REGIONS.map((region) => measureDensity(region, sumOf(region, histograms), voxelMl(volume))),
  };
}

/**
 * The same from decided lung voxels (labels 1–6, 0 for none), and the volumes of overlaps (0 or 1 for each voxel) beside them.
 * Densities do not hang on textures.
 */
export function measureVoxels(
  voxels: LungVoxels,
  labels: Uint8Array,
  overlaps: readonly { readonly name: string; readonly inside: Uint8Array }[],
): Pick<Measures, 'measurements' | 'axialPercent'> & { readonly overlaps: OverlapRow[] } {
  const both = overlaps.map(() => LOBES.map(() => new Float64Array(1)));
  const [nx, ny, nz] = voxels.size;
  const kinds = TEXTURE_CLASSES.length + 1;
  /** Voxels of each label, 0 for none, in each lobe of each slice. */
  const tally = new Int32Array(nz * LOBES.length * kinds);
  for (let r = 0, n = 0; r < voxels.runs.length; r += 2) {
    const slice = Math.floor(voxels.runs[r]! / (nx * ny)) * LOBES.length - 1;
    for (const end = n + voxels.runs[r + 1]!; n < end; n++) tally[(slice + voxels.lobes[n]!) * kinds + labels[n]!]!++;
  }
  const inSlice = (slice: number, lobe: number, kind: number) => tally[(slice * LOBES.length + lobe) * kinds + kind]!;
  const slices = Array.from({ length: nz }, (_, slice) => slice);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const counts = LOBES.map((_, lobe) =>
    Float64Array.from(TEXTURE_CLASSES, (__, c) => sum(slices.map((slice) => inSlice(slice, lobe, c + 1)))),
  );
  const all = LOBES.map((_, lobe) =>
    Float64Array.of(sum(Array.from(counts[lobe]!)) + sum(slices.map((slice) => inSlice(slice, lobe, 0)))),
  );
  const axial = TEXTURE_CLASSES.map((_, c) =>
    slices.map((slice) => sum(LOBES.map((__, lobe) => inSlice(slice, lobe, c + 1)))),
  );
  const lung = slices.map((slice) =>
    sum(Array.from(tally.subarray(slice * LOBES.length * kinds, (slice + 1) * LOBES.length * kinds))),
  );
  for (const [o, { inside }] of overlaps.entries())
    for (let n = 0; n < inside.length; n++) both[o]![voxels.lobes[n]! - 1]![0]! += inside[n]!;
  const ml = voxelMl(voxels);
  return {
    ...countedMeasures(counts, all, axial, Math.max(1, ...lung), ml),
    overlaps: overlaps.flatMap(({ name }, o) =>
      REGIONS.map((region) => {
        const [count, of] = [sumOf(region, both[o]!)[0]!, sumOf(region, all)[0]!];
        return { region, class: name, volumeMl: count * ml, percent: of ? (count / of) * 100 : undefined };
      }),
    ),
  };
}

function countedMeasures(
  counts: readonly Float64Array[],
  voxels: readonly Float64Array[],
  axial: readonly (readonly number[])[],
  largest: number,
  ml: number,
): Pick<Measures, 'measurements' | 'axialPercent'> {
  return {
    measurements: REGIONS.flatMap((region) =>
      measureRegion(region, sumOf(region, counts), sumOf(region, voxels)[0]!, ml),
    ),
    axialPercent: Object.fromEntries(
      TEXTURE_CLASSES.map((name, c) => [name, axial[c]!.map((count) => round((count / largest) * 100, 2))]),
    ) as Record<TextureClass, number[]>,
  };
}

function sumOf(region: Region, perLobe: readonly Float64Array[]): Float64Array {
  if (region !== 'total') return perLobe[LOBES.indexOf(region)]!;
  return perLobe[0]!.map((_, n) => perLobe.reduce((sum, values) => sum + values[n]!, 0));
}

function measureRegion(region: Region, counts: Float64Array, all: number, ml: number): MeasurementRow[] {
  return TEXTURE_CLASSES.map((name, c) => ({
    region,
    class: name,
    volumeMl: counts[c]! * ml,
    percent: all ? (counts[c]! / all) * 100 : undefined,
  }));
}

function measureDensity(region: Region, histogram: Float64Array, ml: number): DensityRow {
  const voxels = histogram.reduce((a, b) => a + b, 0);
  const volumeMl = voxels * ml;
  if (voxels === 0)
    return {
      region,
      volumeMl,
      meanHu: undefined,
      sdHu: undefined,
      huP05: undefined,
      huP50: undefined,
      huP95: undefined,
      laa950Percent: undefined,
      haaPercent: undefined,
    };
  const hu = (bin: number) => bin + LOWEST_HU;
  const mean = histogram.reduce((sum, n, bin) => sum + n * hu(bin), 0) / voxels;
  const variance = histogram.reduce((sum, n, bin) => sum + n * (hu(bin) - mean) ** 2, 0) / Math.max(1, voxels - 1);
  const share = (low: number, high: number) =>
    (histogram.reduce((sum, n, bin) => sum + (hu(bin) >= low && hu(bin) <= high ? n : 0), 0) / voxels) * 100;
  return {
    region,
    volumeMl,
    meanHu: mean,
    sdHu: Math.sqrt(variance),
    huP05: percentile(histogram, voxels, 0.05),
    huP50: percentile(histogram, voxels, 0.5),
    huP95: percentile(histogram, voxels, 0.95),
    laa950Percent: share(LOWEST_HU, EMPHYSEMA_HU - 1),
    haaPercent: share(...HIGH_ATTENUATION_HU),
  };
}

/** The HU of the voxel at the given share of the sorted voxels (nearest rank). */
function percentile(histogram: Float64Array, voxels: number, share: number): number {
  const rank = Math.max(1, Math.ceil(share * voxels));
  let seen = 0;
  for (let bin = 0; bin < histogram.length; bin++) {
    seen += histogram[bin]!;
    if (seen >= rank) return bin + LOWEST_HU;
  }
  return histogram.length - 1 + LOWEST_HU;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
