/** Makes folders, and says truly why one cannot be made. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemErrorOf } from './systemError.ts';

/**
 * Makes the folder and those above it; one that is there is left as it is. Rejects with the system's error. On a disk that
 * is read only, Node's own way to make several at once says that something is missing (ENOENT).
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode });
  } catch (error) {
    if (systemErrorOf(error).code !== 'ENOENT') throw error;
    if (!(await isThere(dirname(folder)))) await makeFolder(dirname(folder), mode);
    await mkdir(folder, { mode });
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
