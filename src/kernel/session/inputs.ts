/** The files and folders that cells read: whether they have changed since, and a call when one does. */
import { type Dirent, type FSWatcher, readdirSync, type Stats, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { systemCodeOf } from '../base/plainErrors.ts';

/** Changes come in bursts; they are told once, after this time without another. */
const PAUSE_MS = 300;

export interface Inputs {
  /** Notes that a cell is about to read a path, and watches it. */
  read(cellId: string, path: string): void;
  /** A cell starts anew, and has read nothing yet. */
  forget(cellId: string): void;
  /** What was read, by whom. */
  all(): { readonly cellId: string; readonly path: string }[];
  /** The paths that are not as the cell found them. */
  changed(cellId: string): string[];
  close(): void;
}

/** Folders within a loaded folder that are watched, so that no cohort uses up what the system allows. */
const FOLDERS_WATCHED = 2000;

interface Watched {
  readonly watchers: readonly FSWatcher[];
  /** Below the path itself. */
  readonly folders: readonly string[];
  /** Changes of files in those folders, which leave no trace in their folder's own time. */
  changes: number;
}

export function createInputs(onChange: () => void): Inputs {
  const readBy = new Map<string, Map<string, string>>();
  const watched = new Map<string, Watched>();
  let waiting: NodeJS.Timeout | undefined;
  const tell = () => {
    clearTimeout(waiting);
    waiting = setTimeout(onChange, PAUSE_MS).unref();
  };

  function follow(path: string): void {
    const folders = foldersIn(path);
    const listen = (at: string) => {
      const inside = at !== path;
      try {
        const watcher = watch(at, { persistent: false }, (event) => {
          if (inside && event === 'change') entry.changes++;
          tell();
        });
        watcher.on('error', () => watcher.close());
        return [watcher];
      } catch {
        // Some file systems cannot be watched; a change is then seen when cells are looked at for another reason.
        return [];
      }
    };
    const entry: Watched = { folders, changes: 0, watchers: [path, ...folders].flatMap(listen) };
    watched.set(path, entry);
  }

  function unfollow(path: string): void {
    for (const watcher of watched.get(path)?.watchers ?? []) watcher.close();
    watched.delete(path);
  }

  function stateNow(path: string): string {
    const { folders = [], changes = 0 } = watched.get(path) ?? {};
    const times = folders.map((folder) => statSync(folder, { throwIfNoEntry: false })?.mtimeMs);
    return [stateOf(path), changes, ...times].join('\n');
  }

  return {
    read(cellId, path) {
      // A file that an editor replaced is another one under the same name: the old watch is blind.
      unfollow(path);
      follow(path);
      const paths = readBy.get(cellId) ?? new Map<string, string>();
      readBy.set(cellId, paths.set(path, stateNow(path)));
    },
    forget: (cellId) => void readBy.delete(cellId),
    all: () => [...readBy].flatMap(([cellId, paths]) => [...paths.keys()].map((path) => ({ cellId, path }))),
    changed: (cellId) =>
      [...(readBy.get(cellId) ?? [])].flatMap(([path, state]) => (state === stateNow(path) ? [] : [path])),
    close() {
      clearTimeout(waiting);
      for (const path of [...watched.keys()]) unfollow(path);
    },
  };
}

/** All folders below a folder, those near it first; none below a file. */
function foldersIn(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [];
  const found = [path];
  // The list grows while it is gone through.
  for (const folder of found)
    for (const entry of entriesOf(folder))
      if (entry.isDirectory() && found.length <= FOLDERS_WATCHED) found.push(join(folder, entry.name));
  return found.slice(1);
}

/** A folder that may not be opened has nothing to watch; the loader says so. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return [];
  }
}

/** Size and time of a file; of a folder those of what lies directly in it. Another text where anything has changed. */
function stateOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 'missing';
  if (!stats.isDirectory()) return sizeAndTime(stats);
  return entriesOf(path)
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const entry = statSync(join(path, name), { throwIfNoEntry: false });
      return entry ? `${name}:${sizeAndTime(entry)}` : name;
    })
    .join('\n');
}

function sizeAndTime({ size, mtimeMs }: Stats): string {
  return `${size}:${mtimeMs}`;
}
