/**
 * Masks as NIfTI-1 (nifti.nimh.nih.gov), packed. What labels mean is in a header extension of the form that
 * TotalSegmentator writes (Caret's label table), and how the map was made in a comment.
 */

import { cross, dot } from '../../ct/geometry/vector.ts';
import { spacingMm } from '../../ct/geometry/volume.ts';
import { type Mask, makerInWords } from '../mask.ts';
import { packed } from './packed.ts';

const HEADER_BYTES = 348;
const UINT8 = 2;
const MILLIMETRES = 2;
const LABELS_INTENT = 1002;
const SCANNER = 1;
const CARET = 30;
const COMMENT = 6;
/** A sheared grid is no rotation. */
const RIGHT_ANGLE = 1e-4;

/** A file `.nii.gz`. */
export async function niftiOf(mask: Mask): Promise<Uint8Array> {
  const extensions = Buffer.concat([extension(CARET, labelTable(mask)), extension(COMMENT, makerInWords(mask.maker))]);
  const header = headerOf(mask, HEADER_BYTES + 4 + extensions.length);
  return packed(Buffer.concat([header, Buffer.of(1, 0, 0, 0), extensions, mask.labels]));
}

function headerOf({ size, affine, segments, title }: Mask, voxelsAt: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const spacing = spacingMm({ size, affine });
  const ras = rasColumns(affine);
  const rotation = rotationOf(ras.slice(0, 3), spacing);
  header.writeInt32LE(HEADER_BYTES, 0);
  for (const [n, count] of [3, ...size, 1, 1, 1, 1].entries()) header.writeInt16LE(count, 40 + n * 2);
  header.writeInt16LE(LABELS_INTENT, 68);
  header.writeInt16LE(UINT8, 70);
  header.writeInt16LE(8, 72);
  for (const [n, value] of [rotation?.handedness ?? 1, ...spacing, 1, 1, 1, 1].entries())
    header.writeFloatLE(value, 76 + n * 4);
  header.writeFloatLE(voxelsAt, 108);
  header.writeFloatLE(1, 112);
  header.writeInt8(MILLIMETRES, 123);
  header.writeFloatLE(Math.max(0, ...segments.map(({ value }) => value)), 124);
  header.write(`LungNB ${title}`, 148, 79, 'latin1');
  header.writeInt16LE(rotation ? SCANNER : 0, 252);
  header.writeInt16LE(SCANNER, 254);
  for (const [n, value] of (rotation?.quaternion ?? [0, 0, 0]).entries()) header.writeFloatLE(value, 256 + n * 4);
  for (const [n, value] of ras[3]!.entries()) header.writeFloatLE(value, 268 + n * 4);
  for (const row of [0, 1, 2])
    for (const [n, column] of ras.entries()) header.writeFloatLE(column[row]!, 280 + (row * 4 + n) * 4);
  header.write('n+1\0', 344, 'latin1');
  return header;
}

/** Steps along i, j and k and the origin, in NIfTI's axes: to the right of ours they are mirrored in x and y. */
function rasColumns(affine: Mask['affine']): [number, number, number][] {
  return [0, 1, 2, 3].map((n) => [-affine[n]! + 0, -affine[4 + n]! + 0, affine[8 + n]!]);
}

interface Rotation {
  /** −1 where k runs against what i and j make of it. */
  readonly handedness: 1 | -1;
  /** b, c and d; a is what is left of 1, and not negative. */
  readonly quaternion: readonly [number, number, number];
}

/** Undefined where the axes are not at right angles, which a rotation cannot say (nifti1_io's mat44_to_quatern). */
function rotationOf(columns: readonly (readonly number[])[], spacing: readonly number[]): Rotation | undefined {
  const [x, y, z] = columns.map((column, n) => column.map((value) => value / spacing[n]!));
  if (!x || !y || !z) return undefined;
  if ([dot(x, y), dot(y, z), dot(z, x)].some((cosine) => Math.abs(cosine) > RIGHT_ANGLE)) return undefined;
  const handedness = dot(cross(x, y), z) < 0 ? -1 : 1;
  const third = z.map((value) => value * handedness);
  return { handedness, quaternion: quaternionOf([x, y, third]) };
}

/** By the largest of the four parts, which is far from 0. */
function quaternionOf([x, y, z]: readonly (readonly number[])[]): [number, number, number] {
  const [r11 = 0, r21 = 0, r31 = 0] = x!;
  const [r12 = 0, r22 = 0, r32 = 0] = y!;
  const [r13 = 0, r23 = 0, r33 = 0] = z!;
  const squares = [1 + r11 + r22 + r33, 1 + r11 - r22 - r33, 1 - r11 + r22 - r33, 1 - r11 - r22 + r33];
  const largest = squares.indexOf(Math.max(...squares));
  const twice = Math.sqrt(squares[largest]!);
  const part = (value: number) => value / (2 * twice);
  const parts = [
    [twice / 2, part(r32 - r23), part(r13 - r31), part(r21 - r12)],
    [part(r32 - r23), twice / 2, part(r12 + r21), part(r13 + r31)],
    [part(r13 - r31), part(r12 + r21), twice / 2, part(r23 + r32)],
    [part(r21 - r12), part(r13 + r31), part(r23 + r32), twice / 2],
  ][largest]!;
  // The opposite is the same rotation.
  const sign = parts[0]! < 0 ? -1 : 1;
  return [parts[1]! * sign, parts[2]! * sign, parts[3]! * sign];
}

function labelTable({ segments }: Mask): string {
  const labels = segments.map(({ value, name, colour }) => {
    const [red, green, blue] = colour.map((part) => part / 255);
    return `<Label Key="${value}" Red="${red}" Green="${green}" Blue="${blue}" Alpha="1"><![CDATA[${name.replaceAll(']]>', '')}]]></Label>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><CaretExtension><VolumeInformation Index="0"><LabelTable>${labels.join('')}</LabelTable><VolumeType><![CDATA[Label]]></VolumeType></VolumeInformation></CaretExtension>`;
}

/** Size and code, then the text, filled up to sixteen bytes. */
function extension(code: number, text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const whole = Buffer.alloc(Math.ceil((8 + bytes.length) / 16) * 16);
  whole.writeInt32LE(whole.length, 0);
  whole.writeInt32LE(code, 4);
  bytes.copy(whole, 8);
  return whole;
}
