/** Measured CTs on disk: content-addressed, verified on read, written atomically (cacache), compressed with Zstandard, the longest unused given up first. */
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { constants, createZstdCompress, zstdDecompress } from 'node:zlib';
import type { Remark } from '../../protocol/remark.ts';
import type { MeasurementStore } from '../values/measurementStore.ts';
import { type CacheFolder, findEntry, noteUse, readEntry, writeEntry } from './cacheEntry.ts';
import { createCacheLimit } from './cacheLimit.ts';
import { readStamp, writeStamp } from './cacheStamp.ts';
import { cacheErrorCode, notKept, passedOver } from './cacheTrouble.ts';
import { keepWithin } from './cacheUpkeep.ts';
import { packMaps, unpackMaps } from './packedMaps.ts';
import { isElsewhere, readElsewhere } from './readElsewhere.ts';
import { createUnkept } from './unkept.ts';

const decompress = promisify(zstdDecompress);
/** Label maps compress well already at the quickest level. */
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: 256 * 1024 };

export interface CacheOptions {
  /** Infinite, nothing is ever given up, and nobody counts. */
  readonly limitBytes: number;
  /** Folders of other caches, of anybody's, which are read where `folder` lacks an entry, and never changed. */
  readonly readAlso?: readonly string[];
}

/**
 * A cache in `folder`, which is made when first written, for its owner alone. A damaged entry is treated as absent.
 * Several processes may use it at once, and one that is killed leaves no half entry. When its contents pass
 * `limitBytes`, those that were not read for longest go (cacheLimit.ts). Nothing that is wrong with the folder costs a measurement:
 * what cannot be read is absent, what cannot be written stays in memory as long as there is room, and `remarks` says so.
 */
export function createMeasurementCache(folder: string, { limitBytes, readAlso = [] }: CacheOptions): MeasurementStore {
  const unkept = createUnkept();
  /** By their messages: each is said once. */
  const remarks = new Map<string, Remark>();
  const remember = (remark: Remark) => void remarks.set(remark.message, remark);
  const cache: CacheFolder = { folder, tell: remember };
  const wrote = createCacheLimit(limitBytes, {
    keepWithin: (limit, spared) => keepWithin(folder, limit, spared),
    readStamp: () => readStamp(folder),
    writeStamp: (stamp) => writeStamp(folder, stamp),
    now: Date.now,
  });

  /** What is kept in memory because the folder would not take it, with the reason said again. */
  function inMemory(key: string): Buffer | undefined {
    const held = unkept.get(key);
    if (held) remember(held.remark);
    return held?.bytes;
  }

  /** Undefined where there is none, or what is there is damaged or cannot be read. */
  async function get(key: string): Promise<Buffer | undefined> {
    const held = inMemory(key);
    return held ? decompress(held) : ((await readEntry(cache, key)) ?? readElsewhere(readAlso, key));
  }

  async function put(key: string, pieces: readonly Uint8Array[]): Promise<void> {
    const compressed = await compress(pieces);
    try {
      await writeEntry(folder, key, compressed);
      unkept.delete(key);
    } catch (error) {
      if (cacheErrorCode(error) === undefined) throw error;
      const remark = notKept(error);
      remember(remark);
      unkept.set(key, { bytes: compressed, remark });
      return;
    }
    if (limitBytes === Number.POSITIVE_INFINITY) return;
    try {
      await wrote(compressed.length, key);
    } catch (error) {
      if (cacheErrorCode(error) === undefined) throw error;
      remember(passedOver(error));
    }
  }

  async function has(key: string): Promise<boolean> {
    if (inMemory(key)) return true;
    const info = await findEntry(cache, key);
    if (info) await noteUse(info.path);
    return info !== undefined || isElsewhere(readAlso, key);
  }

  return {
    async json<T>(key: string) {
      const bytes = await get(key);
      // SAFETY: entries are written by `putJson` alone, under keys that hold the version of what is in them.
      return bytes && (JSON.parse(bytes.toString('utf8')) as T);
    },
    putJson: (key, value) => put(key, [Buffer.from(JSON.stringify(value))]),
    bytes: (key) => get(bytesKey(key)),
    putBytes: (key, bytes) => put(bytesKey(key), [bytes]),
    hasJson: has,
    hasMaps: (key) => has(mapsKey(key)),
    async maps(key) {
      const bytes = await get(mapsKey(key));
      return bytes && unpackMaps(bytes);
    },
    putMaps: (key, maps) => put(mapsKey(key), packMaps(maps)),
    unkept: (key) => (unkept.get(key) ?? unkept.get(mapsKey(key)))?.remark,
    remarks() {
      const said = [...remarks.values()];
      remarks.clear();
      return said;
    },
  };
}

/** Of the pieces one behind the other, which are not put together for it: the maps of a CT are as large as the CT. */
async function compress(pieces: readonly Uint8Array[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await pipeline(pieces, createZstdCompress(LEVEL), async (given: AsyncIterable<Buffer>) => {
    for await (const chunk of given) chunks.push(chunk);
  });
  return Buffer.concat(chunks);
}

const mapsKey = (key: string) => `${key}:maps`;
const bytesKey = (key: string) => `${key}:bytes`;
