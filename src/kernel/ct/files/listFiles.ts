/** All files below a folder, of any depth, in a stable order; links that lead in a circle and folders that may not be read stop nothing. */

import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { inNaturalOrder } from '../../base/naturally.ts';
import { systemCodeOf } from '../../base/plainErrors.ts';
import { nearest } from '../../base/suggestion.ts';
import type { Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import { refuseSpecial } from './regularFile.ts';

/** Files that operating systems leave in folders and on discs. */
const SYSTEM_NAMES = [
  'thumbs.db',
  'desktop.ini',
  'ehthumbs.db',
  '__macosx',
  '$recycle.bin',
  'system volume information',
];
/** A progress message per this many files. */
const FILES_PER_MESSAGE = 1000;
/** How often links may lead to a folder that another way led to already. */
const MOST_AGAIN = 20_000;

/** In place of the system's code: a named pipe, a socket or a device. */
export const SPECIAL_FILE = 'special';
/** In place of the system's code: Node gives names in UTF-8 alone, and opens nothing that is called otherwise. */
export const OTHER_CHARACTERS = 'characters';
/** Stands for bytes that are no UTF-8. */
const REPLACEMENT = '\uFFFD';

/** A folder, or what a link leads to, with what the system says (`EACCES`); what is no file, with `SPECIAL_FILE`; or what has a name in other characters, with `OTHER_CHARACTERS`. */
export interface UnreadableFolder {
  readonly path: string;
  readonly code: string;
}

export interface FileList {
  readonly files: readonly string[];
  readonly unreadable: readonly UnreadableFolder[];
}

/** Names that begin with a dot, and what operating systems leave behind. */
export function isHiddenName(name: string): boolean {
  return name.startsWith('.') || SYSTEM_NAMES.includes(name.toLowerCase());
}

/** `path` itself where it is a file; messages call it `named`. Throws a UserError where there is nothing at `path`. */
export async function listFiles(
  path: string,
  task: Task,
  named = basename(path),
  mostAgain = MOST_AGAIN,
): Promise<FileList> {
  task.signal.throwIfAborted();
  const info = await stat(path).catch(() => undefined);
  if (!info) throw await pathMissing(path);
  if (!info.isDirectory()) {
    refuseSpecial(info, named);
    return { files: [path], unreadable: [] };
  }
  const real = await realpath(path);
  const found: Walked = { folders: new Set([real]), again: 0, mostAgain, files: [], unreadable: [] };
  await walk(path, new Set([real]), found, task).catch((error: unknown) => {
    if (!(error instanceof TooManyLinks)) throw error;
    throw new UserError(
      'too-many-links',
      `"${named}" has links that lead to the same folders more than ${mostAgain} times. Take them out, or load a folder below it.`,
    );
  });
  return found;
}

interface Walked {
  /** Real paths. */
  readonly folders: Set<string>;
  /** How often a link led to one of these once more. */
  again: number;
  readonly mostAgain: number;
  readonly files: string[];
  readonly unreadable: UnreadableFolder[];
}

/** Links that fork at every folder lead to more files than any disk has. */
class TooManyLinks extends Error {}

/** Names the first part of the path that is not there, which the notebook's cell has written, and what it is near to; no folder above it, which may say whose computer it is. */
async function pathMissing(path: string): Promise<UserError> {
  let [folder, name] = [dirname(path), basename(path)];
  while (folder !== dirname(folder) && !(await stat(folder).catch(() => undefined))?.isDirectory())
    [folder, name] = [dirname(folder), basename(folder)];
  const names = await readdir(folder).catch(() => []);
  const meant = nearest(
    name,
    names.filter((other) => !isHiddenName(other)),
  );
  const advice = meant === undefined ? 'Check the path.' : `Did you mean "${meant}"?`;
  return new UserError('path-missing', `There is no file or folder "${name}". ${advice}`);
}

/** `above` holds the real paths of the folders that lead here, so that a link back to one of them is seen. */
async function walk(folder: string, above: ReadonlySet<string>, found: Walked, task: Task): Promise<void> {
  task.signal.throwIfAborted();
  const unreadable = (path: string, error: unknown) =>
    found.unreadable.push({ path, code: systemCodeOf(error) ?? 'unknown' });
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    unreadable(folder, error);
    return [];
  });
  for (const entry of await inNaturalOrder(entries, ({ name }) => name, task.signal)) {
    if (isHiddenName(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.name.includes(REPLACEMENT) && !(await stat(path).catch(() => undefined))) {
      found.unreadable.push({ path, code: OTHER_CHARACTERS });
      continue;
    }
    const kind = entry.isSymbolicLink()
      ? await stat(path).catch((error: unknown) => {
          unreadable(path, error);
          return undefined;
        })
      : entry;
    if (kind?.isDirectory()) {
      // Folders go away while others are looked at, and paths grow longer than the system takes.
      const real = await realpath(path).catch((error: unknown) => {
        unreadable(path, error);
        return undefined;
      });
      if (real === undefined || above.has(real)) continue;
      if (found.folders.has(real) && ++found.again > found.mostAgain) throw new TooManyLinks();
      found.folders.add(real);
      await walk(path, new Set([...above, real]), found, task);
    } else if (kind?.isFile()) {
      found.files.push(path);
      if (found.files.length % FILES_PER_MESSAGE === 0) task.progress(0, `listing files: ${found.files.length} so far`);
    } else if (kind) {
      found.unreadable.push({ path, code: SPECIAL_FILE });
    }
  }
}
