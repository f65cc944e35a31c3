/** DICOM segmentations (PS3.3 A.51 and A.51.x, C.8.20): binary, fractional at half of its scale, and label maps (Supplement 243). */
import type { DicomElements } from 'dcmjs';
import { UserError } from '../../base/userError.ts';
import { decodeFrames } from '../../ct/dicom/dicomFile.ts';
import { storedFrame } from '../../ct/dicom/frames.ts';
import { readElements } from '../../ct/dicom/readElements.ts';
import { transferSyntaxOf } from '../../ct/dicom/transferSyntax.ts';
import { cross, dot } from '../../ct/geometry/vector.ts';
import type { Grid } from '../../ct/geometry/volume.ts';
import { item, items, numbers, SEGMENTATION_STORAGE, text } from './maskTags.ts';

export type SegType = 'binary' | 'fractional' | 'labelmap';

/** What the file says of itself, without its pixels. */
export interface SegHeader {
  readonly type: SegType;
  readonly segments: readonly { readonly number: number; readonly names: readonly string[] }[];
  readonly grid: Grid;
  /** For each frame its slice of the grid, and the segment that it is of; of a label map, which has all, undefined. */
  readonly frames: readonly { readonly slice: number; readonly segment: number | undefined }[];
  readonly rows: number;
  readonly columns: number;
  readonly bitsAllocated: number;
  /** Of fractional ones: what stands for certain. */
  readonly maximum: number;
  readonly transferSyntax: string;
}

/** A file with more frames than this is damaged: 117 structures in 1500 slices. */
const MAX_FRAMES = 200_000;
/** Frames of one grid lie so near to its slices, in slices, and to its columns and rows, in pixels. */
const NEAR = 0.1;

type Refuse = (reason: string) => UserError;

export function refusalOfSeg(name: string): Refuse {
  return (reason) => new UserError('mask-file', `${name} cannot be read as a DICOM segmentation: ${reason}.`);
}

/** Throws a UserError where the file does not say what its segments are and where they lie. */
export function segHeader(elements: DicomElements, meta: DicomElements, name: string): SegHeader {
  const refuse = refusalOfSeg(name);
  const [rows = 0, columns = 0, count = 0] = ['00280010', '00280011', '00280008'].map(
    (tag) => numbers(elements, tag)[0] ?? 0,
  );
  if (!(rows > 0 && columns > 0 && count > 0)) throw refuse('it has no frames');
  if (count > MAX_FRAMES) throw refuse(`it claims ${count} frames, and is damaged`);
  const shared = item(elements, '52009229');
  const own = items(elements, '52009230');
  if (own.length !== count) throw refuse(`it has ${count} frames, and says of ${own.length} where they lie`);
  const type = typeOf(elements, refuse);
  const groups = own.map((frame) => ({ ...shared, ...frame }));
  const { grid, slices } = gridOf(groups, { rows, columns }, elements, refuse);
  return {
    type,
    segments: items(elements, '00620002').flatMap(namedSegment),
    grid,
    frames: groups.map((group, n) => ({
      slice: slices[n]!,
      segment: type === 'labelmap' ? undefined : segmentOf(group, refuse),
    })),
    rows,
    columns,
    bitsAllocated: numbers(elements, '00280100')[0] ?? 0,
    maximum: numbers(elements, '0062000E')[0] ?? 255,
    transferSyntax: text(meta, '00020010') ?? '',
  };
}

function typeOf(elements: DicomElements, refuse: Refuse): SegType {
  const said = text(elements, '00620001')?.toUpperCase();
  if (said === 'BINARY') return 'binary';
  if (said === 'FRACTIONAL') return 'fractional';
  if (said === 'LABELMAP') return 'labelmap';
  // Files of before 2016 say nothing, and are binary.
  if (said === undefined && text(elements, '00080016') === SEGMENTATION_STORAGE) return 'binary';
  throw refuse(`its Segmentation Type is "${said ?? 'none'}", which is none of BINARY, FRACTIONAL and LABELMAP`);
}

/** By what may name it: its label, its description, and its coded type with the side of that. */
function namedSegment(segment: DicomElements): SegHeader['segments'][number][] {
  const number = numbers(segment, '00620004')[0];
  if (number === undefined || number === 0) return [];
  const type = item(segment, '0062000F');
  const meaning = text(type, '00080104');
  const modifier = text(item(type, '00620011'), '00080104');
  const names = [
    text(segment, '00620005'),
    meaning && modifier ? `${modifier} ${meaning}` : undefined,
    meaning,
    text(segment, '00620006'),
  ];
  return [{ number, names: names.filter((name) => name !== undefined) }];
}

function segmentOf(group: DicomElements, refuse: Refuse): number {
  const number = numbers(item(group, '0062000A'), '0062000B')[0];
  if (number === undefined) throw refuse('a frame does not say which segment it is of');
  return number;
}

/** The grid that all frames lie on, which may have slices without frames, and the slice of each frame. */
function gridOf(
  groups: readonly DicomElements[],
  { rows, columns }: { readonly rows: number; readonly columns: number },
  elements: DicomElements,
  refuse: Refuse,
): { readonly grid: Grid; readonly slices: number[] } {
  const measures = item(groups[0], '00289110');
  const [down, across] = numbers(measures, '00280030');
  const orientation = numbers(item(groups[0], '00209116') ?? elements, '00200037');
  const positions = groups.map((group) => numbers(item(group, '00209113'), '00200032'));
  if (!(down! > 0 && across! > 0) || orientation.length !== 6 || positions.some(({ length }) => length !== 3))
    throw refuse('it does not say where its frames lie (position, orientation and pixel spacing)');
  const turned = groups.some((group) => {
    const other = numbers(item(group, '00209116') ?? elements, '00200037');
    return other.some((value, n) => Math.abs(value - orientation[n]!) > 1e-3);
  });
  if (turned) throw refuse('its frames are turned against each other');
  const [x, y] = [orientation.slice(0, 3), orientation.slice(3, 6)];
  const along = positions.map((position) => dot(cross(x, y), position));
  const [first, last] = [indexOfLeast(along), indexOfLeast(along.map((mm) => -mm))];
  const stepMm = stepOf(along, measures);
  const count = Math.round((along[last]! - along[first]!) / stepMm);
  const step = [0, 1, 2].map((a) =>
    count === 0 ? cross(x, y)[a]! * stepMm : (positions[last]![a]! - positions[first]![a]!) / count,
  );
  const slices = positions.map((position, n) => {
    const slice = (along[n]! - along[first]!) * (count === 0 ? 1 / stepMm : count / (along[last]! - along[first]!));
    const whole = Math.round(slice);
    const off = [0, 1, 2].map((a) => position[a]! - positions[first]![a]! - step[a]! * whole);
    if (
      Math.abs(slice - whole) > NEAR ||
      Math.abs(dot(off, x)) > NEAR * across! ||
      Math.abs(dot(off, y)) > NEAR * down!
    )
      throw refuse('its frames lie at uneven distances, or beside each other');
    return whole;
  });
  const affine = [0, 1, 2].flatMap((a) => [x[a]! * across!, y[a]! * down!, step[a]!, positions[first]![a]!]);
  return { grid: { size: [columns, rows, count + 1], affine: [...affine, 0, 0, 0, 1] }, slices };
}

/** The distance of neighbouring slices: the least between frames, as they are; of one slice alone what the file says. */
function stepOf(along: readonly number[], measures: DicomElements | undefined): number {
  const sorted = [...new Set(along.map((mm) => Number(mm.toFixed(3))))].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((mm, n) => mm - sorted[n]!);
  const least = Math.min(...gaps);
  if (Number.isFinite(least)) return least;
  return numbers(measures, '00180088')[0] || numbers(measures, '00180050')[0] || 1;
}

function indexOfLeast(values: readonly number[]): number {
  return values.reduce((best, value, n) => (value < values[best]! ? n : best), 0);
}

/** Labels on the grid of the file: of a label map all at once, else 1 for each of the asked segments, one after the other. */
export async function* segLayers(
  bytes: Buffer,
  header: SegHeader,
  asked: readonly number[],
  name: string,
): AsyncGenerator<{ readonly segment: number | undefined; readonly labels: Int16Array }> {
  const [nx, ny, nz] = header.grid.size;
  const draw = frameDrawer(bytes, header, refusalOfSeg(name));
  const layer = async (frames: readonly number[]) => {
    const labels = new Int16Array(nx * ny * nz);
    await draw(frames, (frame) => {
      const { slice } = header.frames[frame]!;
      return labels.subarray(slice * nx * ny, (slice + 1) * nx * ny);
    });
    return labels;
  };
  const all = [...header.frames.keys()];
  if (header.type === 'labelmap') return yield { segment: undefined, labels: await layer(all) };
  for (const segment of asked)
    yield { segment, labels: await layer(all.filter((frame) => header.frames[frame]!.segment === segment)) };
}

/** Draws frames, each to its place. */
type DrawFrames = (frames: readonly number[], place: (frame: number) => Int16Array) => Promise<void>;

function frameDrawer(bytes: Buffer, header: SegHeader, refuse: Refuse): DrawFrames {
  const { type, bitsAllocated, transferSyntax } = header;
  const syntax = transferSyntaxOf(transferSyntax);
  const isPlain = syntax !== undefined && !syntax.codec && !syntax.byteOrder;
  if (bitsAllocated === 1) {
    if (!isPlain)
      throw refuse(`its pixels of one bit are stored in a way that LungNB does not unpack (${transferSyntax})`);
    return bitDrawer(bytes, header, refuse);
  }
  const least = type === 'fractional' ? header.maximum / 2 : 1;
  const labelOf = (value: number) => (value < least ? 0 : type === 'labelmap' ? value : 1);
  if (isPlain && bitsAllocated === 8) {
    const data = pixelData(bytes, refuse);
    return async (frames, place) => {
      for (const frame of frames) {
        const to = place(frame);
        const stored = storedFrame(data, frame, to.length);
        for (let p = 0; p < to.length; p++) to[p] = labelOf(stored[p]!);
      }
    };
  }
  return async (frames, place) => {
    const decoded = await decodeFrames(bytes, frames, (n) => place(frames[n]!));
    // What is called padding is the background, and far below 0 here.
    for (const { hu } of decoded) for (let p = 0; p < hu.length; p++) hu[p] = labelOf(hu[p]!);
  };
}

/** Frames of one bit a pixel follow each other bit by bit, the lowest bit of a byte first (PS3.5 section 8.1.1). */
function bitDrawer(bytes: Buffer, { rows, columns, frames: all }: SegHeader, refuse: Refuse): DrawFrames {
  const data = pixelData(bytes, refuse);
  const needed = Math.ceil((rows * columns * all.length) / 8);
  if (data.byteLength < needed)
    throw refuse(`it is cut short: its frames need ${needed} bytes, and ${data.byteLength} are there`);
  return async (frames, place) => {
    for (const frame of frames) {
      const to = place(frame);
      for (let p = 0, bit = frame * rows * columns; p < to.length; p++, bit++)
        if ((data[bit >> 3]! >> (bit & 7)) & 1) to[p] = 1;
    }
  };
}

function pixelData(bytes: Buffer, refuse: Refuse): Uint8Array {
  const { elements } = readElements(bytes, { untilTag: '7FE00010', includeUntilTagValue: true, noCopy: true });
  const [data] = elements['7FE00010']?.Value ?? [];
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  throw refuse('it has no pixels');
}
