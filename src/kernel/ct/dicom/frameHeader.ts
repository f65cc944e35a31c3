/**
 * What a compressed frame says of itself, since headers may lie: its codec, and whether it lost something (JPEG, ITU-T
 * T.81 annex B; JPEG-LS, T.87 annex C; JPEG 2000, T.800 annex A; HTJ2K, T.814 annex A; RLE, PS3.5 annex G).
 */
import type { Codec } from './transferSyntax.ts';

export interface FrameHeader {
  readonly codec: Codec;
  readonly lossy: boolean;
  /** Of JPEG-LS alone. */
  readonly size?: { readonly rows: number; readonly columns: number; readonly components: number };
}

/** Segments of RLE: no CT has more than the two bytes of its pixels. */
const MAX_RLE_SEGMENTS = 2;
const RLE_HEADER_BYTES = 64;
/** The box in which a JPEG 2000 file keeps its codestream. */
const CODESTREAM_BOX = 'jp2c';
const MARKER = {
  startOfImage: 0xffd8,
  startOfScan: 0xffda,
  lossless: 0xffc3,
  jpegLs: 0xfff7,
  codestream: 0xff4f,
  size: 0xff51,
  capabilities: 0xff50,
  codingStyle: 0xff52,
  startOfTile: 0xff90,
} as const;
/** Frames of JPEG that code by cosine transform: baseline, extended, progressive. */
const COSINE_FRAMES = [0xffc0, 0xffc1, 0xffc2];
/** In the frame of JPEG-LS: precision, rows, columns and number of components. */
const JPEG_LS_FRAME_BYTES = 6;
/** In the scan of JPEG-LS, after the number of components and two bytes for each. */
const NEAR_AFTER_COMPONENTS = 1;
/** Transformation in the coding style: 0 is the irreversible 9-7 filter, 1 the reversible 5-3 filter. */
const TRANSFORMATION_AT = 9;
const IRREVERSIBLE = 0;

/** Undefined where the bytes begin no frame that is known. */
export function frameHeaderOf(frame: Uint8Array): FrameHeader | undefined {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  if (bytes.length < 4) return undefined;
  if (bytes.readUInt16BE(0) === MARKER.startOfImage) return jpegFamily(bytes);
  const start = codestreamStart(bytes);
  if (start !== undefined) return jpeg2000(bytes.subarray(start));
  return isRle(bytes) ? { codec: 'rle', lossy: false } : undefined;
}

function jpegFamily(bytes: Buffer): FrameHeader | undefined {
  let size: FrameHeader['size'];
  for (const { marker, at } of segments(bytes)) {
    if (COSINE_FRAMES.includes(marker)) return { codec: 'jpeg', lossy: true };
    if (marker === MARKER.lossless) return { codec: 'jpeg', lossy: false };
    if (marker === MARKER.jpegLs && at + JPEG_LS_FRAME_BYTES <= bytes.length)
      size = { rows: bytes.readUInt16BE(at + 1), columns: bytes.readUInt16BE(at + 3), components: bytes[at + 5]! };
    if (marker === MARKER.startOfScan)
      return size && { codec: 'jpeg-ls', lossy: (bytes[at + NEAR_AFTER_COMPONENTS + 2 * bytes[at]!] ?? 0) > 0, size };
  }
  return undefined;
}

function jpeg2000(bytes: Buffer): FrameHeader | undefined {
  let codec: Codec = 'jpeg-2000';
  for (const { marker, at } of segments(bytes)) {
    if (marker === MARKER.capabilities) codec = 'htj2k';
    if (marker === MARKER.codingStyle) return { codec, lossy: bytes[at + TRANSFORMATION_AT] === IRREVERSIBLE };
    if (marker === MARKER.startOfTile) return undefined;
  }
  return undefined;
}

/** Marker segments after the first two bytes, each with the place of its contents. */
function* segments(bytes: Buffer): Generator<{ marker: number; at: number }> {
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes.readUInt16BE(at);
    // Markers may be filled up with further bytes of 0xff.
    if (marker === 0xffff) {
      at++;
      continue;
    }
    if (marker < 0xff01) return;
    yield { marker, at: at + 4 };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
}

/** Where the codestream begins: at once, or within the boxes of a whole JPEG 2000 file, which some archives store. */
function codestreamStart(bytes: Buffer): number | undefined {
  const begins = (at: number) =>
    at + 4 <= bytes.length &&
    bytes.readUInt16BE(at) === MARKER.codestream &&
    bytes.readUInt16BE(at + 2) === MARKER.size;
  if (begins(0)) return 0;
  if (bytes.toString('latin1', 4, 8) !== 'jP  ') return undefined;
  const box = bytes.indexOf(CODESTREAM_BOX, 8, 'latin1');
  return box !== -1 && begins(box + 4) ? box + 4 : undefined;
}

function isRle(bytes: Buffer): boolean {
  if (bytes.length < RLE_HEADER_BYTES) return false;
  const count = bytes.readUInt32LE(0);
  return count >= 1 && count <= MAX_RLE_SEGMENTS && bytes.readUInt32LE(4) === RLE_HEADER_BYTES;
}
