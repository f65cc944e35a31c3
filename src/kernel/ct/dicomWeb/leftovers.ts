/** Removes what killed kernels have left in the folder for temporary files: their own folders alone, whoever else's lie there. */
import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './owner.ts';

export const DOWNLOAD_PREFIX = 'lungnb-dicomweb-';
/** Nothing loads for as long as this: then a folder goes whose process cannot be asked, being in another container. */
const FORGOTTEN_MS = 7 * 86_400_000;

/**
 * Never throws, and touches no link and nothing of another user. What cannot be removed is left to the next start: it
 * may be going just now, by another kernel.
 */
export async function removeLeftovers(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(DOWNLOAD_PREFIX))) {
    const folder = join(tmpdir(), name);
    if (await isLeftOver(folder, name.slice(DOWNLOAD_PREFIX.length)))
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function isLeftOver(folder: string, owner: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  if (!found?.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) return false;
  const alive = isAlive(owner);
  return alive === undefined ? Date.now() - found.mtimeMs > FORGOTTEN_MS : !alive;
}
