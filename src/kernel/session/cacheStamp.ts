/**
 * What is known of the size of a cache without counting it: a small file in its folder, which every process that keeps a
 * limit reads and writes. Nothing locks it. Who writes at the same time as another loses what the other told, and the
 * next count finds it.
 */
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../files/makeFolder.ts';
import { orMissing } from '../../files/systemError.ts';
import { refuseOthersThanFiles } from './cacheEntry.ts';

export interface CacheStamp {
  /** Of all contents, as counted, and what was told since then. */
  readonly bytes: number;
  /** When they were counted, in milliseconds since 1970. */
  readonly countedAtMs: number;
  /** How long that took. */
  readonly costMs: number;
}

const NAME = 'counted';

/** Undefined where there is none, or it is cut off. Throws what the file system says, and NotRegular. */
export async function readStamp(folder: string): Promise<CacheStamp | undefined> {
  const path = join(folder, NAME);
  await refuseOthersThanFiles(path);
  const text = await readFile(path, 'utf8').catch(orMissing);
  return text === undefined ? undefined : stampIn(text);
}

function stampIn(text: string): CacheStamp | undefined {
  const [bytes, countedAtMs, costMs] = text.trimEnd().split(' ').map(Number);
  const isWhole = text.endsWith('\n') && [bytes, countedAtMs, costMs].every(Number.isFinite);
  return isWhole ? { bytes: bytes!, countedAtMs: countedAtMs!, costMs: costMs! } : undefined;
}

/** Throws what the file system says. */
export async function writeStamp(folder: string, { bytes, countedAtMs, costMs }: CacheStamp): Promise<void> {
  // Where what killed processes left is cleared away.
  const temporary = join(folder, 'tmp', randomBytes(12).toString('hex'));
  await makeFolder(join(folder, 'tmp'), 0o700);
  try {
    const text = [bytes, countedAtMs, costMs].map(Math.round).join(' ');
    await writeFile(temporary, `${text}\n`, { flag: 'wx', mode: 0o600 });
    await rename(temporary, join(folder, NAME));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
