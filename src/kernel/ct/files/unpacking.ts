/** Files out of archives that cannot be read in place, unpacked to the folder for temporary files; they go when the process ends. */
import { statfs } from 'node:fs/promises';
import { UserError } from '../../base/userError.ts';
import { createDownloads } from '../dicomWeb/downloads.ts';
import { bytesInWords, LIMITS } from '../dicomWeb/limits.ts';

/** No file of a chest is larger. */
const MAX_FILE_BYTES = 8 * 1024 ** 3;
/** Of one archive, packed however well: a 4D CT has some 10 GB. */
const MAX_ARCHIVE_BYTES = 200 * 1024 ** 3;
/** The disk is asked anew after this many bytes. */
const ASKED_AFTER_BYTES = 32 * 1024 ** 2;

export interface Unpacking {
  /** The path of a file with these bytes. Throws a UserError where they are too many, or the disk has no room. */
  unpack(
    bytes: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<{ readonly file: string; readonly bytes: number }>;
  /** Removes what was unpacked. */
  abandon(): Promise<void>;
}

/** For one archive, which messages call `name`. */
export function createUnpacking(name: string): Unpacking {
  const downloads = createDownloads();
  let total = 0;
  let unasked = Number.POSITIVE_INFINITY;
  const take = async (bytes: number, ofFile: number, folder: string) => {
    total += bytes;
    if (ofFile > MAX_FILE_BYTES || total > MAX_ARCHIVE_BYTES)
      throw new UserError(
        'unpacks-too-large',
        `${name} unpacks to more than ${bytesInWords(ofFile > MAX_FILE_BYTES ? MAX_FILE_BYTES : MAX_ARCHIVE_BYTES)}, more than LungNB reads. Unpack it by other means, and load the folder.`,
      );
    unasked += bytes;
    if (unasked < ASKED_AFTER_BYTES) return;
    unasked = 0;
    const { bavail, blocks, bsize } = await statfs(folder);
    if (bavail * bsize < Math.min(LIMITS.freeBytes, LIMITS.freeShare * blocks * bsize))
      throw new UserError(
        'disk-full',
        `The disk that holds temporary files is nearly full, and what ${name} holds would not fit. Make room, set TMPDIR (TEMP on Windows) to a folder on another disk and start again, or unpack it and load the folder.`,
      );
  };
  return {
    async unpack(bytes, signal) {
      const download = await downloads.start();
      let length = 0;
      try {
        for await (const part of bytes) {
          signal.throwIfAborted();
          length += part.length;
          await take(part.length, length, download.folder);
          await download.write(part);
        }
        return { file: await download.keep(), bytes: length };
      } catch (error) {
        await download.discard();
        throw error;
      }
    },
    abandon: () => downloads.abandon(),
  };
}
