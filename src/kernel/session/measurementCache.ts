/** Measured CTs on disk: content-addressed, verified on read, written atomically (cacache), compressed with Zstandard, the longest unused given up first. */
import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import cacache from 'cacache';
import type { MeasuredMaps } from '../lungs/quantification.ts';
import type { MeasurementStore } from '../values/measurementStore.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** Label maps compress well already at the quickest level. */
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/**
 * A cache in `folder`, which is made when first written. A damaged entry is treated as absent. Several processes may
 * use it at once, and one that is killed leaves no half entry. When its contents pass `limitBytes`, those that were
 * not read for longest go.
 */
export function createMeasurementCache(folder: string, limitBytes: number): MeasurementStore {
  let swept: Promise<void> | undefined;

  /** Undefined where there is none, or what is there is damaged. */
  async function get(key: string): Promise<Buffer | undefined> {
    const info = await cacache.get.info(folder, key);
    if (!info) return undefined;
    try {
      const { data } = await cacache.get(folder, key);
      await noteUse(info.path);
      return await decompress(data);
    } catch (error) {
      const { code } = error as { code?: string };
      // Damaged contents have to go, since contents that are there are never written again.
      if (code === 'EINTEGRITY') await cacache.rm.content(folder, info.integrity);
      else if (code !== 'ENOENT') throw error;
      return undefined;
    }
  }

  async function put(key: string, bytes: Buffer): Promise<void> {
    const compressed = await compress(bytes, LEVEL);
    // Where the whole cache was cleared meanwhile, the file under way is gone; once more makes it anew.
    (await cacache.put(folder, key, compressed).catch(orAbsent)) ?? (await cacache.put(folder, key, compressed));
    swept ??= sweep(folder);
    await swept;
    await shrink(folder, limitBytes, key);
  }

  return {
    async json<T>(key: string) {
      const bytes = await get(key);
      // SAFETY: entries are written by `putJson` alone, under keys that hold the version of what is in them.
      return bytes && (JSON.parse(bytes.toString('utf8')) as T);
    },
    putJson: (key, value) => put(key, Buffer.from(JSON.stringify(value))),
    async hasMaps(key) {
      const info = await cacache.get.info(folder, mapsKey(key));
      return info !== null && (await noteUse(info.path).then(() => true, orAbsent)) !== undefined;
    },
    async maps(key) {
      const bytes = await get(mapsKey(key));
      return bytes && unpack(bytes);
    },
    putMaps: (key, maps) => put(mapsKey(key), pack(maps)),
  };
}

const mapsKey = (key: string) => `${key}:maps`;

function orAbsent(error: { code?: string }): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}

/** The time of change of an entry's contents says when it was last used. */
function noteUse(path: string): Promise<void> {
  return utimes(path, new Date(), new Date());
}

/** Files that nobody has been writing for this long are left over. */
const LEFT_OVER_MS = 3_600_000;

/** Removes what processes that were killed have left: half-written files, and contents without an entry, which no limit would count. */
async function sweep(folder: string): Promise<void> {
  const entered = new Set(Object.values(await cacache.ls(folder)).map(({ path }) => path));
  for (const part of ['tmp', 'content-v2'])
    for (const found of (await readdir(join(folder, part), { recursive: true, withFileTypes: true }).catch(orAbsent)) ??
      []) {
      const path = join(found.parentPath, found.name);
      if (!found.isFile() || entered.has(path)) continue;
      const stats = await stat(path).catch(orAbsent);
      if (stats && Date.now() - stats.mtimeMs > LEFT_OVER_MS) await rm(path, { force: true });
    }
}

/** Gives up entries until the rest fits, the longest unused first, but never the one that was just written. */
async function shrink(folder: string, limitBytes: number, written: string): Promise<void> {
  const entries = Object.values(await cacache.ls(folder));
  let total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total <= limitBytes) return;
  const used = await Promise.all(
    entries.map(async (entry) => ({ ...entry, usedMs: (await stat(entry.path).catch(orAbsent))?.mtimeMs ?? 0 })),
  );
  for (const { key, integrity, size } of used.sort((a, b) => a.usedMs - b.usedMs)) {
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
  const [lobes, textures, bytes] = (lengths as number[]).map((length) => {
    const array = new Uint8Array(packed.buffer, packed.byteOffset + start, length);
    start += length;
    return array;
  }) as [Uint8Array, Uint8Array, Uint8Array];
  return {
    lobes: { ...grid, labels: lobes },
    textures: { ...grid, labels: textures },
    probabilities: { ...probabilityGrid, bytes },
  };
}
