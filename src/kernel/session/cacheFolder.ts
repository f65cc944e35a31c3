/** Whose the cache's folder is, and that nobody else may read it: files of mode 0600 in a folder of mode 0700. */
import { createHash } from 'node:crypto';
import { chmod, lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../files/makeFolder.ts';
import { systemErrorOf } from '../../files/systemError.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const OTHERS = 0o077;

/** The folder belongs to somebody else: it is read, and never written. */
export class ForeignFolder extends Error {}

/**
 * Makes the folder, or closes the one that is there to others. Throws ForeignFolder where it, or the link that leads to
 * it, is another user's: who owns it could lead what is written to other files of ours.
 */
export async function claimFolder(folder: string): Promise<void> {
  await makeFolder(folder, FOLDER_MODE);
  const own = process.getuid?.();
  const [link, target] = await Promise.all([lstat(folder), stat(folder)]);
  if (own !== undefined && [link, target].some(({ uid }) => uid !== own)) throw new ForeignFolder();
  if (target.mode & OTHERS) await chmod(folder, FOLDER_MODE);
}

/** Closes every file below the folder to others: those that an earlier version wrote are open to whoever the umask allowed. */
export async function closeFiles(folder: string): Promise<void> {
  for (const found of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (found.isFile()) await closeFile(join(found.parentPath, found.name));
}

/** Closes one file to others; one that is gone meanwhile needs it no more. */
export async function closeFile(path: string): Promise<void> {
  try {
    if ((await lstat(path)).mode & OTHERS) await chmod(path, FILE_MODE);
  } catch (error) {
    if (systemErrorOf(error).code !== 'ENOENT') throw error;
  }
}

/** Where cacache keeps the index entries of a key: the hexadecimal SHA-256 of the key, cut behind two and four digits. */
export function indexFile(folder: string, key: string): string {
  const hash = createHash('sha256').update(key).digest('hex');
  return join(folder, 'index-v5', hash.slice(0, 2), hash.slice(2, 4), hash.slice(4));
}
