/** Textures and densities by place in the lungs: twelve zones, five levels, and profiles by depth and height. No network has a part in it. */
import { LUNG_PARTS, type Region, ZONES, type Zone } from '../../../protocol/names.ts';
import { type LabelMap, spacingMm, type Volume, voxelMl } from '../../ct/geometry/volume.ts';
import { type Decisions, inOverlap, overlapName } from '../decisions.ts';
import { gatherLungVoxels, type LungVoxels, lungVoxelsOfLabels, onGrid } from '../lungVoxels.ts';
import { binOf, densityOf, huHistogram } from '../measure.ts';
import type { DensityRow, MeasurementRow, TextureProbabilities } from '../quantification.ts';
import { type FoundLevel, findLevels } from './findLevels.ts';
import { placeVoxels, zonesOf } from './placeVoxels.ts';

/** Slices whose middle is within half of this of a level are of it: at least the one. */
export const LEVEL_MM = 5;
/** Of the profile by depth: bands of 5 mm, the last one of all that is deeper. */
export const DEPTH_MM = 5;
export const DEPTH_BANDS = 13;
/** Of the profile by height: tenths of each lung. */
export const HEIGHT_BANDS = 10;

export interface PlaceTables {
  /** Zones, then the levels that were found. */
  readonly measurements: readonly MeasurementRow[];
  readonly density: readonly DensityRow[];
  readonly levels: readonly FoundLevel[];
  /** The axial slice, from 0, in which most of a class of a zone lies. */
  readonly most: readonly { readonly region: Zone; readonly class: string; readonly slice: number }[];
  readonly profiles: Profiles;
}

export interface Profiles {
  /** Of one voxel. */
  readonly ml: number;
  /** Classes and overlaps. */
  readonly classes: readonly string[];
  /** By lobe, then by band: all voxels, then those of each class. */
  readonly depth: readonly (readonly (readonly number[])[])[];
  readonly height: readonly (readonly (readonly number[])[])[];
}

/** What is measured by place, all on one grid. */
export interface PlacesRequest {
  readonly lobes: LabelMap;
  /** 0, or the place of one of `classes` from 1 on. */
  readonly textures: Uint8Array;
  readonly classes: readonly string[];
  /** Overlapping classes, and the probabilities that tell them. */
  readonly overlaps?: { readonly of: Decisions['overlaps']; readonly probabilities: TextureProbabilities };
  readonly peripheralMm: number;
  /** Whether the zones are wanted as a map. */
  readonly map: boolean;
}

/** Labels from 1 on in the order of the classes of the voxels; an overlap is 0 or 1 for each. */
interface LabelledVoxels {
  readonly voxels: LungVoxels;
  readonly labels: Uint8Array;
  readonly overlaps: readonly { readonly name: string; readonly inside: Uint8Array }[];
}

interface Counter {
  readonly all: Float64Array;
  /** By class or overlap, then by place. */
  readonly of: readonly { readonly name: string; readonly counts: Float64Array }[];
}

/** `zones` of the CT's grid come where `map` asks for them, 1–12 in the order of ZONES. */
export function measurePlaces(
  volume: Volume,
  { lobes, textures, classes, overlaps: both, peripheralMm, map }: PlacesRequest,
): { readonly tables: PlaceTables; readonly zones: Uint8Array } {
  const voxels = lungVoxelsOfLabels(lobes, textures, classes);
  const overlaps = both ? overlapsIn(lobes, both) : [];
  const places = placeVoxels(lobes, voxels);
  const zones = zonesOf(places, peripheralMm);
  const levels = findLevels(volume, lobes, places);
  const slices = slicesOf(voxels);
  const ml = voxelMl(volume);
  const count = counterOf({ voxels, labels: voxels.best, overlaps });
  const nz = volume.size[2];
  const byZone = count(ZONES.length, (n) => zones[n]! - 1);
  const byZoneAndSlice = count(ZONES.length * nz, (n) => (zones[n]! - 1) * nz + slices[n]!);
  const levelOf = levelOfSlices(volume, levels);
  const byLevel = count(levels.length, (n) => levelOf[slices[n]!]!);
  const depth = count(
    LUNG_PARTS.length * DEPTH_BANDS,
    (n) => (voxels.lobes[n]! - 1) * DEPTH_BANDS + Math.min(DEPTH_BANDS - 1, Math.floor(places.depthMm[n]! / DEPTH_MM)),
  );
  const height = count(
    LUNG_PARTS.length * HEIGHT_BANDS,
    (n) =>
      (voxels.lobes[n]! - 1) * HEIGHT_BANDS + Math.min(HEIGHT_BANDS - 1, Math.floor(places.height[n]! * HEIGHT_BANDS)),
  );
  const density = (regions: readonly Region[], placeOf: (n: number) => number) =>
    densities(volume, voxels, regions, placeOf, ml);
  const found = levels.map(({ level }) => level);
  return {
    zones: map ? onGrid(voxels, zones) : new Uint8Array(0),
    tables: {
      measurements: [...rowsOf(ZONES, byZone, ml), ...rowsOf(found, byLevel, ml)],
      density: [...density(ZONES, (n) => zones[n]! - 1), ...density(found, (n) => levelOf[slices[n]!]!)],
      levels,
      most: mostOf(byZoneAndSlice, nz),
      profiles: {
        ml,
        classes: depth.of.map(({ name }) => name),
        depth: bandsOf(depth, DEPTH_BANDS),
        height: bandsOf(height, HEIGHT_BANDS),
      },
    },
  };
}

/** Of the voxels of the lobes in their order. */
function overlapsIn(lobes: LabelMap, { of, probabilities }: NonNullable<PlacesRequest['overlaps']>) {
  const gathered = gatherLungVoxels(lobes, probabilities, undefined);
  return of.map((overlap) => ({ name: overlapName(overlap.classes), inside: inOverlap(gathered, overlap) }));
}

/** The axial slice of each voxel. */
function slicesOf({ runs, size: [nx, ny], lobes }: LungVoxels): Uint16Array {
  const slices = new Uint16Array(lobes.length);
  for (let r = 0, n = 0; r < runs.length; r += 2) {
    const length = runs[r + 1]!;
    slices.fill(Math.floor(runs[r]! / (nx * ny)), n, n + length);
    n += length;
  }
  return slices;
}

/** Which of the levels a slice shows; −1 where none. Where two share a slice, the nearer one has it, of two as near the upper. */
function levelOfSlices(volume: Volume, levels: readonly FoundLevel[]): Int8Array {
  const mm = spacingMm(volume)[2];
  return Int8Array.from({ length: volume.size[2] }, (_, k) => {
    const away = levels.map(({ slice }) => Math.abs(slice - k));
    const nearest = away.indexOf(Math.min(...away));
    return nearest >= 0 && (away[nearest] === 0 || away[nearest]! * mm <= LEVEL_MM / 2) ? nearest : -1;
  });
}

/** Counts the voxels of each place, and of each class in it; a place of −1 counts nowhere. */
function counterOf({ voxels, labels, overlaps }: LabelledVoxels) {
  return (size: number, placeOf: (voxel: number) => number): Counter => {
    const all = new Float64Array(size);
    const classes = voxels.classes.map((name) => ({ name, counts: new Float64Array(size) }));
    const both = overlaps.map(({ name }) => ({ name, counts: new Float64Array(size) }));
    for (let n = 0; n < labels.length; n++) {
      const place = placeOf(n);
      if (place < 0) continue;
      all[place]!++;
      if (labels[n]) classes[labels[n]! - 1]!.counts[place]!++;
      for (const [o, { inside }] of overlaps.entries()) both[o]!.counts[place]! += inside[n]!;
    }
    return { all, of: [...classes, ...both] };
  };
}

function rowsOf(regions: readonly Region[], { all, of }: Counter, ml: number): MeasurementRow[] {
  return regions.flatMap((region, place) =>
    of.map(({ name, counts }) => ({
      region,
      class: name,
      volumeMl: counts[place]! * ml,
      percent: all[place] ? (counts[place]! / all[place]!) * 100 : undefined,
    })),
  );
}

// biome-ignore lint/complexity/useMaxParams: what is counted, where, and in which unit
function densities(
  volume: Volume,
  { runs }: LungVoxels,
  regions: readonly Region[],
  placeOf: (voxel: number) => number,
  ml: number,
): DensityRow[] {
  const histograms = regions.map(huHistogram);
  for (let r = 0, n = 0; r < runs.length; r += 2)
    for (let v = runs[r]!; v < runs[r]! + runs[r + 1]!; v++, n++) {
      const place = placeOf(n);
      if (place >= 0) histograms[place]![binOf(volume.hu[v]!)]!++;
    }
  return regions.map((region, place) => densityOf(region, histograms[place]!, ml));
}

function mostOf({ of }: Counter, slices: number): PlaceTables['most'] {
  return ZONES.flatMap((region, zone) =>
    of.flatMap(({ name, counts }) => {
      const own = counts.subarray(zone * slices, (zone + 1) * slices);
      const most = own.reduce((a, b) => Math.max(a, b), 0);
      return most > 0 ? [{ region, class: name, slice: own.indexOf(most) }] : [];
    }),
  );
}

function bandsOf({ all, of }: Counter, bands: number): number[][][] {
  return LUNG_PARTS.map((_, lobe) =>
    Array.from({ length: bands }, (__, band) => {
      const place = lobe * bands + band;
      return [all[place]!, ...of.map(({ counts }) => counts[place]!)];
    }),
  );
}
