/** The files and folders that cells read: whether they have changed since, and a call when one does. */
import { type FSWatcher, readdirSync, type Stats, statSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Changes come in bursts; they are told once, after this time without another. */
const PAUSE_MS = 300;

export interface Inputs {
  /** Notes that a cell is about to read a path, and watches it. */
  read(cellId: string, path: string): void;
  /** A cell starts anew, and has read nothing yet. */
  forget(cellId: string): void;
  has(path: string): boolean;
  /** The paths that are not as the cell found them. */
  changed(cellId: string): string[];
  close(): void;
}

export function createInputs(onChange: () => void): Inputs {
  const readBy = new Map<string, Map<string, string>>();
  const watchers = new Map<string, FSWatcher>();
  let waiting: NodeJS.Timeout | undefined;
  const tell = () => {
    clearTimeout(waiting);
    waiting = setTimeout(onChange, PAUSE_MS).unref();
  };

  function follow(path: string): void {
    if (watchers.has(path)) return;
    try {
      const watcher = watch(path, { persistent: false }, tell);
      watcher.on('error', () => unfollow(path));
      watchers.set(path, watcher);
    } catch {
      // Some file systems cannot be watched; a change is then seen when cells are looked at for another reason.
    }
  }

  function unfollow(path: string): void {
    watchers.get(path)?.close();
    watchers.delete(path);
  }

  return {
    read(cellId, path) {
      const paths = readBy.get(cellId) ?? new Map<string, string>();
      readBy.set(cellId, paths.set(path, stateOf(path)));
      // A file that an editor replaced is another one under the same name: the old watch is blind.
      unfollow(path);
      follow(path);
    },
    forget: (cellId) => void readBy.delete(cellId),
    has: (path) => [...readBy.values()].some((paths) => paths.has(path)),
    changed: (cellId) =>
      [...(readBy.get(cellId) ?? [])].flatMap(([path, state]) => (state === stateOf(path) ? [] : [path])),
    close() {
      clearTimeout(waiting);
      for (const path of [...watchers.keys()]) unfollow(path);
    },
  };
}

/** Size and time of a file; of a folder those of what lies directly in it. Another text where anything has changed. */
function stateOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 'missing';
  if (!stats.isDirectory()) return sizeAndTime(stats);
  return readdirSync(path)
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
