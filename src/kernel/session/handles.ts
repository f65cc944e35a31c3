/** Handles name what renderers ask about by what it is, so that a cell that runs again saves the same bytes. */
import { createHash } from 'node:crypto';

const DIGITS = 16;

/** The first digits of a digest of `content`, which says everything that the answers depend on. */
export function handleOf(kind: 'viewer' | 'figure', content: unknown): string {
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return `${kind}-${digest.slice(0, DIGITS)}`;
}

/** Keeps things by handle; those kept longest ago go when there are more than `most`. */
export function keptByHandle<T>(most: number) {
  const kept = new Map<string, T>();
  return {
    keep(handle: string, thing: T): string {
      kept.delete(handle);
      kept.set(handle, thing);
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
      return handle;
    },
    get: (handle: string) => kept.get(handle),
  };
}
