/**
 * Tells apart what one DICOM series may mix: scouts, images of other geometry, and several reconstructions of the same
 * places. Nothing is dropped without being counted.
 */

import type { Remark } from '../../../protocol/remark.ts';
import type { RemarkCode } from '../../../protocol/remarkCodes.ts';
import { anyOf } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { upperMedian } from '../../base/median.ts';
import { warning } from '../../base/remarks.ts';
import type { FoundFile } from '../files/scan.ts';
import { namesOfSources } from '../files/sources.ts';
import { alongNormal } from '../geometry/vector.ts';
import type { DicomHeader } from './dicomFile.ts';
import { SAME_PLACE_MM } from './sliceOrder.ts';

/** Images further apart within their plane than this many pixels do not lie upon each other. */
const SAME_COLUMN_PIXELS = 1;
/** Acquisitions that share at least this much of the shorter one's length are scans of the same places. */
const OVERLAP = 0.5;
/** Stacks that share less lie one above the other. */
const MIN_OVERLAP = 0.1;
/** Where more than this many slices would be needed for each that is there, most of the volume would be invented. */
const MAX_MISSING = 2;
const NAMES_SHOWN = 3;

export interface Stacks {
  /** Each with one image per place, before order and gaps are looked at. */
  readonly stacks: readonly (readonly FoundFile[])[];
  readonly problems: Remark[];
}

/** What must be equal in all images of a stack, in words for messages: a text, or numbers up to a tolerance. */
const SAME: readonly (readonly [
  words: string,
  of: (header: DicomHeader) => string | readonly number[],
  tolerance?: number,
])[] = [
  ['orientation', ({ orientation = [] }) => orientation, 1e-3],
  ['size', ({ rows, columns }) => `${rows} × ${columns}`],
  ['pixel spacing', ({ pixelSpacing = [] }) => pixelSpacing, 1e-3],
  ['frame of reference', ({ frameOfReferenceUid }) => frameOfReferenceUid ?? 'none'],
  ['kernel', ({ convolutionKernel }) => convolutionKernel ?? 'none'],
  ['slice thickness', ({ sliceThicknessMm = 0 }) => [sliceThicknessMm], 0.01],
];

/** `fewest` images make a stack; smaller groups are left out and counted. `label` names the series in messages. */
export function stacksOf(files: readonly FoundFile[], fewest: number, label: string): Stacks {
  const problems: Remark[] = [];
  const say = (code: RemarkCode, message: string) => problems.push(warning(code, `${label}${message}`));
  const unique = withoutCopies(files, say);
  const placed = unique.filter(hasGeometry);
  const unplaced = unique.filter((file) => !hasGeometry(file));
  const alike = bySize(
    SAME.reduce((groups, [, of, tolerance]) => groups.flatMap((group) => split(group, of, tolerance)), [placed]),
  );
  const isKept = (group: readonly FoundFile[], n: number) => n === 0 || group.length >= fewest;
  const kept = alike.filter(isKept);
  const small = alike.filter((group, n) => !isKept(group, n)).flat();
  if (small.length)
    say(
      'mixed-orientation',
      `: ${small.length} of ${unique.length} images are scouts or have another ${differences(alike)}, and are left out (${namesIn(small)}).`,
    );
  if (unplaced.length)
    say(
      'no-geometry',
      `: ${counted(unplaced.length, 'image lacks', 'images lack')} position, orientation or pixel spacing, and ${unplaced.length === 1 ? 'is' : 'are'} left out (${namesIn(unplaced)}).`,
    );
  const upright = kept.flatMap((group) => columnsOf(group, fewest, say));
  const whole = upright.flatMap((group) => layersOf(group, fewest)).flatMap((group) => splitAtGaps(group, fewest, say));
  if (whole.length > 1)
    say('several-reconstructions', ` holds ${stacksInWords(whole, kept, upright)}: each is a series of its own.`);
  return { stacks: whole, problems };
}

function hasGeometry({ header }: FoundFile): boolean {
  return Boolean(header.position && header.orientation && header.pixelSpacing);
}

type Say = (code: RemarkCode, message: string) => void;

function bySize(groups: readonly (readonly FoundFile[])[]): (readonly FoundFile[])[] {
  return groups.filter(({ length }) => length).sort((a, b) => b.length - a.length);
}

/** Groups in which `of` gives the same, or numbers within the tolerance of the group's first. */
function split(
  files: readonly FoundFile[],
  of: (header: DicomHeader) => string | readonly number[],
  tolerance = 0,
): FoundFile[][] {
  const groups: { readonly first: string | readonly number[]; readonly files: FoundFile[] }[] = [];
  for (const file of files) {
    const own = of(file.header);
    const group = groups.find(({ first }) => isAlike(first, own, tolerance));
    if (group) group.files.push(file);
    else groups.push({ first: own, files: [file] });
  }
  return groups.map((group) => group.files);
}

function isAlike(a: string | readonly number[], b: string | readonly number[], tolerance: number): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.length === b.length && a.every((value, n) => Math.abs(value - b[n]!) <= tolerance);
}

/** Images with the same SOPInstanceUID, or of the same file twice, are one. */
function withoutCopies(files: readonly FoundFile[], say: Say): FoundFile[] {
  const seen = new Set<string>();
  const copies: FoundFile[] = [];
  const unique = files.filter((file) => {
    const { sopInstanceUid, position, instanceNumber, convolutionKernel } = file.header;
    if (sopInstanceUid === undefined) return true;
    // Some anonymising programs give all images one UID: then their places tell them apart.
    const key = JSON.stringify([sopInstanceUid, file.source.frame, position, instanceNumber, convolutionKernel]);
    if (seen.has(key)) copies.push(file);
    return !seen.has(key) && seen.add(key);
  });
  if (copies.length)
    say(
      'duplicate-slices',
      `: ${counted(copies.length, 'image is there', 'images are there')} twice; one of each is used (left out: ${namesIn(copies)}).`,
    );
  return unique;
}

function differences(groups: readonly (readonly FoundFile[])[]): string {
  const firsts = groups.map((group) => group[0]!);
  const words = SAME.flatMap(([name, of, tolerance]) => (split(firsts, of, tolerance).length > 1 ? [name] : []));
  return anyOf(words) || 'geometry';
}

/** What several stacks of one series are to each other. */
function stacksInWords(
  stacks: readonly (readonly FoundFile[])[],
  kept: readonly (readonly FoundFile[])[],
  upright: readonly (readonly FoundFile[])[],
): string {
  const overlap = stacks.some((a, n) => stacks.slice(n + 1).some((b) => sharedLength(a, b) >= MIN_OVERLAP));
  const kind = `${stacks.length} ${overlap ? 'reconstructions' : 'parts of the body'}`;
  if (kept.length > 1) return `${kind} that differ in ${differences(kept)}`;
  if (upright.length > 1) return `${kind} that lie beside each other`;
  return overlap ? `${kind} of the same places` : `${kind} that lie far apart`;
}

/**
 * Images whose places within their plane follow one line, as upright and tilted stacks do. Others were reconstructed
 * beside them, with another centre: a tilt would be seen where there is none.
 */
function columnsOf(group: readonly FoundFile[], fewest: number, say: Say): (readonly FoundFile[])[] {
  if (group.length < 3) return [group];
  const sorted = [...group].sort((a, b) => along(a) - along(b));
  const half = sorted.length >> 1;
  // From slice to slice, so that a jump counts once; over half the stack, where positions are rounded; and upright.
  const candidates = [slopes(sorted, 1), slopes(sorted, half), [0, 0]].map((slope) => columnsAlong(sorted, slope));
  const columns = candidates.sort((a, b) => b[0]!.length - a[0]!.length)[0]!;
  const isKept = ({ length }: readonly FoundFile[], n: number) => n === 0 || length >= fewest;
  const beside = columns.filter((column, n) => !isKept(column, n)).flat();
  if (beside.length)
    say(
      'shifted-slices',
      `: ${counted(beside.length, 'image lies', 'images lie')} beside the others rather than upon them, and ${beside.length === 1 ? 'is' : 'are'} left out (${namesIn(beside)}).`,
    );
  return columns.filter(isKept);
}

/** By how many pixels along both axes the images move per mm: the median over neighbours that are `apart` images apart. */
function slopes(sorted: readonly FoundFile[], apart: number): number[] {
  return ([0, 3] as const).map((axis) =>
    upperMedian(
      sorted.slice(apart).flatMap((file, n) => {
        const distance = along(file) - along(sorted[n]!);
        return distance > SAME_PLACE_MM ? [(pixelsWithin(file, axis) - pixelsWithin(sorted[n]!, axis)) / distance] : [];
      }),
    ),
  );
}

/** Images that lie upon each other where the stack leans by `slope`, the largest group first. */
function columnsAlong(sorted: readonly FoundFile[], slope: readonly number[]): (readonly FoundFile[])[] {
  const columns: { readonly at: readonly number[]; readonly files: FoundFile[] }[] = [];
  for (const file of sorted) {
    const at = ([0, 3] as const).map((axis, n) => pixelsWithin(file, axis) - slope[n]! * along(file));
    const column = columns.find((other) => isAlike(other.at, at, SAME_COLUMN_PIXELS));
    if (column) column.files.push(file);
    else columns.push({ at, files: [file] });
  }
  return bySize(columns.map(({ files }) => files));
}

/**
 * Scans of the same places are layers: by acquisition where each has most of them, such as inspiration and expiration;
 * else, where most places have several images, the first images of all places, the second ones and so on. Where only a
 * few places have, `orderSlices` counts them.
 */
function layersOf(group: readonly FoundFile[], fewest: number): (readonly FoundFile[])[] {
  const acquisitions = split(group, ({ acquisitionNumber }) => String(acquisitionNumber));
  const areScans = acquisitions.every(
    (one, n) => one.length >= fewest && acquisitions.slice(n + 1).every((other) => sharedLength(one, other) >= OVERLAP),
  );
  if (acquisitions.length > 1 && areScans) return acquisitions.flatMap((one) => layersOf(one, fewest));
  const sorted = [...group].sort(
    (a, b) => along(a) - along(b) || order(a.header) - order(b.header) || instance(a.header) - instance(b.header),
  );
  const layers: FoundFile[][] = [];
  let [place, count] = [Number.NaN, 0];
  for (const file of sorted) {
    const isSame = Math.abs(along(file) - place) <= SAME_PLACE_MM;
    count = isSame ? count + 1 : 0;
    if (!isSame) place = along(file);
    const layer = layers[count];
    if (layer) layer.push(file);
    else layers.push([file]);
  }
  const full = layers.filter((layer) => layer.length >= Math.max(fewest, 0.8 * layers[0]!.length));
  return full.length > 1 ? full : [sorted];
}

/**
 * Parts between gaps. A stack in which more slices are missing than there are mixes what does not belong together, such
 * as a single image for the timing of contrast: it is split at its widest gaps, until no part is. Smaller gaps are
 * missing slices.
 */
function splitAtGaps(group: readonly FoundFile[], fewest: number, say: Say): (readonly FoundFile[])[] {
  const sorted = [...group].sort((a, b) => along(a) - along(b));
  const steps = sorted.slice(1).map((file, n) => along(file) - along(sorted[n]!));
  const parts: FoundFile[][] = [];
  const open: [from: number, to: number][] = [[0, sorted.length]];
  for (let range = open.pop(); range; range = open.pop()) {
    const [from, to] = range;
    const spacing = upperMedian(steps.slice(from, to - 1).filter((step) => step > SAME_PLACE_MM));
    const expected = (along(sorted[to - 1]!) - along(sorted[from]!)) / spacing + 1;
    if (!(expected > MAX_MISSING * (to - from))) parts.push(sorted.slice(from, to));
    else {
      let widest = from;
      for (let n = from; n < to - 1; n++) if (steps[n]! > steps[widest]!) widest = n;
      open.push([from, widest + 1], [widest + 1, to]);
    }
  }
  const isKept = ({ length }: readonly FoundFile[], n: number) => n === 0 || length >= fewest;
  const ordered = bySize(parts);
  const far = ordered.filter((part, n) => !isKept(part, n)).flat();
  if (far.length)
    say(
      'far-slices',
      `: ${counted(far.length, 'image lies', 'images lie')} far from the others, and ${far.length === 1 ? 'is' : 'are'} left out (${namesIn(far)}).`,
    );
  return ordered.filter(isKept);
}

/** The share of the shorter stack's length that both have; 0 where they lie one above the other. */
function sharedLength(a: readonly FoundFile[], b: readonly FoundFile[]): number {
  const [[lowA, highA], [lowB, highB]] = [extent(a), extent(b)];
  const shorter = Math.min(highA - lowA, highB - lowB);
  return shorter > 0 ? Math.max(0, Math.min(highA, highB) - Math.max(lowA, lowB)) / shorter : 0;
}

function extent(files: readonly FoundFile[]): readonly [low: number, high: number] {
  const places = files.map(along);
  return [places.reduce((a, b) => Math.min(a, b)), places.reduce((a, b) => Math.max(a, b))];
}

function namesIn(files: readonly FoundFile[]): string {
  return namesOfSources(
    files.map(({ source }) => source),
    NAMES_SHOWN,
  );
}

function along({ header }: FoundFile): number {
  return alongNormal(header);
}

/** Position in pixels along the rows (`from` 0) or columns (3) of the image. */
function pixelsWithin({ header }: FoundFile, from: 0 | 3): number {
  const [down, across] = header.pixelSpacing!;
  const mm = header.position!.reduce((sum, value, axis) => sum + value * header.orientation![from + axis]!, 0);
  return mm / (from === 0 ? across : down);
}

function order({ acquisitionNumber = 0 }: DicomHeader): number {
  return acquisitionNumber;
}

function instance({ instanceNumber = 0 }: DicomHeader): number {
  return instanceNumber;
}
