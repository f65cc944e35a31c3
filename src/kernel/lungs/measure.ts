/** Volumes, percentages and densities of regions, counted voxel by voxel. */
import { MIN_HU } from '../../protocol/hounsfield.ts';
import { LUNG_PARTS, type LungRegion, type Region } from '../../protocol/names.ts';
import { forEachLabelledRun } from '../ct/geometry/labelled.ts';
import { type LabelMap, type Volume, voxelMl } from '../ct/geometry/volume.ts';
import { forEachVoxel, type Runs } from '../masks/runs.ts';
import { lungRegionsIn, placesOfParts } from './lungParts.ts';
import type { LungVoxels } from './lungVoxels.ts';
import type { AxialPercent, DensityRow, MeasurementRow, OverlapRow, StructureRow } from './quantification.ts';

const HISTOGRAM_BINS = 4096;
const EMPHYSEMA_HU = -950;
const HIGH_ATTENUATION_HU = [-600, -250] as const;

export interface Measures {
  readonly measurements: MeasurementRow[];
  readonly axialPercent: AxialPercent;
  readonly overlaps: OverlapRow[];
}

/** A bin for every Hounsfield unit. */
export function huHistogram(): Float64Array {
  return new Float64Array(HISTOGRAM_BINS);
}

/** The bin of `huHistogram` that counts a voxel. */
export function binOf(hu: number): number {
  return Math.min(HISTOGRAM_BINS - 1, Math.max(0, hu - MIN_HU));
}

/** Densities of all regions, which do not hang on textures. Volume and lobes share one grid. */
export function measureDensities(volume: Volume, lobes: LabelMap): DensityRow[] {
  const histograms = LUNG_PARTS.map(huHistogram);
  const { labels, size } = lobes;
  const { hu } = volume;
  forEachLabelledRun(labels, size[0], (first, end) => {
    for (let v = first; v < end; v++) histograms[labels[v]! - 1]![binOf(hu[v]!)]!++;
  });
  return lungRegionsIn(labels).map((region) => densityOf(region, sumOf(region, histograms), voxelMl(volume)));
}

/** Volume and density of a structure of the same grid; `isLung` marks the lungs that are measured. */
export function measureStructure(
  volume: Volume,
  { name, runs }: { readonly name: string; readonly runs: Runs },
  isLung: Uint8Array,
): Omit<StructureRow, 'subtracted'> {
  const histogram = huHistogram();
  let inLungs = 0;
  forEachVoxel(runs, (v) => {
    histogram[binOf(volume.hu[v]!)]!++;
    if (isLung[v]) inLungs++;
  });
  const { region: _, ...density } = densityOf('total', histogram, voxelMl(volume));
  return { region: name, ...density, inLungsMl: inLungs * voxelMl(volume) };
}

/**
 * Volumes and percentages from decided lung voxels (labels from 1 on in the order of their classes, 0 for none), and the volumes of overlaps (0 or 1 for each
 * voxel) beside them. A region's volume, and what its percentages are shares of, is that of its lobes: voxels of no class
 * are in it, so that it does not depend on the texture model.
 */
export function measureVoxels(
  voxels: LungVoxels,
  labels: Uint8Array,
  overlaps: readonly { readonly name: string; readonly inside: Uint8Array }[],
): Measures {
  const [nx, ny, nz] = voxels.size;
  /** Labels of voxels: none, then the classes. */
  const kinds = voxels.classes.length + 1;
  const tally = new Int32Array(nz * LUNG_PARTS.length * kinds);
  const both = overlaps.map(({ name, inside }) => ({ name, inside, tally: new Int32Array(nz * LUNG_PARTS.length) }));
  for (let r = 0, first = 0; r < voxels.runs.length; r += 2) {
    const slice = Math.floor(voxels.runs[r]! / (nx * ny)) * LUNG_PARTS.length - 1;
    const end = first + voxels.runs[r + 1]!;
    // Neighbours are mostly alike, and are counted together.
    for (let n = first; n < end; ) {
      const begin = n++;
      const lobe = voxels.lobes[begin]!;
      const label = labels[begin]!;
      while (n < end && voxels.lobes[n] === lobe && labels[n] === label) n++;
      tally[(slice + lobe) * kinds + label]! += n - begin;
    }
    for (const overlap of both)
      for (let n = first; n < end; n++) overlap.tally[slice + voxels.lobes[n]!]! += overlap.inside[n]!;
    first = end;
  }
  return measuresOf({ tally, classes: voxels.classes, regions: lungRegionsIn(voxels.lobes) }, both, voxelMl(voxels));
}

/** `tally`: voxels of each label in each lobe of each axial slice; of an overlap, those in each lobe of each slice. */
function measuresOf(
  {
    tally,
    classes,
    regions,
  }: { readonly tally: Int32Array; readonly classes: readonly string[]; readonly regions: readonly LungRegion[] },
  overlaps: readonly { readonly name: string; readonly tally: Int32Array }[],
  ml: number,
): Measures {
  const width = classes.length + 1;
  const slices = Array.from({ length: tally.length / LUNG_PARTS.length / width }, (_, slice) => slice);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const kinds = Array.from({ length: width }, (_, kind) => kind);
  /** Slice by slice, of the lobes of a region. */
  const areas = (region: LungRegion, count: (place: number) => number) =>
    slices.map((slice) => sum(placesOfParts(region).map((part) => count(slice * LUNG_PARTS.length + part))));
  const lung = (place: number) => sum(kinds.map((kind) => tally[place * width + kind]!));
  const largest = Math.max(1, ...areas('total', lung));
  const named = [
    ...classes.map((name, c) => ({ name, count: (place: number) => tally[place * width + c + 1]! })),
    ...overlaps.map((overlap) => ({ name: overlap.name, count: (place: number) => overlap.tally[place]! })),
  ];
  const rows: OverlapRow[] = [];
  // SAFETY: the keys are those of `regions`, of which `total` is the first.
  const axialPercent = Object.fromEntries(
    regions.map((region) => {
      const all = sum(areas(region, lung));
      const percents = named.map(({ name, count }) => {
        const inSlices = areas(region, count);
        const voxels = sum(inSlices);
        rows.push({ region, class: name, volumeMl: voxels * ml, percent: all ? (voxels / all) * 100 : undefined });
        return [name, inSlices.map((area) => round((area / largest) * 100, 2))] as const;
      });
      return [region, Object.fromEntries(percents)] as const;
    }),
  ) as Record<LungRegion, Record<string, number[]>>;
  const isTexture = (row: OverlapRow) => classes.includes(row.class);
  return {
    measurements: rows.filter(isTexture),
    axialPercent,
    overlaps: rows.filter((row) => !isTexture(row)),
  };
}

function sumOf(region: LungRegion, perPart: readonly Float64Array[]): Float64Array {
  if (region !== 'total') return perPart[LUNG_PARTS.indexOf(region)]!;
  return perPart[0]!.map((_, n) => perPart.reduce((sum, values) => sum + values[n]!, 0));
}

/** Of the voxels that a histogram of `huHistogram` counts. */
export function densityOf(region: Region, histogram: Float64Array, ml: number): DensityRow {
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
      huP15: undefined,
      skewness: undefined,
      kurtosis: undefined,
    };
  const hu = (bin: number) => bin + MIN_HU;
  const mean = histogram.reduce((sum, n, bin) => sum + n * hu(bin), 0) / voxels;
  const variance = histogram.reduce((sum, n, bin) => sum + n * (hu(bin) - mean) ** 2, 0) / Math.max(1, voxels - 1);
  const moment = (power: number) => histogram.reduce((sum, n, bin) => sum + n * (hu(bin) - mean) ** power, 0) / voxels;
  const spread = moment(2);
  const standardised = (power: number) => (spread > 0 ? moment(power) / spread ** (power / 2) : undefined);
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
    laa950Percent: share(MIN_HU, EMPHYSEMA_HU - 1),
    haaPercent: share(...HIGH_ATTENUATION_HU),
    huP15: percentile(histogram, voxels, 0.15),
    skewness: standardised(3),
    kurtosis: spread > 0 ? standardised(4)! - 3 : undefined,
  };
}

/** The HU of the voxel at the given share of the sorted voxels (nearest rank). */
function percentile(histogram: Float64Array, voxels: number, share: number): number {
  const rank = Math.max(1, Math.ceil(share * voxels));
  let seen = 0;
  for (let bin = 0; bin < histogram.length; bin++) {
    seen += histogram[bin]!;
    if (seen >= rank) return bin + MIN_HU;
  }
  return histogram.length - 1 + MIN_HU;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
