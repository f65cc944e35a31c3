/**
 * DICOM data sets that were stored without the preamble and file meta information of PS3.10 section 7: old archives,
 * ACR-NEMA-like exports and network dumps. They are recognised by their first elements, and given a header of their own.
 */

export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';
export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const MAGIC = 'DICM';
const PREAMBLE_BYTES = 128;
/** Value representations whose length takes four bytes (PS3.5 section 7.1.2). */
export const LONG_LENGTH = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'];
export const VALUE_REPRESENTATIONS = [
  ...LONG_LENGTH,
  ...['AE', 'AS', 'AT', 'CS', 'DA', 'DS', 'DT', 'FD', 'FL', 'IS', 'LO', 'LT'],
  ...['PN', 'SH', 'SL', 'SS', 'ST', 'TM', 'UI', 'UL', 'US'],
];
/** Data sets of images begin with group 8; as many elements in rising order as this do not occur by chance. */
const FIRST_GROUP = 8;
const META_GROUP = 2;
const ELEMENTS_TRIED = 4;
/** No value in the first elements of group 8 is longer. */
const MAX_VALUE_BYTES = 4096;

/** What has to stand before the bytes of a bare data set so that they are a DICOM file; undefined where they are no data set. */
export function missingHeader(start: Buffer): Buffer | undefined {
  const preamble = Buffer.alloc(PREAMBLE_BYTES);
  if (start.toString('latin1', 0, 4) === MAGIC) return preamble;
  if (isMetaInformation(start)) return Buffer.concat([preamble, Buffer.from(MAGIC)]);
  const transferSyntax = bareTransferSyntax(start);
  return transferSyntax === undefined ? undefined : fileHeader(transferSyntax);
}

/** Preamble and file meta information of a file whose data set is stored in this transfer syntax. */
export function fileHeader(transferSyntax: string): Buffer {
  return Buffer.concat([Buffer.alloc(PREAMBLE_BYTES), Buffer.from(MAGIC), metaInformation(transferSyntax)]);
}

/** File meta information is little endian, and explicit but for what some programs write. */
function isMetaInformation(start: Buffer): boolean {
  return beginsWithElements(start, true, true, META_GROUP) || beginsWithElements(start, false, true, META_GROUP);
}

/** How a data set is stored, by its first elements; undefined where they leave doubt, as packed bytes do. */
export function bareTransferSyntax(start: Buffer): string | undefined {
  if (beginsWithElements(start, true, true)) return EXPLICIT_LITTLE_ENDIAN;
  if (beginsWithElements(start, true, false)) return EXPLICIT_BIG_ENDIAN;
  return beginsWithElements(start, false, true) ? IMPLICIT_LITTLE_ENDIAN : undefined;
}

/** True where several elements with rising tags and possible lengths follow one another from the first byte on. */
function beginsWithElements(bytes: Buffer, explicit: boolean, littleEndian: boolean, group = FIRST_GROUP): boolean {
  const short = (at: number) => (littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const long = (at: number) => (littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  let at = 0;
  let last = -1;
  for (let n = 0; n < ELEMENTS_TRIED; n++) {
    if (at + 12 > bytes.length) return false;
    const tag = short(at) * 0x10000 + short(at + 2);
    if (n === 0 ? short(at) !== group : tag <= last) return false;
    last = tag;
    let length = long(at + 4);
    let header = 8;
    if (explicit) {
      const representation = bytes.toString('latin1', at + 4, at + 6);
      if (!VALUE_REPRESENTATIONS.includes(representation)) return false;
      const isLong = LONG_LENGTH.includes(representation);
      length = isLong ? long(at + 8) : short(at + 6);
      header = isLong ? 12 : 8;
    }
    // A sequence of any length may come early; what went before it has to be enough.
    if (length > MAX_VALUE_BYTES || length % 2) return n >= 2 && length % 2 === 0;
    at += header + length;
  }
  return true;
}

function metaInformation(transferSyntax: string): Buffer {
  const value = Buffer.from(transferSyntax.padEnd(transferSyntax.length + (transferSyntax.length % 2), '\0'), 'latin1');
  const element = Buffer.alloc(20);
  element.write('\x02\0\0\0UL\x04\0', 0, 'latin1');
  element.writeUInt32LE(8 + value.length, 8);
  element.write('\x02\0\x10\0UI', 12, 'latin1');
  element.writeUInt16LE(value.length, 18);
  return Buffer.concat([element, value]);
}
