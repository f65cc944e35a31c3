/**
 * Writes a file so that, whatever happens meanwhile, what is at its path afterwards is the whole old file or the whole
 * new one: into a temporary file beside it, to the disk, and then in one step in its place.
 */
import { createHash, randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { access, type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { canonicalPath, specialKind } from './identity.ts';
import { makeFolder } from './makeFolder.ts';
import { orMissing, systemErrorOf } from './systemError.ts';

/** The file could not be written; the message says why, as the end of a sentence, and what was there is as it was. */
export class WriteError extends Error {}

export interface WriteOptions {
  /** Rights of a file that is made anew, before the user's mask; one that was there keeps its own. */
  readonly mode?: number;
  /** Once it is aborted nothing is put in place any more; the promise then rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Called when the new file is on the disk, just before it takes its place; where it throws, the old one stays. */
  readonly beforeReplacing?: () => Promise<void>;
}

/**
 * Writes `content` to the file that `path` leads to: through a link to the file behind it. Makes its folders. Throws a
 * WriteError; whatever `beforeReplacing` throws and the signal's reason pass through.
 */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  { mode = 0o666, signal, beforeReplacing }: WriteOptions = {},
): Promise<void> {
  signal?.throwIfAborted();
  const { target, old, temporary } = await asWriteError(path, () => prepare(path));
  try {
    await asWriteError(path, () => fill(temporary, content, { mode, old, signal }));
    await beforeReplacing?.();
    signal?.throwIfAborted();
    await asWriteError(path, () => putInPlace(temporary, target));
  } catch (error) {
    await rm(temporary, { force: true });
    throw signal?.aborted ? signal.reason : error;
  }
  await asWriteError(undefined, () => syncFolder(dirname(target)));
}

/** Follows links, makes folders, looks whether the file may be replaced, and clears away what killed writers left. */
async function prepare(path: string): Promise<{ target: string; old: Stats | undefined; temporary: string }> {
  const target = await canonicalPath(path);
  await makeFolder(dirname(target));
  const special = await specialKind(target);
  if (special) throw new WriteError(`it is ${special}, and only files are written`);
  const old = await stat(target).catch(orMissing);
  // A folder that may be written lets a file be replaced that may not.
  if (old) await access(target, constants.W_OK);
  await removeLeftovers(target);
  return { target, old, temporary: join(dirname(target), temporaryName(target)) };
}

async function fill(
  temporary: string,
  content: string | Uint8Array,
  { mode, old, signal }: { mode: number; old: Stats | undefined; signal: AbortSignal | undefined },
): Promise<void> {
  // Until it is whole, nobody else need read what takes the place of a file with rights of its own.
  const handle = await open(temporary, 'wx', old ? 0o600 : mode);
  try {
    await handle.writeFile(content, signal ? { signal } : {});
    if (old) await keepRights(handle, old);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Owner first: a change of owner takes some rights away. Only root may give a file to somebody else. */
async function keepRights(handle: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  const made = await handle.stat();
  if (made.uid !== uid || made.gid !== gid)
    await handle.chown(uid, gid).catch((error: unknown) => {
      if (systemErrorOf(error).code !== 'EPERM') throw error;
    });
  await handle.chmod(mode & 0o777);
}

/** Windows refuses for a moment while a virus scanner or an indexer looks at the file. */
const BUSY = ['EPERM', 'EACCES', 'EBUSY'];
const TRIES = 10;
const PAUSE_MS = 50;

async function putInPlace(temporary: string, target: string): Promise<void> {
  for (let tries = 1; ; tries++)
    try {
      return await rename(temporary, target);
    } catch (error) {
      const { code = '' } = systemErrorOf(error);
      if (process.platform !== 'win32' || !BUSY.includes(code) || tries === TRIES) throw error;
      await wait(PAUSE_MS * tries);
    }
}

/** Where folders cannot be opened, as on Windows, or not be synchronised, the system does it in its own time. */
const NO_FOLDER_SYNC = ['EACCES', 'EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP', 'EBADF'];

/** So that the new name outlives a loss of power. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!NO_FOLDER_SYNC.includes(systemErrorOf(error).code ?? '')) throw error;
  }
}

const ENDING = '.lungnb-writing';
/** Names may have 255 bytes; this many characters of the file's own leave room for the rest, four bytes each. */
const OWN_CHARACTERS = 40;
/** No writing takes as long, so that what is older is left over whoever made it. */
const LEFT_OVER_MS = 24 * 3_600_000;

/** The same for every writer of the file; begins with a dot, so that no search for images takes it for one. */
function temporaryStart(target: string): string {
  const name = basename(target);
  return `.${Array.from(name).slice(0, OWN_CHARACTERS).join('')}.${short(name)}-`;
}

/** Says on which computer which process is writing. */
function temporaryName(target: string): string {
  return `${temporaryStart(target)}${short(hostname())}-${process.pid}-${randomBytes(6).toString('hex')}${ENDING}`;
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** What writers of this file left that were killed. A folder that cannot be listed keeps them. */
async function removeLeftovers(target: string): Promise<void> {
  const start = temporaryStart(target);
  const names = await readdir(dirname(target)).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(start) || !name.endsWith(ENDING)) continue;
    const [host, processId] = name.slice(start.length).split('-');
    const path = join(dirname(target), name);
    const ended = host === short(hostname()) && !isRunning(Number(processId));
    const stats = await stat(path).catch(orMissing);
    // One that may not be removed hinders nobody.
    if (stats && (ended || Date.now() - stats.mtimeMs > LEFT_OVER_MS)) await rm(path, { force: true }).catch(() => {});
  }
}

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    // Another user's process may not be asked, but it is there.
    return systemErrorOf(error).code === 'EPERM';
  }
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EFBIG: 'it would be larger than this system lets files be',
  EACCES: 'you may not write it, or make a file in its folder',
  EPERM: 'you may not write it, or make a file in its folder',
  EROFS: 'it lies on a disk that can only be read',
  ENOTDIR: 'a part of its path is a file and no folder',
  EEXIST: 'a part of its path is a file and no folder',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its link leads in a circle',
  EBUSY: 'another program holds it',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

/**
 * Failures of the file system in plain words, with what became of the file that was at `path`; anything else, such as a
 * bug, as it is. Without a path the new file is in place already.
 */
async function asWriteError<T>(path: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall } = systemErrorOf(error);
    if (code === undefined || syscall === undefined) throw error;
    const cause = CAUSES[code] ?? `the system says ${code}`;
    if (path === undefined) throw new WriteError(`it is in place, but ${cause}`, { cause: error });
    const isThere = (await stat(path).catch(() => undefined))?.isFile();
    throw new WriteError(isThere ? `${cause}. The file that was there is as it was` : cause, { cause: error });
  }
}
