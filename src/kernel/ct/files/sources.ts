/** Where bytes come from: files, entries of zip files, what is packed with gzip in either, and what `archives.ts` has unpacked. */
import { type FileHandle, stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { atMost } from '../../../protocol/words/lists.ts';
import { inNaturalOrder } from '../../base/naturally.ts';
import { unattended } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import type { Source } from '../cohort/cohort.ts';
import { missingHeader } from '../dicom/bareDicom.ts';
import { openFile, withFile } from './regularFile.ts';
import { sourceKey } from './sourceKey.ts';
import { entryOf, type OpenZip, openEntry, openZip } from './zipFile.ts';

/** Beyond this nothing packed is unpacked into memory as a whole: no DICOM file of a chest is larger, and a zip bomb is. */
const MAX_UNPACKED_BYTES = 2 * 1024 ** 3;
/** Deflate (RFC 1951) makes nothing more than this many times smaller. */
export const MAX_COMPRESSION = 1032;
const CHUNK_BYTES = 256 * 1024;
/** Of what is read in part only. */
const SMALL_CHUNK_BYTES = 16 * 1024;

/** Reads sources and keeps zip files open in between; close it when done. */
export interface SourceReader {
  /** All bytes, or the first `limit` of them. */
  read(source: Source, limit?: number): Promise<Buffer>;
  /** The last `bytes` of a file as they are stored, fewer where it is shorter; undefined for what lies in a zip file. */
  end(source: Source, bytes: number): Promise<Buffer | undefined>;
  /** The bytes one after another; who stops early closes what is behind them. */
  stream(source: Source): Promise<AsyncIterable<Buffer>>;
  /** Number of bytes; of what is packed, the most that it can be. */
  size(source: Source): Promise<number>;
  /** The names of a zip file's entries that can be read, and numbers of the others. */
  zipEntries(zip: Source): Promise<ZipEntries>;
  /** Tells where sources lie that were unpacked, so that they are found by their names as well. */
  know(sources: readonly Source[]): void;
  /** The same source, with where it was unpacked, where that is known. */
  found(source: Source): Source;
  close(): void;
}

export interface ZipEntries {
  readonly names: readonly string[];
  /** Protected by a password. */
  readonly locked: number;
  readonly otherwisePacked: number;
}

/** A reader that lists no zip file any further once `signal` is aborted. */
export function createSourceReader(signal: AbortSignal = unattended.signal): SourceReader {
  const archives = new Map<string, Promise<OpenZip>>();
  const unpacked = new Map<string, Source['unpacked']>();
  const found = (source: Source): Source => {
    const place = source.unpacked ?? unpacked.get(sourceKey(source));
    return place ? { ...source, unpacked: place } : source;
  };
  /** Where the bytes are. */
  const placeOf = (source: Source): NonNullable<Source['unpacked']> => found(source).unpacked ?? source;
  const archive = (source: Source): Promise<OpenZip> => {
    const { file } = placeOf(source);
    const known = archives.get(file);
    if (known) return known;
    const opened = openZip(file, nameOfSource(source), signal);
    archives.set(file, opened);
    return opened;
  };
  const size = async (source: Source): Promise<number> => {
    const { form } = source;
    const { file, zipEntry } = placeOf(source);
    const stored = async () => {
      if (zipEntry === undefined) return (await stat(file)).size;
      const entry = entryOf(await archive(source), zipEntry, nameOfSource(source));
      return Math.min(entry.uncompressedSize, entry.compressedSize * MAX_COMPRESSION);
    };
    return (await stored()) * (form === 'gzip' ? MAX_COMPRESSION : 1);
  };
  const stream = async (source: Source, chunkBytes = CHUNK_BYTES): Promise<AsyncIterable<Buffer>> => {
    const { form } = source;
    const { file, zipEntry } = placeOf(source);
    const stored: Readable =
      zipEntry === undefined
        ? (await openFile(file, nameOfSource(source))).createReadStream({ highWaterMark: chunkBytes })
        : await openEntry(file, await archive(source), zipEntry, { name: nameOfSource(source), chunkBytes });
    if (form !== 'gzip') return stored;
    // A failure of the stored bytes destroys the unpacking stream with the same error: its reader hears of it.
    return pipeline(stored, createGunzip({ chunkSize: chunkBytes }), () => {});
  };
  const unwrapped = async (source: Source, limit?: number): Promise<Buffer> => {
    const { form } = source;
    const { file, zipEntry } = placeOf(source);
    if (zipEntry === undefined && form !== 'gzip')
      return limit === undefined
        ? withFile(file, nameOfSource(source), (opened) => opened.readFile())
        : readStart(file, limit, nameOfSource(source));
    const chunkBytes = limit === undefined ? CHUNK_BYTES : SMALL_CHUNK_BYTES;
    const bytes = await stream(source, chunkBytes);
    return firstBytes(bytes, limit ?? MAX_UNPACKED_BYTES, limit === undefined, nameOfSource(source));
  };
  return {
    async read(source, limit) {
      const bytes = await unwrapped(source, limit);
      const header = source.form === 'bare' ? missingHeader(bytes) : undefined;
      return header ? Buffer.concat([header, bytes]) : bytes;
    },
    async end(source, bytes) {
      const { file, zipEntry } = placeOf(source);
      return zipEntry === undefined ? readEnd(file, bytes, nameOfSource(source)) : undefined;
    },
    stream: (source) => stream(source),
    size,
    async zipEntries(zip) {
      const { entries, locked, otherwisePacked } = await archive(zip);
      return { names: await inNaturalOrder([...entries.keys()], (name) => name, signal), locked, otherwisePacked };
    },
    know(sources) {
      for (const source of sources) if (source.unpacked) unpacked.set(sourceKey(source), source.unpacked);
    },
    found,
    close() {
      for (const opened of archives.values())
        void opened.then(
          ({ zip }) => zip.close(),
          () => undefined,
        );
      archives.clear();
    },
  };
}

/** How messages call a file: never by its name or its folder's, which may be a person's. */
export function nameOfSource({ place }: Source): string {
  return place ?? 'the file';
}

/** The same for several, each file once, with how many more there are. */
export function namesOfSources(sources: readonly Source[], shown: number): string {
  return atMost([...new Set(sources.map(nameOfSource))], shown);
}

/** The first `limit` bytes of a file, which messages call `name`, or all where it is shorter. Throws a UserError for what is no file. */
export function readStart(file: string, limit: number, name = 'the file'): Promise<Buffer> {
  return withFile(file, name, (opened) => readPart(opened, 0, limit));
}

function readEnd(file: string, bytes: number, name: string): Promise<Buffer> {
  return withFile(file, name, async (opened) =>
    readPart(opened, Math.max(0, (await opened.stat()).size - bytes), bytes),
  );
}

/** Up to `length` bytes from `start` on. */
async function readPart(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  const { bytesRead } = await file.read(buffer, 0, length, start);
  return buffer.subarray(0, bytesRead);
}

/** Up to `limit` bytes; where `whole` is asked for, more than that is refused. */
async function firstBytes(stream: AsyncIterable<Buffer>, limit: number, whole: boolean, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit && whole)
      throw new UserError('unpacks-too-large', `${name} unpacks to more than ${limit} bytes, more than LungNB reads.`);
    if (length >= limit && !whole) break;
  }
  return (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).subarray(0, limit);
}
