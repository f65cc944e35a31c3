/** Measurements that the cache could not take, kept in memory as long as there is room: the longest unused go first. */
import type { Remark } from '../../protocol/remark.ts';

/** Some 10 to 20 CTs. */
const MAX_BYTES = 500e6;

export interface Unkept {
  /** As the cache would have kept them. */
  readonly bytes: Buffer;
  /** Why it did not. */
  readonly remark: Remark;
}

export function createUnkept(mostBytes = MAX_BYTES) {
  /** In the order of their last use. */
  const entries = new Map<string, Unkept>();
  return {
    get(key: string): Unkept | undefined {
      const found = entries.get(key);
      if (!found) return undefined;
      entries.delete(key);
      entries.set(key, found);
      return found;
    },
    delete: (key: string) => void entries.delete(key),
    set(key: string, entry: Unkept): void {
      entries.delete(key);
      let total = [...entries.values()].reduce((sum, { bytes }) => sum + bytes.length, entry.bytes.length);
      for (const [oldest, { bytes }] of entries) {
        if (total <= mostBytes) break;
        entries.delete(oldest);
        total -= bytes.length;
      }
      entries.set(key, entry);
    },
  };
}
