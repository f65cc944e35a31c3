/** Which file a path stands for: the same through links, linked folders and other spellings of its name. */
import type { BigIntStats } from 'node:fs';
import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** As many links after one another as Linux follows. */
const MAX_LINKS = 40;

/**
 * The one path of a file, whether it is there or not: the real path of the deepest folder that is there, and the names
 * below it. Links are followed, those that lead to nothing yet included. Throws where links go round in a circle.
 */
export async function canonicalPath(path: string, links = MAX_LINKS): Promise<string> {
  const absolute = resolve(path);
  const real = await realpath(absolute).catch(orUndefined);
  if (real !== undefined) return real;
  const parent = dirname(absolute);
  if (parent === absolute) return absolute;
  const target = await readlink(absolute).catch(orUndefined);
  if (target === undefined) return join(await canonicalPath(parent, links), basename(absolute));
  if (links === 0) throw Object.assign(new Error(`${basename(path)}: too many links`), { code: 'ELOOP' });
  return canonicalPath(resolve(await canonicalPath(parent, links), target), links - 1);
}

/** What is missing, is no link, or may not be looked at has no real path; who writes there will learn why. */
function orUndefined(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ELOOP') throw error;
  return undefined;
}

/** True for a path in the folder, at any depth, and for the folder itself; both canonical. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Undefined where there is nothing at the path, or it may not be looked at. */
export async function statOf(path: string): Promise<BigIntStats | undefined> {
  return stat(path, { bigint: true }).catch(() => undefined);
}

/** Whether two that are there are one file on the disk. Some network file systems number no files, so that it is unknown. */
export function isSameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.ino !== 0n && a.ino === b.ino && a.dev === b.dev;
}

/** What is at the path where that is no ordinary file, in words; undefined for a file, or nothing. */
export async function specialKind(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => lstat(path).catch(() => undefined));
  // A link that leads to nothing is the name of a file to be made.
  if (!found || found.isFile() || found.isSymbolicLink()) return undefined;
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}
