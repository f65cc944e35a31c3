/**
 * Contours of DICOM RTSTRUCT files (PS3.3 A.19.3, C.8.8.5 and C.8.8.6), drawn on the slices of a CT. A voxel is inside
 * where its centre is, or lies upon the contour, as the standard has it. Of contours in one plane, CLOSEDPLANAR_XOR are
 * combined by exclusive disjunction; a CLOSED_PLANAR one within another is its hole, as programs wrote holes before there
 * was another way than a keyhole, which needs nothing: its channel has no width.
 */
import type { DicomElements } from 'dcmjs';
import { UserError } from '../../base/userError.ts';
import type { Grid, GridSize } from '../../ct/geometry/volume.ts';
import { inverseOf } from '../fileGrid.ts';
import { transformed } from '../placing/transform.ts';
import { items, numbers, text } from './maskTags.ts';

export interface Contour {
  readonly isXor: boolean;
  /** x, y, z of each point in LPS mm, one after another. */
  readonly points: readonly number[];
}

export interface Roi {
  readonly number: number;
  readonly name: string | undefined;
  readonly contours: readonly Contour[];
  /** Contours of other kinds: points and open lines, which enclose nothing. */
  readonly open: number;
}

/** The regions of interest of a file. */
export function roisOf(elements: DicomElements): Roi[] {
  const contoursOf = new Map(
    items(elements, '30060039').map((roi) => [numbers(roi, '30060084')[0], items(roi, '30060040')] as const),
  );
  return items(elements, '30060020').flatMap((roi): Roi[] => {
    const number = numbers(roi, '30060022')[0];
    if (number === undefined) return [];
    const all = contoursOf.get(number) ?? [];
    const kindOf = (contour: DicomElements) => text(contour, '30060042')?.toUpperCase() ?? '';
    const closed = all.filter((contour) => /^CLOSED_?PLANAR(_XOR)?$/.test(kindOf(contour)));
    return [
      {
        number,
        name: text(roi, '30060026'),
        contours: closed.flatMap((contour) => {
          const points = numbers(contour, '30060050');
          return points.length >= 9 ? [{ isXor: kindOf(contour).endsWith('XOR'), points }] : [];
        }),
        open: all.length - closed.length,
      },
    ];
  });
}

/** A contour in a slice: the slice between slices that it lies in, and its points in columns and rows. */
interface InPlane {
  readonly slice: number;
  readonly isXor: boolean;
  readonly points: readonly (readonly [i: number, j: number])[];
}

/** Points of one contour are so far from their plane at the most, in slices. */
const FLAT = 0.1;
/** Planes so near to each other are the same, in slices. */
const SAME_PLANE = 0.01;

export interface DrawnRoi {
  readonly labels: Uint8Array;
  /** Contours that do not lie in the planes of slices: each slice takes the nearest plane. */
  readonly offSlice: number;
  /** Planes of contours without a slice: they lie beyond the CT. */
  readonly beyond: number;
  /** Contours within others that say by nothing but their place that they are holes. */
  readonly holes: number;
}

/** 1 in the region, on the grid; `name` is for messages. Throws a UserError where contours cross slices. */
export function drawRoi({ contours }: Pick<Roi, 'contours'>, grid: Grid, name: string): DrawnRoi {
  const inverse = inverseOf(grid.affine);
  const planar = contours.map((contour) => inPlane(contour, inverse, name));
  const planes = planesOf(planar);
  const labels = new Uint8Array(grid.size[0] * grid.size[1] * grid.size[2]);
  const [nx, ny, nz] = grid.size;
  const reach = reachOf(planes);
  let holes = 0;
  const pictures = new Map<Plane, Uint8Array>();
  const used = new Set<Plane>();
  for (let k = 0; k < nz; k++) {
    const nearest = nearestPlane(planes, k, reach);
    if (!nearest) continue;
    used.add(nearest);
    let picture = pictures.get(nearest);
    if (!picture) {
      const drawn = drawPlane(nearest.contours, grid.size);
      holes += drawn.holes;
      picture = drawn.inside;
      pictures.clear();
      pictures.set(nearest, picture);
    }
    labels.set(picture, k * nx * ny);
  }
  const isOff = ({ slice }: Plane) => Math.abs(slice - Math.round(slice)) > FLAT;
  return {
    labels,
    offSlice: planes.filter((plane) => used.has(plane) && isOff(plane)).length,
    beyond: planes.filter((plane) => !used.has(plane) && (plane.slice < -reach || plane.slice > nz - 1 + reach)).length,
    holes,
  };
}

function inPlane({ points, isXor }: Contour, inverse: readonly number[], name: string): InPlane {
  const placed: [number, number][] = [];
  let [low, high] = [Infinity, -Infinity];
  let sum = 0;
  for (let p = 0; p + 2 < points.length; p += 3) {
    const [i, j, k] = transformed(inverse, points[p]!, points[p + 1]!, points[p + 2]!);
    placed.push([i, j]);
    [low, high] = [Math.min(low, k), Math.max(high, k)];
    sum += k;
  }
  if (high - low > 2 * FLAT)
    throw new UserError(
      'mask-file',
      `Contours of ${name} do not lie in the planes of the CT’s slices: they were drawn on another series, or in a coronal or sagittal plane. Convert them to a mask (SEG or NIfTI) in the program that drew them.`,
    );
  return { slice: sum / placed.length, isXor, points: placed };
}

interface Plane {
  readonly slice: number;
  readonly contours: readonly InPlane[];
}

/** By height, each with its contours. */
function planesOf(contours: readonly InPlane[]): Plane[] {
  const planes: { slice: number; contours: InPlane[] }[] = [];
  for (const contour of contours.toSorted((a, b) => a.slice - b.slice)) {
    const last = planes.at(-1);
    if (last && contour.slice - last.slice <= SAME_PLANE) last.contours.push(contour);
    else planes.push({ slice: contour.slice, contours: [contour] });
  }
  return planes;
}

/** A plane stands for what is nearer to it than to its neighbours, by the usual distance of planes; and for a slice at the least. */
function reachOf(planes: readonly Plane[]): number {
  const gaps = planes
    .slice(1)
    .map(({ slice }, n) => slice - planes[n]!.slice)
    .sort((a, b) => a - b);
  const usual = gaps[Math.floor(gaps.length / 2)] ?? 1;
  return Math.max(1, usual) / 2 + 1e-6;
}

function nearestPlane(planes: readonly Plane[], k: number, reach: number): Plane | undefined {
  let best: Plane | undefined;
  for (const plane of planes)
    if (Math.abs(plane.slice - k) <= reach && (!best || Math.abs(plane.slice - k) < Math.abs(best.slice - k)))
      best = plane;
  return best;
}

/** The picture of all contours of a plane, largest first. */
function drawPlane(contours: readonly InPlane[], size: GridSize): { inside: Uint8Array; holes: number } {
  const inside = new Uint8Array(size[0] * size[1]);
  let holes = 0;
  const filled = contours
    .map(({ points, isXor }) => ({ isXor, voxels: fill(points, size) }))
    .sort((a, b) => b.voxels.length - a.voxels.length);
  for (const [n, { isXor, voxels }] of filled.entries()) {
    // One that is written twice is no hole of itself.
    const isCopy = !isXor && filled.slice(0, n).some((other) => isSame(other.voxels, voxels));
    if (isCopy) continue;
    const isHole = voxels.length > 0 && voxels.every((voxel) => inside[voxel] === 1);
    if (isHole && !isXor) holes++;
    for (const voxel of voxels) inside[voxel] = isXor ? 1 - inside[voxel]! : isHole ? 0 : 1;
  }
  return { inside, holes };
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((voxel, n) => voxel === b[n]);
}

/** Distances below this are rounding of what a contour's text can say, in voxels. */
const UPON = 1e-4;

/** The voxels of a slice whose centres are within a polygon by the rule of even and odd, or upon it. */
function fill(points: InPlane['points'], [nx, ny]: GridSize): number[] {
  const voxels: number[] = [];
  const heights = points.map(([, j]) => j);
  const first = Math.max(0, Math.ceil(least(heights) - UPON));
  const last = Math.min(ny - 1, Math.floor(-least(heights.map((j) => -j)) + UPON));
  const add = (row: number, from: number, to: number, seen: Uint8Array) => {
    for (let i = Math.max(0, Math.ceil(from - UPON)); i <= Math.min(nx - 1, Math.floor(to + UPON)); i++)
      if (!seen[i]) {
        seen[i] = 1;
        voxels.push(row * nx + i);
      }
  };
  const seen = new Uint8Array(nx);
  for (let row = first; row <= last; row++) {
    seen.fill(0);
    const crossings: number[] = [];
    for (const [n, [x0, y0]] of points.entries()) {
      const [x1, y1] = points[(n + 1) % points.length]!;
      if (y0 <= row !== y1 <= row) crossings.push(x0 + ((row - y0) / (y1 - y0)) * (x1 - x0));
      // Level edges, and corners on the row, are upon the contour.
      if (Math.abs(y0 - row) <= UPON) add(row, x0, x0, seen);
      if (Math.abs(y0 - row) <= UPON && Math.abs(y1 - row) <= UPON) add(row, Math.min(x0, x1), Math.max(x0, x1), seen);
    }
    crossings.sort((a, b) => a - b);
    for (let c = 0; c + 1 < crossings.length; c += 2) add(row, crossings[c]!, crossings[c + 1]!, seen);
  }
  return voxels;
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}
