/** One entry of the cache's folder: found, read, written and removed, whatever lies in the way. */

import { lstat, stat, utimes } from 'node:fs/promises';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import cacache from 'cacache';
import { orMissing, systemErrorOf } from '../../files/systemError.ts';
import type { Remark } from '../../protocol/remark.ts';
import { claimFolder, closeFile, indexFile } from './cacheFolder.ts';
import { cacheErrorCode, NotRegular, passedOver } from './cacheTrouble.ts';

const decompress = promisify(zstdDecompress);

export interface CacheFolder {
  readonly folder: string;
  /** Takes a sentence for the user about what could not be read or removed. */
  readonly tell: (remark: Remark) => void;
}

/** The entry unpacked; undefined where there is none, or what is there is damaged or cannot be read. */
export async function readEntry(cache: CacheFolder, key: string): Promise<Buffer | undefined> {
  const info = await findEntry(cache, key);
  if (!info) return undefined;
  try {
    const { data } = await cacache.get(cache.folder, key);
    await noteUse(info.path);
    return await decompress(data);
  } catch (error) {
    const cause = cacheErrorCode(error);
    // Gone since it was looked at: another window has cleared the cache.
    if (cause === 'ENOENT') return undefined;
    if (isDamage(error)) await removeDamaged(cache, info.integrity);
    else if (cause === undefined) throw error;
    else cache.tell(passedOver(error));
    return undefined;
  }
}

/** What the index says of a key, where its contents are there in their length. */
export async function findEntry(cache: CacheFolder, key: string) {
  try {
    const found = await lookUp(cache.folder, key);
    if (!found || found.isWhole) return found?.info;
    await removeDamaged(cache, found.info.integrity);
  } catch (error) {
    const cause = cacheErrorCode(error);
    if (cause === undefined) throw error;
    if (cause !== 'ENOENT') cache.tell(passedOver(error));
  }
  return undefined;
}

/** What the index says of a key, and whether its contents have their length. Throws what the file system says, and NotRegular. */
export async function lookUp(folder: string, key: string) {
  await refuseOthersThanFiles(indexFile(folder, key));
  const info = await cacache.get.info(folder, key);
  if (!info) return undefined;
  await refuseOthersThanFiles(info.path);
  return { info, isWhole: (await stat(info.path)).size === info.size };
}

/** Contents that are there are never written again. Where they cannot be removed, they stay damaged and absent. */
async function removeDamaged({ folder, tell }: CacheFolder, integrity: string): Promise<void> {
  try {
    await cacache.rm.content(folder, integrity);
  } catch (error) {
    if (cacheErrorCode(error) === undefined) throw error;
    tell(passedOver(error));
  }
}

/** Throws what the file system says where it cannot be kept. */
export async function writeEntry(folder: string, key: string, compressed: Buffer): Promise<void> {
  await claimFolder(folder);
  await refuseOthersThanFiles(indexFile(folder, key));
  try {
    await cacache.put(folder, key, compressed);
  } catch (error) {
    if (cacheErrorCode(error) !== 'ENOENT') throw error;
    // The whole cache was cleared meanwhile, and the file under way is gone; once more makes it anew.
    await claimFolder(folder);
    await cacache.put(folder, key, compressed);
  }
  const info = await cacache.get.info(folder, key);
  // cacache takes whatever lies at the contents' place for the contents.
  if (info) await refuseOthersThanFiles(info.path);
  await Promise.all([indexFile(folder, key), ...(info ? [info.path] : [])].map(closeFile));
}

/** Contents that are not what the index says, or that nothing can unpack. */
function isDamage(error: unknown): boolean {
  const { code } = systemErrorOf(error);
  return code === 'EINTEGRITY' || code === 'EBADSIZE' || code?.startsWith('ZSTD_') === true;
}

/** A folder cannot be read, and who reads a pipe waits for ever. Nothing at all is no trouble. */
export async function refuseOthersThanFiles(path: string): Promise<void> {
  const found = await lstat(path).catch(orMissing);
  if (found && !found.isFile()) throw new NotRegular();
}

/**
 * The time of change of an entry's contents says when it was last used. Where it cannot be set, as on a disk that is
 * read only, nothing is ever given up, and no order is needed.
 */
export async function noteUse(path: string): Promise<void> {
  try {
    await utimes(path, new Date(), new Date());
  } catch (error) {
    if (cacheErrorCode(error) === undefined) throw error;
  }
}
