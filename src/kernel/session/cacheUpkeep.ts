/** Keeps the cache's folder within its limit: what killed processes left goes, and the longest unused entries. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import cacache from 'cacache';
import { orMissing } from '../../files/systemError.ts';
import { noteUse } from './cacheEntry.ts';
import { closeFiles } from './cacheFolder.ts';
import { NotRegular } from './cacheTrouble.ts';

/** Files that nobody has been writing for this long are left over. */
const LEFT_OVER_MS = 3_600_000;

/** Once in a process, after its first entry. */
export async function tidy(folder: string): Promise<void> {
  await sweep(folder);
  await closeFiles(folder).catch(orMissing);
}

/** All that the index holds; cacache would open whatever lies there, and wait for a pipe for ever. */
async function allEntries(folder: string) {
  const found = await readdir(join(folder, 'index-v5'), { recursive: true, withFileTypes: true }).catch(orMissing);
  if (found?.some((entry) => !entry.isFile() && !entry.isDirectory())) throw new NotRegular();
  return Object.values(await cacache.ls(folder));
}

/** Removes what processes that were killed have left: half-written files, and contents without an entry, which no limit would count. */
async function sweep(folder: string): Promise<void> {
  const entered = new Set((await allEntries(folder)).map(({ path }) => path));
  for (const part of ['tmp', 'content-v2'])
    for (const found of (await readdir(join(folder, part), { recursive: true, withFileTypes: true }).catch(
      orMissing,
    )) ?? []) {
      const path = join(found.parentPath, found.name);
      if (!found.isFile() || entered.has(path)) continue;
      const stats = await stat(path).catch(orMissing);
      if (!stats) continue;
      // From before the clock was set back: it counts from now on, or it would stay until the clock is there again.
      if (isAhead(stats.mtimeMs)) await noteUse(path);
      else if (Date.now() - stats.mtimeMs > LEFT_OVER_MS) await rm(path, { force: true });
    }
}

/** Written before the clock was set back. The clock of another computer may go a little before ours. */
function isAhead(timeMs: number): boolean {
  return timeMs - Date.now() > LEFT_OVER_MS;
}

/** Gives up entries until the rest fits, the longest unused first, but never the one that was just written. */
export async function shrink(folder: string, limitBytes: number, written: string): Promise<void> {
  const entries = await allEntries(folder);
  let total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total <= limitBytes) return;
  const used = await Promise.all(
    entries.map(async (entry) => {
      const usedMs = (await stat(entry.path).catch(orMissing))?.mtimeMs ?? 0;
      return { ...entry, usedMs, ahead: isAhead(usedMs) };
    }),
  );
  // What was used before the clock was set back was used before all that has a time of today.
  for (const { key, integrity, size } of used.sort(
    (a, b) => Number(b.ahead) - Number(a.ahead) || a.usedMs - b.usedMs,
  )) {
    if (total <= limitBytes) return;
    if (key === written) continue;
    await cacache.rm.entry(folder, key);
    // Another window may have removed it already.
    await cacache.rm.content(folder, integrity).catch(orMissing);
    total -= size;
  }
}
