/** Byte mutations as files suffer them in transfer and storage, and as hostile senders make them; biased to headers. */
import type { Random } from '../../src/kernel/base/random.ts';

/** Most headers end within this many bytes. */
const HEADER_BYTES = 1500;
const EXTREMES = [
  0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 100_000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  flipBit,
  setBytes,
  setNumber,
  setDigits,
  cutShort,
  deleteRange,
  repeatRange,
  insertNoise,
  swapRanges,
  fillRange,
];

/** One to four mutations of a copy. */
export function mutate(bytes: Buffer, random: Random): Buffer {
  let mutated = Buffer.from(bytes);
  const count = 1 + Math.floor(random.between(0, 4) * random());
  for (let n = 0; n < count; n++) mutated = Buffer.from(pick(MUTATIONS, random)(mutated, random));
  return mutated;
}

export function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)]!;
}

function place({ length }: Buffer, random: Random): number {
  return Math.floor(random() * (random.chance(0.75) ? Math.min(length, HEADER_BYTES) : length));
}

function span({ length }: Buffer, from: number, random: Random): number {
  return Math.min(length, from + 1 + Math.floor(random.between(0, random.chance(0.7) ? 16 : length)));
}

function flipBit(bytes: Buffer, random: Random): Buffer {
  if (bytes.length) bytes[place(bytes, random)]! ^= 1 << Math.floor(random() * 8);
  return bytes;
}

function setBytes(bytes: Buffer, random: Random): Buffer {
  const from = place(bytes, random);
  for (let n = from; n < Math.min(bytes.length, from + 1 + Math.floor(random() * 6)); n++)
    bytes[n] = Math.floor(random() * 256);
  return bytes;
}

function setNumber(bytes: Buffer, random: Random): Buffer {
  const width = pick([1, 2, 4], random);
  const from = place(bytes, random);
  if (from + width > bytes.length) return bytes;
  const value = pick(EXTREMES, random) % 2 ** (8 * width);
  if (random.chance(0.8)) bytes.writeUIntLE(value, from, width);
  else bytes.writeUIntBE(value, from, width);
  return bytes;
}

/** Text headers and DICOM's number texts: some digits become others. */
function setDigits(bytes: Buffer, random: Random): Buffer {
  const from = place(bytes, random);
  const at = bytes.subarray(from).findIndex((byte) => byte >= 48 && byte <= 57);
  for (let n = from + at; at >= 0 && bytes[n]! >= 48 && bytes[n]! <= 57; n++)
    bytes[n] = pick([...'0123456789-.eE \\'], random).charCodeAt(0);
  return bytes;
}

function cutShort(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, place(bytes, random));
}

function deleteRange(bytes: Buffer, random: Random): Buffer {
  const from = place(bytes, random);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(span(bytes, from, random))]);
}

function repeatRange(bytes: Buffer, random: Random): Buffer {
  const from = place(bytes, random);
  const to = span(bytes, from, random);
  return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
}

function insertNoise(bytes: Buffer, random: Random): Buffer {
  const from = place(bytes, random);
  const noise = Buffer.from(Array.from({ length: 1 + Math.floor(random() * 12) }, () => Math.floor(random() * 256)));
  return Buffer.concat([bytes.subarray(0, from), noise, bytes.subarray(from)]);
}

function swapRanges(bytes: Buffer, random: Random): Buffer {
  const [a, b] = [place(bytes, random), place(bytes, random)].sort((x, y) => x - y) as [number, number];
  const length = Math.min(8, b - a, bytes.length - b);
  const first = Buffer.from(bytes.subarray(a, a + length));
  bytes.copyWithin(a, b, b + length);
  first.copy(bytes, b);
  return bytes;
}

function fillRange(bytes: Buffer, random: Random): Buffer {
  const from = place(bytes, random);
  return bytes.fill(pick([0, 0x20, 0xff], random), from, span(bytes, from, random));
}
