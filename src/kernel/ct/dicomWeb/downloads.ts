/** A private folder for what was fetched, named by content; it goes when the process ends, and leftovers of killed ones with the next start. */
import { createHash, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type FileHandle, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../base/userError.ts';
import { atEnd } from './atEnd.ts';
import { DOWNLOAD_PREFIX } from './leftovers.ts';
import { ownerName } from './owner.ts';

/** One file on its way to disk; none of it is kept in memory. */
export interface Download {
  /** The folder that it lies in. */
  readonly folder: string;
  write(bytes: Uint8Array): Promise<void>;
  /** The file is whole: its path. */
  keep(): Promise<string>;
  /** What was written goes; of a file that was kept, nothing. */
  discard(): Promise<void>;
}

/** What one `load` fetches. */
export interface Downloads {
  start(): Promise<Download>;
  /**
   * Removes what was fetched, but for files that an earlier `load` had fetched too. Whoever has a download under way is
   * to discard it: that is waited for.
   */
  abandon(): Promise<void>;
}

let folder: Promise<string> | undefined;

export function createDownloads(): Downloads {
  const added: string[] = [];
  /** Of downloads that are neither kept nor discarded: each resolves when it is. */
  const underWay = new Set<Promise<void>>();
  let abandoned = false;

  async function place(unfinished: string, file: string): Promise<void> {
    if (abandoned) throw new Error('a download was kept after its load was given up');
    const isNew = !(await exists(file));
    await rename(unfinished, file);
    if (isNew) added.push(file);
  }

  async function start(): Promise<Download> {
    const { promise, resolve } = Promise.withResolvers<void>();
    underWay.add(promise);
    const end = () => {
      underWay.delete(promise);
      resolve();
    };
    try {
      const { keep, discard, ...download } = await startDownload(place);
      return {
        ...download,
        async keep() {
          const file = await keep();
          end();
          return file;
        },
        discard: () => discard().finally(end),
      };
    } catch (error) {
      end();
      throw error;
    }
  }

  return {
    start,
    async abandon() {
      abandoned = true;
      await Promise.all(underWay);
      await Promise.all(added.map((file) => rm(file, { force: true })));
    },
  };
}

async function startDownload(place: (unfinished: string, file: string) => Promise<void>): Promise<Download> {
  const own = await downloadFolder();
  // The same bytes may come twice at once: each writes a file of its own, and the last one in place stays.
  const unfinished = join(own, `${randomUUID()}.part`);
  const handle = await inWordsOfUsers(() => open(unfinished, 'wx', 0o600));
  const hash = createHash('sha256');
  let isOpen = true;
  const close = async () => {
    if (isOpen) await handle.close();
    isOpen = false;
  };
  return {
    folder: own,
    async write(bytes) {
      hash.update(bytes);
      await inWordsOfUsers(() => writeAll(handle, bytes));
    },
    async keep() {
      await inWordsOfUsers(close);
      const file = join(own, `${hash.digest('hex')}.dcm`);
      await place(unfinished, file);
      return file;
    },
    async discard() {
      await close();
      await rm(unfinished, { force: true });
    },
  };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
}

function downloadFolder(): Promise<string> {
  folder ??= inWordsOfUsers(createFolder).catch((error: unknown) => {
    // Another try with the next image: the folder for temporary files may be there by then.
    folder = undefined;
    throw error;
  });
  return folder;
}

/** mkdtemp makes folders that only their owner may open, by a name that nobody can have taken before. */
async function createFolder(): Promise<string> {
  const created = await mkdtemp(join(tmpdir(), DOWNLOAD_PREFIX + ownerName()));
  atEnd(() => rmSync(created, { recursive: true, force: true, maxRetries: 3 }));
  return created;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Disks fill up, and TMPDIR may name what cannot be written. */
async function inWordsOfUsers<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    throw new UserError(
      isFull ? 'disk-full' : 'no-temporary-folder',
      `The folder for temporary files ${isFull ? 'is on a full disk' : 'cannot be written'} (${code}), and what is fetched cannot be put there. ${isFull ? 'Make room, or set' : 'Set'} TMPDIR (TEMP on Windows) to another folder, and start again.`,
    );
  }
}
