/**
 * Headers that are kept between runs, so that a large archive is looked through once: an interrupted look goes on where it
 * ended, and a later one asks each file for its state alone. Files are taken in pieces of some hundred, each an entry of
 * the cache. Its key, and the key that it is encrypted with, are made of the names and states of its files: a file that
 * changed in any way makes its piece be read anew, and who has the cache and not the files learns nothing of patients.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { SOFTWARE_VERSION } from '../../base/software.ts';
import { MEASURING_CODE } from '../../lungs/measuringCode.ts';
import type { Source } from '../cohort/cohort.ts';
import { sharedHeader } from '../dicom/sharedHeader.ts';
import type { FoundFile } from './scan.ts';

/** Where entries are kept; what is damaged is not there. */
export interface HeaderStore {
  bytes(key: string): Promise<Buffer | undefined>;
  putBytes(key: string, bytes: Uint8Array): Promise<void>;
  /** Fewer files are not kept; {@link KEPT_FROM} unless said. */
  readonly from?: number;
}

/** Fewer files are looked through in seconds. */
export const KEPT_FROM = 2000;
/** A path of fewer, such as a volume or an archive, is looked into about as fast as an entry is read. */
const KEPT_FROM_AT_PATH = 20;
const FILES_IN_PIECE = 1000;
/** One folder of so many begins a piece by itself, so that a new one moves the ends of few pieces. */
const FOLDERS_IN_PIECE = 256;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The same store for files at so many paths, which are looked into one after the other: each has its share. */
export function keptOfEach(store: HeaderStore | undefined, paths: number): HeaderStore | undefined {
  return store && { ...store, from: Math.max(KEPT_FROM_AT_PATH, Math.ceil((store.from ?? KEPT_FROM) / paths)) };
}

/** What each source of a piece is; undefined where it is no DICOM file. */
export type PieceOfHeaders = readonly (readonly FoundFile[] | undefined)[];

/** Files in their order, cut between folders where possible. */
export function piecesOf(sources: readonly Source[]): Source[][] {
  const pieces: Source[][] = [];
  let piece: Source[] = [];
  let folder: string | undefined;
  for (const source of sources) {
    const own = dirname(source.file);
    const begins = own !== folder && (piece.length >= FILES_IN_PIECE || isCut(own));
    if (piece.length > 0 && (begins || piece.length >= 2 * FILES_IN_PIECE)) {
      pieces.push(piece);
      piece = [];
    }
    folder = own;
    piece.push(source);
  }
  return piece.length > 0 ? [...pieces, piece] : pieces;
}

function isCut(folder: string): boolean {
  return createHash('sha256').update(folder).digest().readUInt32LE(0) % FOLDERS_IN_PIECE === 0;
}

/** What is kept of a piece; `states` as its files are now. */
export async function keptHeaders(
  store: HeaderStore,
  piece: readonly Source[],
  states: readonly string[],
): Promise<PieceOfHeaders | undefined> {
  const bytes = await store.bytes(digestOf('entry', piece, states).toString('hex'));
  if (!bytes) return undefined;
  try {
    const decipher = createDecipheriv(CIPHER, digestOf('cipher', piece, states), bytes.subarray(0, IV_BYTES));
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const packed = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    // SAFETY: `keepHeaders` of the same code wrote it, or it could not be decrypted.
    const kept = deserialize(await decompress(packed)) as PieceOfHeaders;
    return kept.map((files) => files?.map(({ source, header }) => ({ source, header: sharedHeader(header) })));
  } catch {
    // Another version of Node wrote it, or it is damaged: then it is read from the files.
    return undefined;
  }
}

export async function keepHeaders(
  store: HeaderStore,
  piece: readonly Source[],
  states: readonly string[],
  headers: PieceOfHeaders,
): Promise<void> {
  const packed = await compress(serialize(headers));
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, digestOf('cipher', piece, states), iv);
  const text = Buffer.concat([cipher.update(packed), cipher.final()]);
  await store.putBytes(
    digestOf('entry', piece, states).toString('hex'),
    Buffer.concat([iv, cipher.getAuthTag(), text]),
  );
}

function digestOf(purpose: string, piece: readonly Source[], states: readonly string[]): Buffer {
  const hash = createHash('sha256').update(JSON.stringify(['headers', purpose, SOFTWARE_VERSION, MEASURING_CODE]));
  for (const [n, { file }] of piece.entries()) hash.update(JSON.stringify([file, states[n]]));
  return hash.digest();
}
