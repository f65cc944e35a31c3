/** Measured CTs on disk: content-addressed, verified on read, written atomically (cacache), compressed with Zstandard, the longest unused given up first. */
import { lstat, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import cacache from 'cacache';
import type { MeasuredMaps } from '../lungs/quantification.ts';
import type { MeasurementStore } from '../values/measurementStore.ts';
import { claimFolder, closeFile, closeFiles, indexFile } from './cacheFolder.ts';
import { causeOf, NotRegular, notKept, passedOver } from './cacheTrouble.ts';
import { createUnkept } from './unkept.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** Label maps compress well already at the quickest level. */
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/**
 * A cache in `folder`, which is made when first written, for its owner alone. A damaged entry is treated as absent.
 * Several processes may use it at once, and one that is killed leaves no half entry. When its contents pass
 * `limitBytes`, those that were not read for longest go. Nothing that is wrong with the folder costs a measurement:
 * what cannot be read is absent, what cannot be written stays in memory as long as there is room, and `troubles` says so.
 */
export function createMeasurementCache(folder: string, limitBytes: number): MeasurementStore {
  let tidied: Promise<void> | undefined;
  const unkept = createUnkept();
  const troubles = new Set<string>();

  /** Undefined where there is none, or what is there is damaged or cannot be read. */
  async function get(key: string): Promise<Buffer | undefined> {
    const held = unkept.get(key);
    if (held) {
      troubles.add(held.trouble);
      return decompress(held.bytes);
    }
    const info = await entry(key);
    if (!info) return undefined;
    try {
      const { data } = await cacache.get(folder, key);
      await noteUse(info.path);
      return await decompress(data);
    } catch (error) {
      const cause = causeOf(error);
      // Gone since it was looked at: another window has cleared the cache.
      if (cause === 'ENOENT') return undefined;
      if (isDamage(error)) await removeDamaged(info.integrity);
      else if (cause === undefined) throw error;
      else troubles.add(passedOver(error));
      return undefined;
    }
  }

  /** What the index says of a key, where its contents are there in their length. */
  async function entry(key: string) {
    try {
      await refuseOthersThanFiles(indexFile(folder, key));
      const info = await cacache.get.info(folder, key);
      if (!info) return undefined;
      await refuseOthersThanFiles(info.path);
      if ((await stat(info.path)).size === info.size) return info;
      await removeDamaged(info.integrity);
    } catch (error) {
      const cause = causeOf(error);
      if (cause === undefined) throw error;
      if (cause !== 'ENOENT') troubles.add(passedOver(error));
    }
    return undefined;
  }

  /** Contents that are there are never written again. Where they cannot be removed, they stay damaged and absent. */
  async function removeDamaged(integrity: string): Promise<void> {
    try {
      await cacache.rm.content(folder, integrity);
    } catch (error) {
      if (causeOf(error) === undefined) throw error;
      troubles.add(passedOver(error));
    }
  }

  async function put(key: string, bytes: Buffer): Promise<void> {
    const compressed = await compress(bytes, LEVEL);
    try {
      await write(key, compressed);
      unkept.delete(key);
    } catch (error) {
      if (causeOf(error) === undefined) throw error;
      const trouble = notKept(error);
      troubles.add(trouble);
      unkept.set(key, { bytes: compressed, trouble });
      return;
    }
    try {
      tidied ??= tidy(folder);
      await tidied;
      await shrink(folder, limitBytes, key);
    } catch (error) {
      // Another look with the next entry: what is in the way may be gone by then.
      tidied = undefined;
      if (causeOf(error) === undefined) throw error;
      troubles.add(passedOver(error));
    }
  }

  async function write(key: string, compressed: Buffer): Promise<void> {
    await claimFolder(folder);
    await refuseOthersThanFiles(indexFile(folder, key));
    try {
      await cacache.put(folder, key, compressed);
    } catch (error) {
      if (causeOf(error) !== 'ENOENT') throw error;
      // The whole cache was cleared meanwhile, and the file under way is gone; once more makes it anew.
      await claimFolder(folder);
      await cacache.put(folder, key, compressed);
    }
    const info = await cacache.get.info(folder, key);
    // cacache takes whatever lies at the contents' place for the contents.
    if (info) await refuseOthersThanFiles(info.path);
    await Promise.all([indexFile(folder, key), ...(info ? [info.path] : [])].map(closeFile));
  }

  return {
    async json<T>(key: string) {
      const bytes = await get(key);
      // SAFETY: entries are written by `putJson` alone, under keys that hold the version of what is in them.
      return bytes && (JSON.parse(bytes.toString('utf8')) as T);
    },
    putJson: (key, value) => put(key, Buffer.from(JSON.stringify(value))),
    async hasMaps(key) {
      const held = unkept.get(mapsKey(key));
      if (held) {
        troubles.add(held.trouble);
        return true;
      }
      const info = await entry(mapsKey(key));
      if (info) await noteUse(info.path);
      return info !== undefined;
    },
    async maps(key) {
      const bytes = await get(mapsKey(key));
      return bytes && unpack(bytes);
    },
    putMaps: (key, maps) => put(mapsKey(key), pack(maps)),
    troubles() {
      const said = [...troubles];
      troubles.clear();
      return said;
    },
  };
}

const mapsKey = (key: string) => `${key}:maps`;

/** Contents that are not what the index says, or that nothing can unpack. */
function isDamage(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === 'EINTEGRITY' || code === 'EBADSIZE' || code?.startsWith('ZSTD_') === true;
}

/** A folder cannot be read, and who reads a pipe waits for ever. Nothing at all is no trouble. */
async function refuseOthersThanFiles(path: string): Promise<void> {
  const found = await lstat(path).catch(orAbsent);
  if (found && !found.isFile()) throw new NotRegular();
}

/** All that the index holds; cacache would open whatever lies there, and wait for a pipe for ever. */
async function allEntries(folder: string) {
  const found = await readdir(join(folder, 'index-v5'), { recursive: true, withFileTypes: true }).catch(orAbsent);
  if (found?.some((entry) => !entry.isFile() && !entry.isDirectory())) throw new NotRegular();
  return Object.values(await cacache.ls(folder));
}

function orAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}

/**
 * The time of change of an entry's contents says when it was last used. Where it cannot be set, as on a disk that is
 * read only, nothing is ever given up, and no order is needed.
 */
async function noteUse(path: string): Promise<void> {
  try {
    await utimes(path, new Date(), new Date());
  } catch (error) {
    if (causeOf(error) === undefined) throw error;
  }
}

/** Files that nobody has been writing for this long are left over. */
const LEFT_OVER_MS = 3_600_000;

/** Once in a process, after its first entry. */
async function tidy(folder: string): Promise<void> {
  await sweep(folder);
  await closeFiles(folder).catch(orAbsent);
}

/** Removes what processes that were killed have left: half-written files, and contents without an entry, which no limit would count. */
async function sweep(folder: string): Promise<void> {
  const entered = new Set((await allEntries(folder)).map(({ path }) => path));
  for (const part of ['tmp', 'content-v2'])
    for (const found of (await readdir(join(folder, part), { recursive: true, withFileTypes: true }).catch(orAbsent)) ??
      []) {
      const path = join(found.parentPath, found.name);
      if (!found.isFile() || entered.has(path)) continue;
      const stats = await stat(path).catch(orAbsent);
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
async function shrink(folder: string, limitBytes: number, written: string): Promise<void> {
  const entries = await allEntries(folder);
  let total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total <= limitBytes) return;
  const used = await Promise.all(
    entries.map(async (entry) => {
      const usedMs = (await stat(entry.path).catch(orAbsent))?.mtimeMs ?? 0;
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
    await cacache.rm.content(folder, integrity).catch(orAbsent);
    total -= size;
  }
}

/** Length of the JSON part, the JSON part with the grids, then the three arrays. */
function pack({ lobes, textures, probabilities }: MeasuredMaps): Buffer {
  const head = {
    grid: { size: lobes.size, affine: lobes.affine },
    probabilityGrid: { size: probabilities.size, affine: probabilities.affine },
    lengths: [lobes.labels.length, textures.labels.length, probabilities.bytes.length],
  };
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, json, lobes.labels, textures.labels, probabilities.bytes]);
}

function unpack(packed: Buffer): MeasuredMaps {
  const jsonEnd = 4 + packed.readUInt32LE();
  const { grid, probabilityGrid, lengths } = JSON.parse(packed.toString('utf8', 4, jsonEnd));
  let start = jsonEnd;
  const next = (length: number) => {
    const array = new Uint8Array(packed.buffer, packed.byteOffset + start, length);
    start += length;
    return array;
  };
  // In the order in which `pack` wrote them.
  const lobes = next(lengths[0]);
  const textures = next(lengths[1]);
  const bytes = next(lengths[2]);
  return {
    lobes: { ...grid, labels: lobes },
    textures: { ...grid, labels: textures },
    probabilities: { ...probabilityGrid, bytes },
  };
}
