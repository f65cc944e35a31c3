/** Where bytes come from: files in folders of any depth, and entries of zip files, read without unpacking them to disk. */
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import yauzl from 'yauzl';
import { naturally } from '../base/naturally.ts';
import type { Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Source } from './cohort.ts';

/** Beyond this a single entry is refused: no chest CT slice or volume is larger, and a zip bomb is. */
const LARGEST_ENTRY_BYTES = 4 * 1024 ** 3;

/** All files below a path, zip files opened, in a stable order. Hidden files are passed over. */
export async function listSources(path: string, reader: SourceReader, task: Task): Promise<Source[]> {
  task.signal.throwIfAborted();
  const info = await stat(path).catch(() => undefined);
  if (!info)
    throw new UserError(
      'path-missing',
      `There is no file or folder "${path}". Check the path; it starts at the notebook's folder.`,
    );
  if (info.isDirectory()) {
    const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort(naturally);
    const lists: Source[] = [];
    for (const name of names) lists.push(...(await listSources(join(path, name), reader, task)));
    return lists;
  }
  if (!info.isFile()) return [];
  if (!(await isZip(path))) return [{ file: path }];
  return (await reader.zipEntries(path)).map((zipEntry) => ({ file: path, zipEntry }));
}

/** Reads sources and keeps zip files open in between; close it when done. */
export interface SourceReader {
  /** All bytes, or the first `limit` of them. */
  read(source: Source, limit?: number): Promise<Buffer>;
  /** Number of bytes, unpacked. */
  size(source: Source): Promise<number>;
  zipEntries(file: string): Promise<string[]>;
  close(): void;
}

export function createSourceReader(): SourceReader {
  const archives = new Map<string, Promise<OpenZip>>();
  const archive = (file: string): Promise<OpenZip> => {
    const known = archives.get(file);
    if (known) return known;
    const opened = openZip(file);
    archives.set(file, opened);
    return opened;
  };
  const entryOf = async (file: string, zipEntry: string) => {
    const { zip, entries } = await archive(file);
    const entry = entries.get(zipEntry);
    if (!entry) throw new UserError('zip-entry-missing', `${file} no longer holds "${zipEntry}".`);
    return { zip, entry };
  };
  return {
    async read({ file, zipEntry }, limit) {
      if (zipEntry === undefined) return limit === undefined ? readFile(file) : readStart(file, limit);
      const { zip, entry } = await entryOf(file, zipEntry);
      if (entry.uncompressedSize > LARGEST_ENTRY_BYTES)
        throw new UserError(
          'zip-entry-too-large',
          `"${zipEntry}" in ${file} would unpack to ${entry.uncompressedSize} bytes, which is more than LungNB reads.`,
        );
      return readEntry(zip, entry, limit);
    },
    async size({ file, zipEntry }) {
      return zipEntry === undefined ? (await stat(file)).size : (await entryOf(file, zipEntry)).entry.uncompressedSize;
    },
    async zipEntries(file) {
      return [...(await archive(file)).entries.keys()].sort(naturally);
    },
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

/** A name for messages: the file with its folder or zip file, and not the whole path, which may name persons. */
export function nameOf({ file, zipEntry }: Source): string {
  return zipEntry === undefined ? join(basename(dirname(file)), basename(file)) : `${basename(file)}:${zipEntry}`;
}

/** The first `limit` bytes of a file, or all where it is shorter. */
export async function readStart(file: string, limit: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(limit);
    const { bytesRead } = await handle.read(buffer, 0, limit, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function isZip(file: string): Promise<boolean> {
  const start = await readStart(file, 4);
  return start.length === 4 && start.readUInt32LE() === 0x04034b50;
}

interface OpenZip {
  readonly zip: yauzl.ZipFile;
  readonly entries: ReadonlyMap<string, yauzl.Entry>;
}

/** Opens a zip and reads its directory. yauzl refuses entry names that lead out of the archive. */
function openZip(file: string): Promise<OpenZip> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) =>
      reject(
        new UserError(
          'zip-unreadable',
          `${file} cannot be read as a zip file (${(error as Error).message}). Copy it again, or unpack it and load the folder.`,
        ),
      );
    yauzl.open(file, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) return fail(error);
      const entries = new Map<string, yauzl.Entry>();
      zip.on('error', fail);
      zip.on('entry', (entry: yauzl.Entry) => {
        const hidden = entry.fileName.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');
        if (!entry.fileName.endsWith('/') && !hidden) entries.set(entry.fileName, entry);
        zip.readEntry();
      });
      zip.on('end', () => resolve({ zip, entries }));
      zip.readEntry();
    });
  });
}

function readEntry(zip: yauzl.ZipFile, entry: yauzl.Entry, limit = Infinity): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) return reject(error);
      const chunks: Buffer[] = [];
      let length = 0;
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length < limit) return;
        stream.destroy();
        resolve(Buffer.concat(chunks).subarray(0, limit));
      });
      stream.on('end', () => resolve(Buffer.concat(chunks)));
      stream.on('error', (failure) => {
        if (length < limit) reject(failure);
      });
    });
  });
}
