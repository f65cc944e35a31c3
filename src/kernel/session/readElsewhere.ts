/** Entries of caches that belong to others, or were handed on: read and verified, never written, cleaned or counted. */
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import cacache from 'cacache';
import { lookUp } from './cacheEntry.ts';

const decompress = promisify(zstdDecompress);

/** The first sound entry; whatever is wrong with one, it is as if it were not there. */
export async function readElsewhere(folders: readonly string[], key: string): Promise<Buffer | undefined> {
  for (const folder of folders)
    try {
      if (!(await isWhole(folder, key))) continue;
      const { data } = await cacache.get(folder, key);
      return await decompress(data);
    } catch {
      // The next folder may have it; if none has, it is measured.
    }
  return undefined;
}

export async function isElsewhere(folders: readonly string[], key: string): Promise<boolean> {
  for (const folder of folders) if (await isWhole(folder, key)) return true;
  return false;
}

/** Not where its contents are missing or cut off, or a pipe lies in their place, which would be waited for without end. */
async function isWhole(folder: string, key: string): Promise<boolean> {
  return (await lookUp(folder, key).catch(() => undefined))?.isWhole === true;
}
