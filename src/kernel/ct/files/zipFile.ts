/** Opens zip files (PKWARE APPNOTE) and streams their entries without unpacking them to disk. */
import { createReadStream } from 'node:fs';
import { pipeline, Readable, Transform } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import yauzl from 'yauzl';
import { unattended } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import { isHiddenName } from './listFiles.ts';

/** The compression method of what is not compressed; the other that yauzl knows is deflate. */
const STORED = 0;
/** Of a local header, whose name and extra field come on top; of a directory entry likewise. */
const LOCAL_HEADER_BYTES = 30;
const DIRECTORY_ENTRY_BYTES = 46;
/** A thousand large cohorts; beyond it, reading the directory alone takes gigabytes. */
const MAX_ENTRIES = 2_000_000;

export interface OpenZip {
  readonly zip: yauzl.ZipFile;
  /** Those that can be read. */
  readonly entries: ReadonlyMap<string, yauzl.Entry>;
  /** How many are protected by a password. */
  readonly locked: number;
  /** How many are packed by another method than deflate. */
  readonly otherwisePacked: number;
}

/** True for the first bytes of a zip file, empty ones included. */
export function isZip(start: Buffer): boolean {
  return start.length >= 4 && [0x04034b50, 0x06054b50].includes(start.readUInt32LE());
}

/**
 * Opens a zip, which messages call `name`, and reads its directory. yauzl refuses entry names that lead out of the
 * archive. Rejects with the signal's reason, and reads no further, where that is aborted meanwhile.
 */
export function openZip(file: string, name: string, signal: AbortSignal = unattended.signal): Promise<OpenZip> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) =>
      reject(
        new UserError(
          'zip-unreadable',
          `${name} cannot be read as a zip file: ${isCut(error) ? 'its end is missing, so it was copied or downloaded only in part' : 'it is damaged'}. Copy it again, or unpack it and load the folder.`,
        ),
      );
    yauzl.open(file, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) return fail(error);
      const entries = new Map<string, yauzl.Entry>();
      const places: Place[] = [];
      let [locked, otherwisePacked] = [0, 0];
      const refuse = (refused: unknown) => {
        zip.close();
        reject(refused);
      };
      if (zip.entryCount * DIRECTORY_ENTRY_BYTES > zip.fileSize)
        return refuse(untrue(name, `says that it holds ${zip.entryCount} files, for which it is too short`));
      if (zip.entryCount > MAX_ENTRIES)
        return refuse(untrue(name, `holds ${zip.entryCount} files, and LungNB reads up to ${MAX_ENTRIES} from one`));
      zip.on('error', fail);
      zip.on('entry', (entry: yauzl.Entry) => {
        if (signal.aborted) return refuse(signal.reason);
        places.push({
          start: entry.relativeOffsetOfLocalHeader,
          end: entry.relativeOffsetOfLocalHeader + LOCAL_HEADER_BYTES + entry.compressedSize,
        });
        const hidden = entry.fileName.split('/').some(isHiddenName);
        if (!entry.fileName.endsWith('/') && !hidden) {
          if (entry.isEncrypted()) locked++;
          else if (!entry.canDecodeFileData()) otherwisePacked++;
          else entries.set(entry.fileName, entry);
        }
        zip.readEntry();
      });
      zip.on('end', () => {
        if (overlap(places)) refuse(untrue(name, 'has files that lie over one another, as only a zip bomb does'));
        else resolve({ zip, entries, locked, otherwisePacked });
      });
      zip.readEntry();
    });
  });
}

/** Bytes of the file that an entry takes at least, the last excluded. */
interface Place {
  readonly start: number;
  readonly end: number;
}

function overlap(places: Place[]): boolean {
  places.sort((a, b) => a.start - b.start);
  return places.some(({ start }, n) => n > 0 && start < places[n - 1]!.end);
}

function untrue(name: string, what: string): UserError {
  return new UserError('zip-untrue', `${name} ${what}. Unpack it by other means, and load the folder.`);
}

/** The table of contents stands at the end of a zip file. */
function isCut(error: unknown): boolean {
  return error instanceof Error && /end of central directory/i.test(error.message);
}

/** `name` is what messages call the entry. */
export function entryOf({ entries }: OpenZip, zipEntry: string, name: string): yauzl.Entry {
  const entry = entries.get(zipEntry);
  if (!entry) throw new UserError('zip-entry-missing', `${name} is no longer in its zip file.`);
  return entry;
}

/**
 * The unpacked bytes of an entry. Each has the file open for itself, so that many are read at once and any may be
 * given up half-way. They come in pieces of `chunkBytes`, as much as is unpacked at a time.
 */
export async function openEntry(
  file: string,
  opened: OpenZip,
  zipEntry: string,
  { name, chunkBytes }: { readonly name: string; readonly chunkBytes: number },
): Promise<Readable> {
  const entry = entryOf(opened, zipEntry, name);
  if (entry.compressedSize === 0) return Readable.from([]);
  const { fileDataStart: start } = await opened.zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const stored = createReadStream(file, { start, end: start + entry.compressedSize - 1, highWaterMark: chunkBytes });
  if (entry.compressionMethod === STORED) return stored;
  // A failure of the stored bytes destroys the unpacking stream with the same error: its reader hears of it.
  return pipeline(stored, createInflateRaw({ chunkSize: chunkBytes }), upTo(entry.uncompressedSize, name), () => {});
}

/** Passes on as many bytes as the directory says that an entry has, and fails where there are more. */
function upTo(bytes: number, name: string): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      passed += chunk.length;
      if (passed <= bytes) done(null, chunk);
      else
        done(
          new UserError('zip-untrue', `${name} unpacks to more than the ${bytes} bytes that its zip file says it has.`),
        );
    },
  });
}
