/** Makes folders, and says truly why one cannot be made. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemErrorOf } from './systemError.ts';

/**
 * Makes the folder and those above it; one that is there is left as it is. Rejects with the system's error. Node's own way
 * to make several at once says of a disk that is read only that something is missing (ENOENT), and tries for ever where a
 * folder that is there takes none of a name, as roots of mounted homes do and /proc.
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    if (await isFolder(folder)) return;
    const above = dirname(folder);
    if (systemErrorOf(error).code !== 'ENOENT' || above === folder || (await isFolder(above))) throw error;
    await makeFolder(above, mode);
    await makeFolder(folder, mode);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
