/**
 * How much lung each slice of each plane shows: where a viewer begins, and where the lungs end. From the lobes where a CT
 * was measured, else estimated from its Hounsfield units.
 */
import type { Plane } from '../../protocol/view.ts';
import { type LabelMap, spacingMm, type Volume } from '../ct/geometry/volume.ts';

/** Per plane, a number for each slice: voxels of lung, or as many of them as were counted. */
export type LungProfile = Readonly<Record<Plane, readonly number[]>>;

/** First and last slice of the lungs. */
export type LungExtent = readonly [first: number, last: number];

/** Aerated lung and little else: air is thinner, fat and soft tissue are denser. */
const LUNG_HU = [-950, -500] as const;
/** Soft tissue of at least this length lies around the lungs on all four sides; clothes and mattresses have none around them. */
const SOFT_HU = -200;
const SOFT_MM = 8;
/** Of each slice every second voxel of every second row is counted. */
const STEP = 2;
/** Axial slices that an estimate looks at are about so far apart; those between take the number of the one below. */
const APART_MM = 2.5;
/**
 * Of an estimate, slices with less than this share of the most are bowel, skin and shoulders. On 11 real chests whose lungs
 * are known the lowest slice is so estimated 0 to 30 mm above the lungs' base (in one 18 mm below it), and the highest one
 * 0 to 12 mm below their apex; the first coronal and sagittal slices all show lung.
 */
const LEAST_SHARE = 0.12;

/** From lobes or any other labels of lung. */
export function profileOfLabels({ labels, size }: LabelMap): LungProfile {
  const isLung = (_: number, __: number, index: number) => labels[index] !== 0;
  const counts = Array.from({ length: size[2] }, (___, k) => countSlice(size, k, isLung));
  return profileOf(counts, size, [0, size[2] - 1]);
}

/** An estimate, for CTs that were not measured: what is as thin as lung and lies within the body. */
export function estimatedProfile({ hu, size, affine }: Volume): LungProfile {
  const [low, high] = LUNG_HU;
  const inside = createBody({ hu, size, affine });
  const counts: SliceCounts[] = [];
  const step = Math.max(1, Math.floor(APART_MM / spacingMm({ size, affine })[2]));
  for (let k = 0; k < size[2]; k++) {
    const isInside = k % step ? undefined : inside(k);
    counts.push(
      isInside
        ? countSlice(size, k, (i, j, index) => hu[index]! >= low && hu[index]! <= high && isInside(i, j))
        : counts.at(-1)!,
    );
  }
  const axial = Int32Array.from(counts, ({ lung }) => lung);
  return profileOf(counts, size, aroundMost(axial));
}

/** The slice with most lung; the middle one where there is none. */
export function sliceWithMostLung(profile: LungProfile, plane: Plane): number {
  const counts = profile[plane];
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  return most ? counts.indexOf(most) : Math.floor(counts.length / 2);
}

/** Undefined where there is no lung. */
export function lungExtent(profile: LungProfile, plane: Plane): LungExtent | undefined {
  const counts = profile[plane];
  const first = counts.findIndex((n) => n > 0);
  return first < 0 ? undefined : [first, counts.findLastIndex((n) => n > 0)];
}

/** Lung in one axial slice: in all, and in each of its columns and rows. */
interface SliceCounts {
  readonly lung: number;
  readonly columns: Int32Array;
  readonly rows: Int32Array;
}

function countSlice(
  [nx, ny]: Volume['size'],
  k: number,
  isLung: (i: number, j: number, index: number) => boolean,
): SliceCounts {
  const [columns, rows] = [new Int32Array(nx), new Int32Array(ny)];
  let lung = 0;
  for (let j = 0; j < ny; j += STEP)
    for (let i = 0, row = (k * ny + j) * nx; i < nx; i += STEP)
      if (isLung(i, j, row + i)) {
        lung++;
        columns[i]!++;
        rows[j]!++;
      }
  return { lung, columns, rows };
}

/** Of the axial slices from the first to the last; coronal and sagittal ones that were passed over take their neighbour's number. */
function profileOf(counts: readonly SliceCounts[], [nx, ny]: Volume['size'], [first, last]: LungExtent): LungProfile {
  const axial = Int32Array.from(counts, ({ lung }, k) => (k >= first && k <= last ? lung : 0));
  const [coronal, sagittal] = [new Int32Array(ny), new Int32Array(nx)];
  for (const { columns, rows } of counts.slice(first, last + 1)) {
    for (let i = 0; i < nx; i++) sagittal[i]! += columns[i - (i % STEP)]!;
    for (let j = 0; j < ny; j++) coronal[j]! += rows[j - (j % STEP)]!;
  }
  return { axial: [...axial], coronal: withoutLittle(coronal), sagittal: withoutLittle(sagittal) };
}

/** The slices around the one with most, as far as each has its share. */
function aroundMost(counts: Int32Array): LungExtent {
  const most = Math.max(...counts);
  const isLittle = (n: number) => n < LEAST_SHARE * most;
  const middle = counts.indexOf(most);
  const below = counts.subarray(0, middle).findLastIndex(isLittle) + 1;
  const above = counts.subarray(middle).findIndex(isLittle);
  return [below, above < 0 ? counts.length - 1 : middle + above - 1];
}

function withoutLittle(counts: Int32Array): number[] {
  const least = LEAST_SHARE * Math.max(...counts);
  return Array.from(counts, (n) => (n < least ? 0 : n));
}

/** For an axial slice, whether soft tissue lies on all four sides of a place. */
function createBody({ hu, size: [nx, ny], affine }: Volume): (k: number) => (i: number, j: number) => boolean {
  const [acrossMm, downMm] = spacingMm({ size: [nx, ny, 1], affine });
  return (k) => {
    const start = k * nx * ny;
    const rows = softEnds({ hu, start, lines: ny, between: nx, length: nx, along: 1, mm: acrossMm });
    const columns = softEnds({ hu, start, lines: nx, between: 1, length: ny, along: nx, mm: downMm });
    return (i, j) => i > rows.first[j]! && i < rows.last[j]! && j > columns.first[i]! && j < columns.last[i]!;
  };
}

interface Lines {
  readonly hu: Int16Array;
  /** Of the slice, of each next line, and of each next voxel of a line, in the volume. */
  readonly start: number;
  readonly between: number;
  readonly along: number;
  readonly lines: number;
  readonly length: number;
  /** Between voxels of a line. */
  readonly mm: number;
}

/** Where soft tissue of some length begins first, and ends last, in every second line. */
function softEnds({ hu, start, lines, between, length, along, mm }: Lines) {
  const [first, last] = [new Int32Array(lines).fill(length), new Int32Array(lines).fill(-1)];
  const long = Math.max(1, Math.ceil(SOFT_MM / mm));
  for (let line = 0; line < lines; line += STEP)
    for (let n = 0, run = 0, at = start + line * between; n < length; n++, at += along) {
      run = hu[at]! > SOFT_HU ? run + 1 : 0;
      if (run < long) continue;
      if (first[line] === length) first[line] = n - long + 1;
      last[line] = n;
    }
  return { first, last };
}
