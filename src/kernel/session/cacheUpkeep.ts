/** Looks after the cache's folder: counts it, clears away what killed processes left, and gives up the longest unused entries. */
import type { Stats } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import cacache from 'cacache';
import { orMissing } from '../../files/systemError.ts';
import { concurrently } from '../base/concurrently.ts';
import { unattended } from '../base/task.ts';
import { noteUse } from './cacheEntry.ts';
import { closeFiles, indexFile } from './cacheFolder.ts';
import { NotRegular } from './cacheTrouble.ts';

/** Files that nobody has been writing for this long are left over. */
const LEFT_OVER_MS = 3_600_000;
/** Where entries are given up, so much of the limit stays free that the next ones are no reason to count again. */
const FREE_AFTERWARDS = 0.1;
/** A network file system answers many questions at once as soon as one. */
const AT_ONCE = 32;

/**
 * Counts the folder, clears away what was left over, and gives up contents until the rest fits: the longest unused first,
 * but never those of the key `spared`. Gives the bytes of what stays, each content once, whatever number of keys has it.
 * Several processes may do so at once: what another has removed meanwhile is gone, and all choose in the same order.
 */
export async function keepWithin(folder: string, limitBytes: number, spared: string): Promise<number> {
  const kept = await sweep(folder, keysByContents(await allEntries(folder)));
  await closeFiles(folder).catch(orMissing);
  const total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  return total <= limitBytes ? total : giveUp(folder, kept, total - limitBytes * (1 - FREE_AFTERWARDS), spared);
}

/** All that the index holds; cacache would open whatever lies there, and wait for a pipe for ever. */
async function allEntries(folder: string) {
  const found = await readdir(join(folder, 'index-v5'), { recursive: true, withFileTypes: true }).catch(orMissing);
  if (found?.some((entry) => !entry.isFile() && !entry.isDirectory())) throw new NotRegular();
  return Object.values(await cacache.ls(folder));
}

function keysByContents(entries: Awaited<ReturnType<typeof allEntries>>): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const { path, key } of entries) keys.set(path, [...(keys.get(path) ?? []), key]);
  return keys;
}

interface Contents {
  readonly path: string;
  readonly keys: readonly string[];
  readonly bytes: number;
  readonly usedMs: number;
}

/** Removes what processes that were killed have left: half-written files, and contents without an entry. Gives the others. */
async function sweep(folder: string, keys: ReadonlyMap<string, readonly string[]>): Promise<Contents[]> {
  const paths = (await Promise.all(['tmp', 'content-v2'].map((part) => filesIn(join(folder, part))))).flat();
  const looked = await concurrently(paths, AT_ONCE, unattended.signal, async (path) => {
    const stats = await stat(path).catch(orMissing);
    const own = keys.get(path);
    if (stats && own) return [{ path, keys: own, bytes: stats.size, usedMs: stats.mtimeMs }];
    if (stats) await clearAway(path, stats);
    return [];
  });
  return looked.flat();
}

async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(orMissing);
  return (found ?? []).flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []));
}

async function clearAway(path: string, { mtimeMs }: Stats): Promise<void> {
  // From before the clock was set back: it counts from now on, or it would stay until the clock is there again.
  if (isAhead(mtimeMs)) await noteUse(path);
  else if (Date.now() - mtimeMs > LEFT_OVER_MS) await rm(path, { force: true });
}

/** Written before the clock was set back. The clock of another computer may go a little before ours. */
function isAhead(timeMs: number): boolean {
  return timeMs - Date.now() > LEFT_OVER_MS;
}

/** Gives up at least `excess` bytes where it can; the bytes of what stays. */
async function giveUp(folder: string, kept: readonly Contents[], excess: number, spared: string): Promise<number> {
  // What was used before the clock was set back was used before all that has a time of today.
  const inOrder = [...kept].sort(
    (a, b) =>
      Number(isAhead(b.usedMs)) - Number(isAhead(a.usedMs)) || a.usedMs - b.usedMs || (a.path < b.path ? -1 : 1),
  );
  const total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  let left = total;
  for (const { path, keys, bytes } of inOrder) {
    if (left <= total - excess) break;
    if (keys.includes(spared)) continue;
    // The index first: contents without an entry are cleared away later, an entry without contents never.
    for (const key of keys) await rm(indexFile(folder, key), { force: true });
    await rm(path, { force: true });
    left -= bytes;
  }
  return left;
}
