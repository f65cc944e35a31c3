/**
 * What real archives get wrong in a DICOM file, put right before a strict parser reads them: file meta
 * information without or with a wrong length, or written without value representations, a transfer syntax that is
 * missing or is not the one of the data set (PS3.10 section 7.1), character sets that the parser does not know
 * (PS3.3 C.12.1.1.2), and stray bytes between the fragments of compressed pixels (PS3.5 section A.4).
 */
import {
  bareTransferSyntax,
  fileHeader,
  IMPLICIT_LITTLE_ENDIAN,
  LONG_LENGTH,
  VALUE_REPRESENTATIONS,
} from './bareDicom.ts';
import { transferSyntaxOf } from './transferSyntax.ts';

/** Where file meta information begins, after preamble and `DICM`. */
const META_AT = 132;
const META_GROUP = 2;
const GROUP_LENGTH = 0;
const TRANSFER_SYNTAX = 0x10;
/** The group in which data sets of images begin. */
const FIRST_GROUP = 8;

/** The same bytes where nothing is wrong with their file meta information; else those of a file that says the same rightly. */
export function withTrueMeta(bytes: Buffer): Buffer {
  const meta = metaOf(bytes);
  if (!meta) return bytes;
  const { end, isSound, transferSyntax } = meta;
  const stored = storedSyntax(bytes, end, transferSyntax);
  if (isSound && stored === transferSyntax) return bytes;
  return stored === undefined ? bytes : Buffer.concat([fileHeader(stored), bytes.subarray(end)]);
}

interface Meta {
  /** Where the data set begins. */
  readonly end: number;
  /** It opens with its own length, which is true. */
  readonly isSound: boolean;
  readonly transferSyntax: string | undefined;
}

/** Element by element, since their length may be missing or wrong. Undefined where there is none. */
function metaOf(bytes: Buffer): Meta | undefined {
  let at = META_AT;
  let promised: number | undefined;
  let transferSyntax: string | undefined;
  while (at + 8 <= bytes.length && bytes.readUInt16LE(at) === META_GROUP) {
    const element = bytes.readUInt16LE(at + 2);
    const [start, length] = valueAt(bytes, at);
    if (start + length > bytes.length) return undefined;
    if (element === TRANSFER_SYNTAX)
      transferSyntax = bytes.toString('latin1', start, start + length).replace(/[\0 ]+$/, '');
    if (element === GROUP_LENGTH && at === META_AT && start === at + 8 && length === 4 && isExplicit(bytes, at))
      promised = start + length + bytes.readUInt32LE(start);
    at = start + length;
  }
  return at === META_AT ? undefined : { end: at, isSound: promised === at, transferSyntax };
}

function isExplicit(bytes: Buffer, at: number): boolean {
  return VALUE_REPRESENTATIONS.includes(bytes.toString('latin1', at + 4, at + 6));
}

function valueAt(bytes: Buffer, at: number): readonly [start: number, length: number] {
  if (!isExplicit(bytes, at)) return [at + 8, bytes.readUInt32LE(at + 4)];
  const isLong = LONG_LENGTH.includes(bytes.toString('latin1', at + 4, at + 6));
  if (!isLong) return [at + 8, bytes.readUInt16LE(at + 6)];
  return at + 12 <= bytes.length ? [at + 12, bytes.readUInt32LE(at + 8)] : [bytes.length, 1];
}

/** How the data set at `at` is stored, where the declared transfer syntax cannot be that of its first elements. */
function storedSyntax(bytes: Buffer, at: number, declared: string | undefined): string | undefined {
  const syntax = transferSyntaxOf(declared ?? '');
  // Packed elements tell nothing, and a syntax of which nothing is known is not judged.
  if (syntax?.deflated || (declared !== undefined && !syntax) || at + 8 > bytes.length) return declared;
  const group = syntax?.byteOrder === 'big' ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at);
  if (syntax && group === FIRST_GROUP && isExplicit(bytes, at) === (declared !== IMPLICIT_LITTLE_ENDIAN))
    return declared;
  return bareTransferSyntax(bytes.subarray(at)) ?? declared;
}

/** (0008,0005) CS in the encodings in which it can stand. */
const CHARACTER_SETS = [
  {
    opening: Buffer.from('\x08\0\x05\0CS', 'latin1'),
    length: (bytes: Buffer, at: number) => bytes.readUInt16LE(at + 6),
  },
  {
    opening: Buffer.from('\0\x08\0\x05CS', 'latin1'),
    length: (bytes: Buffer, at: number) => bytes.readUInt16BE(at + 6),
  },
  { opening: Buffer.from('\x08\0\x05\0', 'latin1'), length: (bytes: Buffer, at: number) => bytes.readUInt32LE(at + 4) },
];
const MAX_CHARACTER_SET_BYTES = 256;
/** Defined terms of single-byte sets, with which multi-byte ones are combined; texts in those need the latter's decoder. */
const DEFAULT_SETS = /^(|iso[ _]?(2022 ?)?ir ?(6|13|100))$/i;
const KNOWN_SETS =
  /^(iso_ir (6|13|100|101|109|110|126|127|138|144|148|166|192)|iso 2022 ir (6|13|58|87|100|101|109|110|126|127|138|144|148|149|159|166)|gb18030|gbk)$/i;

/**
 * A copy in which every SpecificCharacterSet has one value that the parser knows: the one of several that needs a decoder
 * of its own, else none. Texts are read for their Latin words alone, and none is shown. Undefined where there is nothing to put right.
 */
export function withKnownCharacterSets(bytes: Buffer): Buffer | undefined {
  let copy: Buffer | undefined;
  for (const { opening, length } of CHARACTER_SETS)
    for (
      let at = bytes.indexOf(opening, META_AT);
      at !== -1 && at + 8 <= bytes.length;
      at = bytes.indexOf(opening, at + 1)
    ) {
      const size = length(bytes, at);
      const value = bytes.toString('latin1', at + 8, at + 8 + size);
      if (size === 0 || size > MAX_CHARACTER_SET_BYTES || value.length < size || !/^[ -~\0]+$/.test(value)) continue;
      const terms = value.split('\\').map((term) => term.replace(/[\0 ]+$/, '').trim());
      if (terms.length === 1 && KNOWN_SETS.test(terms[0]!)) continue;
      const known = terms.filter((term) => KNOWN_SETS.test(term));
      const term = known.find((one) => !DEFAULT_SETS.test(one)) ?? known[0] ?? '';
      copy ??= Buffer.from(bytes);
      copy.write(term.padEnd(size), at + 8, size, 'latin1');
    }
  return copy;
}

const ITEM = 0xe000fffe;
const FRAGMENTS_END = 0xe0ddfffe;
/** PixelData of undefined length, as OB, or as OW, which some programs write. */
const FRAGMENTS = ['OB', 'OW'].map((vr) => Buffer.from(`\xe0\x7f\x10\0${vr}\0\0\xff\xff\xff\xff`, 'latin1'));

/**
 * A copy without the byte that some programs write behind a fragment of odd length and do not count, and with an end
 * where a stray byte stands for it. Undefined where there is no such byte.
 */
export function withoutStrayBytes(bytes: Buffer): Buffer | undefined {
  const start = Math.max(...FRAGMENTS.map((opening) => bytes.indexOf(opening)));
  if (start === -1) return undefined;
  const tagAt = (at: number) => (at + 8 <= bytes.length ? bytes.readUInt32LE(at) : undefined);
  const parts: Buffer[] = [];
  let [from, at] = [0, start + FRAGMENTS[0]!.length];
  for (let tag = tagAt(at); tag === ITEM; tag = tagAt(at)) {
    at += 8 + bytes.readUInt32LE(at + 4);
    const next = tagAt(at + 1);
    if (tagAt(at) === ITEM || tagAt(at) === FRAGMENTS_END || (next !== ITEM && next !== FRAGMENTS_END)) continue;
    parts.push(bytes.subarray(from, at));
    at += 1;
    from = at;
  }
  if (tagAt(at) === FRAGMENTS_END) return parts.length ? Buffer.concat([...parts, bytes.subarray(from)]) : undefined;
  const isCut = at >= bytes.length || tagAt(at) !== undefined;
  return isCut ? undefined : Buffer.concat([...parts, bytes.subarray(from, at)]);
}
