/**
 * Tells apart what one DICOM series may mix: scouts, images of other geometry, and several scans or reconstructions of
 * the same places. Nothing is dropped without being counted.
 */

import type { Remark } from '../../../protocol/remark.ts';
import type { RemarkCode } from '../../../protocol/remarkCodes.ts';
import { allOf, anyOf } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { upperMedian } from '../../base/median.ts';
import { info, warning } from '../../base/remarks.ts';
import type { SliceFrame } from '../cohort/cohort.ts';
import type { FoundFile } from '../files/scan.ts';
import { namesOfSources } from '../files/sources.ts';
import { dot } from '../geometry/vector.ts';
import type { DicomHeader } from './dicomFile.ts';
import { divide, isMixed, type Part } from './divide.ts';
import { evennessOf, frameOf, placed, sharedLength } from './evidence.ts';
import { SAME_PLACE_MM } from './sliceOrder.ts';
import { unheededTags } from './unheededTags.ts';

/** Images further apart within their plane than this many pixels do not lie upon each other. */
const SAME_COLUMN_PIXELS = 1;
/** Stacks that share less of the shorter one's length lie one above the other. */
const MIN_OVERLAP = 0.1;
/** Where more than this many slices would be needed for each that is there, most of the volume would be invented. */
const MAX_MISSING = 2;
/** Directions that differ by less are those of one stack, in texts of few digits. */
const SAME_DIRECTION = 1e-3;
/** Pixel spacings that differ by a smaller share may be those of one stack; others are of another field of view. */
const SAME_SPACING = 0.02;
const NAMES_SHOWN = 3;

/** Images that make one volume, one or few at each place. */
export interface Stack {
  readonly files: readonly FoundFile[];
  readonly frame: SliceFrame;
  /** Its place in a cycle, in words, where it is one of several phases. */
  readonly phase: string | undefined;
}

export interface Stacks {
  readonly stacks: readonly Stack[];
  readonly problems: Remark[];
}

/** What no two images of a stack can differ in, in words for messages. */
const GEOMETRY: readonly (readonly [words: string, isSame: (a: DicomHeader, b: DicomHeader) => boolean])[] = [
  ['orientation', (a, b) => isAlike(a.orientation!, b.orientation!, SAME_DIRECTION)],
  ['size', (a, b) => a.rows === b.rows && a.columns === b.columns],
  [
    'pixel spacing',
    (a, b) => a.pixelSpacing!.every((mm, n) => Math.abs(mm - b.pixelSpacing![n]!) <= SAME_SPACING * mm),
  ],
];

/** `fewest` images make a stack; smaller groups are left out and counted. `label` names the series in messages. */
export function stacksOf(files: readonly FoundFile[], fewest: number, label: string): Stacks {
  const problems: Remark[] = [];
  const say = (code: RemarkCode, message: string) => problems.push(warning(code, `${label}${message}`));
  const located = files.filter(hasGeometry);
  const alike = bySize(
    GEOMETRY.reduce<readonly (readonly FoundFile[])[]>(
      (groups, [, isSame]) => groups.flatMap((group) => split(group, isSame)),
      [located],
    ),
  );
  const isKept = (group: readonly FoundFile[], n: number) => n === 0 || group.length >= fewest;
  const kept = alike.filter(isKept);
  const small = alike.filter((group, n) => !isKept(group, n)).flat();
  sayLeftOut({ files, small, others: differences(alike) }, say);
  const upright = kept.flatMap((group) => columnsOf(group, fewest, say));
  const divided = upright.map((group) => divide(group, fewest));
  const rare = divided.flatMap((one) => one.small);
  sayLeftOut({ files: located, small: rare, others: divided.flatMap(({ smallBy }) => smallBy) }, say);
  const parts = divided.flatMap((one) => one.parts);
  const clear = parts.filter((part) => !isMixed(part.files));
  sayMixed(
    parts.filter((part) => !clear.includes(part)),
    say,
  );
  const whole = clear.flatMap((part) => splitAtGaps(part, fewest, say));
  const reasons = [...new Set([...(kept.length > 1 ? differences(kept) : []), ...parts.flatMap(({ by }) => by)])];
  if (whole.length > 1)
    say(
      'several-reconstructions',
      ` holds ${stacksInWords(whole, reasons, upright.length > kept.length)}: each is a series of its own.`,
    );
  const stacks = whole.map(({ files: own, phase }): Stack => ({ files: own, frame: frameOf(own), phase }));
  for (const words of new Set(stacks.map((stack) => unheededTags(stack.files))))
    if (words)
      problems.push(
        info(
          'tags-not-obeyed',
          `${label}: ${words}. The images lie upon each other as one stack, and are taken for one whatever these tags say.`,
        ),
      );
  return { stacks, problems };
}

interface LeftOut {
  /** Those of which some are left out. */
  readonly files: readonly FoundFile[];
  readonly small: readonly FoundFile[];
  /** In what they differ. */
  readonly others: readonly string[];
}

function sayLeftOut({ files, small, others }: LeftOut, say: Say): void {
  const unplaced = files.filter((file) => !hasGeometry(file));
  if (small.length)
    say(
      'mixed-orientation',
      `: ${small.length} of ${files.length} images are scouts or have another ${anyOf([...new Set(others)]) || 'geometry'}, and are left out (${namesIn(small)}).`,
    );
  if (unplaced.length)
    say(
      'no-geometry',
      `: ${counted(unplaced.length, 'image lacks', 'images lack')} position, orientation or pixel spacing, and ${unplaced.length === 1 ? 'is' : 'are'} left out (${namesIn(unplaced)}).`,
    );
}

/** A volume of them would be one phase here and another there. */
function sayMixed(mixed: readonly Part[], say: Say): void {
  for (const { files } of mixed)
    if (files.every(({ header }) => isAlike(header.position!, files[0]!.header.position!, SAME_PLACE_MM)))
      say(
        'no-geometry',
        `: all ${files.length} images say that they lie at the same place (ImagePositionPatient is the same in all), so that neither their order nor their distance is known. They are not used (${namesIn(files)}). Export the series again with the positions of its slices.`,
      );
    else
      say(
        'mixed-scans',
        `: ${files.length} images are of several scans or phases of the same places, and none of their tags tells which is of which (times, temporal position, acquisition, image number, kernel). They are not used (${namesIn(files)}). Export each scan as a series of its own.`,
      );
}

export function hasGeometry({ header }: FoundFile): boolean {
  return Boolean(header.position && header.orientation && header.pixelSpacing);
}

type Say = (code: RemarkCode, message: string) => void;

function bySize(groups: readonly (readonly FoundFile[])[]): (readonly FoundFile[])[] {
  return groups.filter(({ length }) => length).sort((a, b) => b.length - a.length);
}

/** Groups of what is the same as the group's first. */
function split(
  files: readonly FoundFile[],
  isSame: (a: DicomHeader, b: DicomHeader) => boolean,
): (readonly FoundFile[])[] {
  const groups: { readonly first: DicomHeader; readonly files: FoundFile[] }[] = [];
  for (const file of files) {
    const group = groups.find(({ first }) => isSame(first, file.header));
    if (group) group.files.push(file);
    else groups.push({ first: file.header, files: [file] });
  }
  return groups.map((group) => group.files);
}

function isAlike(a: readonly number[], b: readonly number[], tolerance: number): boolean {
  return a.length === b.length && a.every((value, n) => Math.abs(value - b[n]!) <= tolerance);
}

function differences(groups: readonly (readonly FoundFile[])[]): string[] {
  const firsts = groups.map((group) => group[0]!);
  return GEOMETRY.flatMap(([words, isSame]) => (split(firsts, isSame).length > 1 ? [words] : []));
}

/** What several stacks of one series are to each other. */
function stacksInWords(stacks: readonly Part[], reasons: readonly string[], areBeside: boolean): string {
  const sorted = stacks.map(({ files }) => placed(files, frameOf(files)));
  const overlap = sorted.some((a, n) => sorted.slice(n + 1).some((b) => sharedLength(a, b) >= MIN_OVERLAP));
  const kind = `${stacks.length} ${overlap ? 'reconstructions' : 'parts of the body'}`;
  if (reasons.length) return `${kind} that differ in ${allOf(reasons)}`;
  if (areBeside) return `${kind} that lie beside each other`;
  return overlap ? `${kind} of the same places` : `${kind} that lie far apart`;
}

/**
 * Images whose places within their plane follow one line, as upright and tilted stacks do. Others were reconstructed
 * beside them, with another centre: a tilt would be seen where there is none.
 */
function columnsOf(group: readonly FoundFile[], fewest: number, say: Say): (readonly FoundFile[])[] {
  if (group.length < 3) return [group];
  const frame = frameOf(group);
  const sorted = placed(group, frame).map(
    ({ file, at }): Spot => ({ file, at, pixels: ([0, 1] as const).map((axis) => pixelsWithin(file, axis, frame)) }),
  );
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

/** Where an image lies along the normal in mm, and within its plane in pixels along its rows and its columns. */
interface Spot {
  readonly file: FoundFile;
  readonly at: number;
  readonly pixels: readonly number[];
}

/** By how many pixels along both axes the images move per mm: the median over neighbours that are `apart` images apart. */
function slopes(sorted: readonly Spot[], apart: number): number[] {
  return [0, 1].map((axis) =>
    upperMedian(
      sorted.slice(apart).flatMap(({ at, pixels }, n) => {
        const distance = at - sorted[n]!.at;
        return distance > SAME_PLACE_MM ? [(pixels[axis]! - sorted[n]!.pixels[axis]!) / distance] : [];
      }),
    ),
  );
}

/** Images that lie upon each other where the stack leans by `slope`, the largest group first. */
function columnsAlong(sorted: readonly Spot[], slope: readonly number[]): (readonly FoundFile[])[] {
  const columns: { readonly at: readonly number[]; readonly files: FoundFile[] }[] = [];
  for (const { file, at, pixels } of sorted) {
    const foot = pixels.map((value, n) => value - slope[n]! * at);
    const column = columns.find((other) => isAlike(other.at, foot, SAME_COLUMN_PIXELS));
    if (column) column.files.push(file);
    else columns.push({ at: foot, files: [file] });
  }
  return bySize(columns.map(({ files }) => files));
}

/**
 * Parts between gaps. A stack in which more slices are missing than there are mixes what does not belong together, such
 * as a single image for the timing of contrast: it is split at its widest gaps, until no part is. Smaller gaps are
 * missing slices.
 */
function splitAtGaps(part: Part, fewest: number, say: Say): Part[] {
  const sorted = placed(part.files, frameOf(part.files));
  const steps = sorted.slice(1).map(({ at }, n) => at - sorted[n]!.at);
  const parts: FoundFile[][] = [];
  const open: [from: number, to: number][] = [[0, sorted.length]];
  for (let range = open.pop(); range; range = open.pop()) {
    const [from, to] = range;
    const { spacingMm } = evennessOf(sorted.slice(from, to));
    const expected = (sorted[to - 1]!.at - sorted[from]!.at) / spacingMm + 1;
    if (!(expected > MAX_MISSING * (to - from))) parts.push(sorted.slice(from, to).map(({ file }) => file));
    else {
      let widest = from;
      for (let n = from; n < to - 1; n++) if (steps[n]! > steps[widest]!) widest = n;
      open.push([from, widest + 1], [widest + 1, to]);
    }
  }
  const isKept = ({ length }: readonly FoundFile[], n: number) => n === 0 || length >= fewest;
  const ordered = bySize(parts);
  const far = ordered.filter((one, n) => !isKept(one, n)).flat();
  if (far.length)
    say(
      'far-slices',
      `: ${counted(far.length, 'image lies', 'images lie')} far from the others, and ${far.length === 1 ? 'is' : 'are'} left out (${namesIn(far)}).`,
    );
  return ordered.filter(isKept).map((files): Part => ({ ...part, files }));
}

function namesIn(files: readonly FoundFile[]): string {
  return namesOfSources(
    files.map(({ source }) => source),
    NAMES_SHOWN,
  );
}

/** Position in pixels along the rows (axis 0) or the columns (1) of the frame. */
function pixelsWithin({ header }: FoundFile, axis: 0 | 1, { orientation, pixelSpacing }: SliceFrame): number {
  return dot(header.position!, orientation.slice(3 * axis, 3 * axis + 3)) / pixelSpacing[1 - axis]!;
}
