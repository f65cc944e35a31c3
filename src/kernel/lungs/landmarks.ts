/**
 * Signs of where front, head and left are, found beside the segmented lungs whatever the file says. The lobes' names
 * tell nothing: a network that sees a turned chest still puts them where they usually are. Each pair of signs is
 * independent of the other: one is of density and one of shape, so that contrast agent, metal or a cut lung spoil one.
 */
import type { Resampled } from '../ct/geometry/resample.ts';
import { type LabelMap, spacingMm } from '../ct/geometry/volume.ts';
import { labelledBox, nearestLabels, type VoxelBox } from './lungBox.ts';
import { lungSurfaces } from './lungSurfaces.ts';
import { mediastinumLeftMm } from './mediastinum.ts';

/**
 * Where the middle does not lie between two lungs, as in half a chest or after one was removed, there is no midline, and
 * only `hollowBelow` tells.
 */
export interface Landmarks {
  /** Extent of the lungs along the axes; undefined where the CT does not show two lungs whole. */
  readonly extentMm: { readonly width: number; readonly depth: number; readonly height: number } | undefined;
  /**
   * How much of the strip between the lungs is bone at every height, in mm from right to left, before and behind their
   * middle; undefined where the lungs are in view over so few mm that a heart would be as long as a spine.
   */
  readonly spineMm: { readonly front: number; readonly back: number } | undefined;
  /** How far the lungs keep from the midline in front and behind, in their upper half; undefined where their tips are cut off. */
  readonly fromMidlineMm: { readonly front: number; readonly back: number } | undefined;
  /** Share of the slices of the lungs' top and bottom quarter that show a trachea between the lungs. */
  readonly trachea: { readonly top: number; readonly bottom: number };
  /**
   * How much more the lower surface of the lungs is hollow than the upper one; see `LungSurfaces`. Above 0 it rests on the
   * diaphragm. Undefined where the lungs' tips are cut off.
   */
  readonly hollowBelow: number | undefined;
  /** How far heart and aorta lean to the left; see `mediastinumLeftMm`. Undefined where the CT does not show the lungs whole: heights and borders are not those of lungs there. */
  readonly mediastinumLeftMm: number | undefined;
  /** Share of fat and gas below each lung; undefined where the CT does not reach there. */
  readonly notSolidBelow: { readonly right: number; readonly left: number } | undefined;
}

/** The strip that is searched reaches this far to either side of the middle between the lungs' outer borders. */
const STRIP_MM = 25;
/** Bone of a vertebra, averaged over the voxels of a network. */
const BONE_HU = 200;
/** The spine passes all of so many heights, but for one; heart, great vessels and sternum do not. */
const HEIGHTS = 10;
/** Less lung than this, from top to bottom, shows no spine. */
const MIN_HEIGHT_MM = 60;
/** Depths over which bone is averaged: what a spine bends from one height to the next. */
const BEND_MM = 30;
const AIR_HU = -800;
/** A trachea's section; less is an air-filled oesophagus or noise, more is lung that was missed. */
const TRACHEA_MM2 = [50, 600] as const;
/** Heights and depths are shares of the lungs' extent, from the bottom and from the front. */
const TOP_QUARTER = [0.75, 0.97] as const;
const BOTTOM_QUARTER = [0.03, 0.25] as const;
const UPPER_HALF = [0.5, 0.97] as const;
const END_FIFTH = 0.2;
const MIDDLE_HALF = [0.25, 0.75] as const;
/**
 * Within so few mm of the middle between the lungs' outer borders lies little lung: in real CTs, turned ones too, 0.13 of
 * the lungs' depth at the most, and where one lung alone is in view 0.59 at the least.
 */
const GAP_MM = 6;
const MAX_LUNG_IN_GAP = 0.35;
/** Rows of a slice in which the lungs' distance from the midline is taken, as shares of its lungs' depth. */
const END_ROWS = { front: 0.1, back: 0.9 } as const;
/** Lungs whose section at an end is larger than this share of the largest one are cut off there. */
const MAX_TIP_SHARE = 0.3;

/** `coarse` is the CT at the spacing of the lobes' network; `drawn` its lobes on any grid over the same box, not empty. */
export function findLandmarks(coarse: Resampled, drawn: LabelMap): Landmarks {
  const lobes = { ...coarse, labels: nearestLabels(drawn, coarse.size) };
  const box = labelledBox(lobes, 0);
  if (!box) throw new Error('no lobe is labelled');
  const [nx, ny] = coarse.size;
  const [dx, dy, dz] = spacingMm(coarse);
  const [left, front, bottom] = box.low;
  const [right, back, top] = box.high;
  const middle = (left + right) / 2;
  const strip: Strip = {
    columns: indices(Math.max(0, middle - STRIP_MM / dx), Math.min(nx - 1, middle + STRIP_MM / dx)),
    slices: ([low, high]) => indices(bottom + low * (top - bottom), bottom + high * (top - bottom)),
  };
  const between = indices(front + END_FIFTH * (back - front), back - END_FIFTH * (back - front));
  const trachea = (heights: readonly [number, number]): number => {
    const all = strip.slices(heights);
    const seen = all.filter((k) => {
      let voxels = 0;
      for (const j of between)
        for (const i of strip.columns) {
          const index = (k * ny + j) * nx + i;
          if (coarse.hu[index]! < AIR_HU && lobes.labels[index] === 0) voxels++;
        }
      const mm2 = voxels * dx * dy;
      return mm2 >= TRACHEA_MM2[0] && mm2 <= TRACHEA_MM2[1];
    });
    return all.length ? seen.length / all.length : 0;
  };
  const inView = endsInView(lobes, strip);
  const surfaces = lungSurfaces(coarse, lobes, middle);
  const hollowBelow = inView.top ? surfaces.hollowBelow : undefined;
  if (!isGap(lobes, strip, box)) return { ...NO_MIDLINE, hollowBelow };
  const isWhole = inView.top && inView.bottom && left > 0 && right < nx - 1;
  const extent = (axis: 0 | 1 | 2, mm: number) => (box.high[axis] - box.low[axis] + 1) * mm;
  return {
    extentMm: isWhole ? { width: extent(0, dx), depth: extent(1, dy), height: extent(2, dz) } : undefined,
    spineMm: (top - bottom) * dz < MIN_HEIGHT_MM ? undefined : spineMm(coarse, strip, (front + back) / 2),
    fromMidlineMm: inView.top ? fromMidlineMm(lobes, strip, middle) : undefined,
    trachea: { top: trachea(TOP_QUARTER), bottom: trachea(BOTTOM_QUARTER) },
    hollowBelow,
    mediastinumLeftMm: isWhole ? mediastinumLeftMm(lobes) : undefined,
    notSolidBelow: surfaces.notSolidBelow,
  };
}

const NO_MIDLINE: Omit<Landmarks, 'hollowBelow'> = {
  extentMm: undefined,
  spineMm: undefined,
  fromMidlineMm: undefined,
  trachea: { top: 0, bottom: 0 },
  mediastinumLeftMm: undefined,
  notSolidBelow: undefined,
};

/** Whether the middle between the lungs' outer borders lies between two lungs, and not within one. */
function isGap({ labels, ...grid }: LabelMap, { slices }: Strip, { low, high }: VoxelBox): boolean {
  const [nx, ny] = grid.size;
  const reach = Math.max(1, Math.round(GAP_MM / spacingMm(grid)[0]));
  const middle = (low[0] + high[0]) >> 1;
  const columns = indices(Math.max(0, middle - reach), Math.min(nx - 1, middle + reach));
  const rows = indices(low[1], high[1]);
  const heights = slices(MIDDLE_HALF);
  let lung = 0;
  for (const k of heights) for (const j of rows) for (const i of columns) if (labels[(k * ny + j) * nx + i]) lung++;
  return lung <= MAX_LUNG_IN_GAP * heights.length * rows.length * columns.length;
}

/** The voxels between the lungs. */
interface Strip {
  readonly columns: readonly number[];
  /** Slices between two heights of the lungs. */
  readonly slices: (heights: readonly [number, number]) => readonly number[];
}

/** Before and behind the middle row: the depth with most bone, of the bone that is there at all heights but one. */
function spineMm(coarse: Resampled, { columns, slices }: Strip, middle: number) {
  const [nx, ny] = coarse.size;
  const [dx, dy] = spacingMm(coarse);
  const reach = Math.max(0, Math.round(BEND_MM / dy / 2));
  const rows = Array.from({ length: HEIGHTS }, (_, h) => {
    const heights = slices([h / HEIGHTS, (h + 1) / HEIGHTS]);
    const bone = indices(0, ny - 1).map((j) => {
      let voxels = 0;
      for (const k of heights) for (const i of columns) if (coarse.hu[(k * ny + j) * nx + i]! > BONE_HU) voxels++;
      return (voxels * dx) / Math.max(1, heights.length);
    });
    return bone.map((_, j) => mean(bone.slice(Math.max(0, j - reach), j + reach + 1)));
  });
  const throughout = indices(0, ny - 1).map((j) => rows.map((row) => row[j]!).sort((a, b) => a - b)[1]!);
  return {
    front: Math.max(0, ...throughout.slice(0, Math.floor(middle))),
    back: Math.max(0, ...throughout.slice(Math.ceil(middle))),
  };
}

/** In front the lungs come near each other over the heart; behind, the spine keeps them apart. */
function fromMidlineMm({ labels, ...grid }: LabelMap, { slices }: Strip, middle: number): Landmarks['fromMidlineMm'] {
  const [nx, ny] = grid.size;
  const [dx] = spacingMm(grid);
  const found: Record<'front' | 'back', number[]> = { front: [], back: [] };
  for (const k of slices(UPPER_HALF)) {
    const slice = labels.subarray(k * nx * ny, (k + 1) * nx * ny);
    const first = Math.floor(slice.findIndex((label) => label > 0) / nx);
    if (first < 0) continue;
    const last = Math.floor(slice.findLastIndex((label) => label > 0) / nx);
    for (const end of ['front', 'back'] as const) {
      const j = Math.round(first + END_ROWS[end] * (last - first));
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < nx; i++) if (slice[j * nx + i]) least = Math.min(least, Math.abs(i - middle) * dx);
      if (Number.isFinite(least)) found[end].push(least);
    }
  }
  if (found.front.length === 0 || found.back.length === 0) return undefined;
  return { front: mean(found.front), back: mean(found.back) };
}

/** Whether the lungs end within the CT at their top and at their bottom. */
function endsInView({ labels, size: [nx, ny] }: LabelMap, { slices }: Strip): { top: boolean; bottom: boolean } {
  const sections = slices([0, 1]).map((k) => {
    let voxels = 0;
    for (let p = k * nx * ny; p < (k + 1) * nx * ny; p++) if (labels[p]) voxels++;
    return voxels;
  });
  const most = MAX_TIP_SHARE * Math.max(...sections);
  return { top: sections.at(-1)! <= most, bottom: sections[0]! <= most };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The whole numbers from `first` to `last`. */
function indices(first: number, last: number): number[] {
  const start = Math.ceil(first);
  return Array.from({ length: Math.max(0, Math.floor(last) - start + 1) }, (_, n) => start + n);
}
