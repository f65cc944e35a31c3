/**
 * What a mask that was edited by hand says of itself: how many voxels are other than a network (or whoever made the mask)
 * drew them, which network, and what the voxels were, so that the count stays right however often it is edited. It stands
 * in the header of the NRRD file, as keys that other programs pass over.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { LAYERS, type Layer } from '../../../protocol/painting/brush.ts';
import type { OwnClass } from '../../../protocol/shownClasses.ts';
import { counted } from '../../base/counted.ts';
import type { Differences } from './labelEdits.ts';

/** The model that drew a map; of masks that somebody gave, what stands for it. */
export interface ModelUsed {
  readonly id: string;
  readonly version: string;
  readonly sha256: string;
  readonly licence: string;
}

export interface EditRecord {
  readonly layer: Layer;
  readonly changedVoxels: number;
  readonly changedMl: number;
  /** Who made what was edited. */
  readonly since: ModelUsed;
  /** How its voxels were decided, where not by the model alone. */
  readonly decided: readonly string[];
  /** Names the measurement that was edited, whose viewers go on with the file. */
  readonly from: string;
  /** Digest of the CT's voxels. */
  readonly ct: string;
  /** Texture classes that the model brings beside the six. */
  readonly ownClasses: readonly OwnClass[];
}

const PREFIX = 'LungNB_Edited';
/** What is beyond would make the header longer than readers of it take; the count then goes on from that of the record. */
const MOST_BEFORE = 700_000;

const shape = z.object({
  layer: z.enum(LAYERS),
  changedVoxels: z.int().nonnegative(),
  changedMl: z.number().nonnegative(),
  since: z.object({ id: z.string(), version: z.string(), sha256: z.string(), licence: z.string() }),
  decided: z.array(z.string()),
  from: z.string(),
  ct: z.string(),
  ownClasses: z.array(z.object({ name: z.string(), letter: z.string(), colour: z.string() })),
});

/** "lung-texture 1.0.0 (SHA-256 1a2b3c4d5e6f)". */
export function sinceInWords({
  since: { id, version, sha256 },
  decided,
}: Pick<EditRecord, 'since' | 'decided'>): string {
  return `${id} ${version} (SHA-256 ${sha256.slice(0, 12)}${decided.length ? `; decided ${decided.join(', ')}` : ''})`;
}

/** "1234 voxels (5.6 ml) of the textures changed since lung-texture 1.0.0 (SHA-256 …)". */
export function editInWords({ layer, changedVoxels, changedMl, ...made }: EditRecord): string {
  return `${counted(changedVoxels, 'voxel')} (${mlInWords(changedMl)}) of the ${layer} changed since ${sinceInWords(made)}`;
}

export function mlInWords(ml: number): string {
  return `${ml >= 10 ? ml.toFixed(0) : Number(ml.toPrecision(2))} ml`;
}

/** Lines of the header: in words, and to be read again; with what the changed voxels were, as far as it has room. */
export function recordFields(record: EditRecord, before: Differences | undefined): string[] {
  const packed = before && packedBefore(before);
  return [
    `${PREFIX}ByHand:=${editInWords(record)}`,
    `${PREFIX}Record:=${JSON.stringify(record).replaceAll('\\', '\\\\')}`,
    ...(packed !== undefined && packed.length <= MOST_BEFORE ? [`${PREFIX}Before:=${packed}`] : []),
  ];
}

/** Undefined for a header that says nothing of it, or nothing that can be read. */
export function recordIn(header: string): EditRecord | undefined {
  const written = fieldOf(header, 'Record')?.replaceAll('\\\\', '\\');
  if (written === undefined) return undefined;
  try {
    return shape.parse(JSON.parse(written));
  } catch {
    // Whoever changed it by hand took the record away.
    return undefined;
  }
}

/** Voxels with their labels before, on the CT's grid as it is measured; undefined where the header has none. */
export function beforeIn(header: string): Differences | undefined {
  const packed = fieldOf(header, 'Before');
  return packed === undefined ? undefined : unpackedBefore(packed);
}

function fieldOf(header: string, name: string): string | undefined {
  const end = /\r?\n\r?\n/.exec(header)?.index;
  const start = `${PREFIX}${name}:=`;
  const line = header
    .slice(0, end)
    .split(/\r?\n/)
    .find((one) => one.startsWith(start));
  return line?.slice(start.length);
}

/** Stretches in rising order: from the end of the one before, length, label before; seven bits a byte, deflated, base64. */
function packedBefore(before: Differences): string {
  const stretches = Array.from({ length: before.length / 4 }, (_, n) => before.subarray(4 * n, 4 * n + 3));
  stretches.sort((a, b) => a[0]! - b[0]!);
  const bytes: number[] = [];
  const add = (value: number) => {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    bytes.push(rest);
  };
  let end = 0;
  for (const [first, length, label] of stretches) {
    add(first! - end);
    add(length!);
    add(label!);
    end = first! + length!;
  }
  return deflateRawSync(Uint8Array.from(bytes)).toString('base64');
}

/** No file makes this program unpack more: some 5 million stretches. */
const MOST_UNPACKED = 32e6;

function unpackedBefore(packed: string): Differences | undefined {
  try {
    const bytes = inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: MOST_UNPACKED });
    const values: number[] = [];
    for (let n = 0, value = 0, factor = 1; n < bytes.length; n++) {
      value += (bytes[n]! % 128) * factor;
      factor *= 128;
      if (bytes[n]! > 127) continue;
      values.push(value);
      [value, factor] = [0, 1];
    }
    const all = new Int32Array((values.length / 3) * 4);
    let end = 0;
    for (let n = 0; n < values.length / 3; n++) {
      const first = end + values[3 * n]!;
      all.set([first, values[3 * n + 1]!, values[3 * n + 2]!, 0], 4 * n);
      end = first + values[3 * n + 1]!;
    }
    return all;
  } catch {
    // Damaged: the record itself still counts.
    return undefined;
  }
}

/** The map as it was before: a copy with the labels of the stretches. Undefined where they are of another grid. */
export function mapBefore(now: Uint8Array, before: Differences): Uint8Array | undefined {
  const map = now.slice();
  for (let n = 0; n < before.length; n += 4) {
    const [first, length, label] = [before[n]!, before[n + 1]!, before[n + 2]!];
    if (first + length > map.length) return undefined;
    map.fill(label, first, first + length);
  }
  return map;
}
