/** Reading what must be a file: a named pipe, a device, a socket or a folder in its place is refused, and is never waited for. */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { UserError } from '../../base/userError.ts';

/** Most that one call of the system reads at a time. */
const CHUNK_BYTES = 64 * 1024 ** 2;

/** What lies at a path, in a word for users; undefined for a file. */
export function kindOfSpecial(info: Stats): string | undefined {
  if (info.isFile()) return undefined;
  if (info.isDirectory()) return 'a folder';
  if (info.isFIFO()) return 'a named pipe';
  if (info.isSocket()) return 'a socket';
  return 'a device';
}

/** `name` is for messages. Throws a UserError for what is no file. */
export function refuseSpecial(info: Stats, name: string): void {
  const kind = kindOfSpecial(info);
  if (kind !== undefined)
    throw new UserError(
      'special-file',
      `${name} is ${kind}, and LungNB reads files only. Copy its contents to a file.`,
    );
}

/**
 * The open file, which the caller closes. Errors of the system pass through. The kind is looked at before opening, which
 * a device may answer by doing something, and again of what was opened, which may have been exchanged in between.
 */
export async function openFile(path: string, name: string): Promise<FileHandle> {
  refuseSpecial(await stat(path), name);
  // Without waiting: to open a pipe that nobody writes to takes for ever. Windows has neither.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    refuseSpecial(await file.stat(), name);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Calls `use` with the open file, as {@link openFile} gives it, and closes it. */
export async function withFile<T>(path: string, name: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await openFile(path, name);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

/**
 * All bytes of a file of any size, each part given to `seen` as it was read: what is seen is what is returned. Throws a
 * UserError where the file is larger than `limitBytes`, or changes its length while it is read.
 */
export function readWhole(
  path: string,
  name: string,
  limitBytes: number,
  seen: (part: Buffer) => void = () => {},
): Promise<Buffer> {
  return withFile(path, name, async (file) => {
    const { size } = await file.stat();
    if (size > limitBytes)
      throw new UserError(
        'file-too-large',
        `${name} has ${gigabytes(size)}, and at most ${gigabytes(limitBytes)} can be read here.`,
      );
    const bytes = Buffer.allocUnsafeSlow(size);
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(CHUNK_BYTES, size - at), at);
      if (bytesRead === 0) throw new UserError('file-changed', `${name} became shorter while it was read. Try again.`);
      seen(bytes.subarray(at, at + bytesRead));
      at += bytesRead;
    }
    return bytes;
  });
}

/** E.g. `1.2 GB`; small sizes in bytes. */
export function gigabytes(bytes: number): string {
  if (bytes < 1e6) return `${bytes} bytes`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
