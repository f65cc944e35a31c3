/**
 * Keeps a cache within its limit without counting it after each entry, which of 100 000 CTs would be half a million files:
 * what is written is added to what was counted, and only where that passes the limit, or the count is old, all is counted.
 */
import type { CacheStamp } from './cacheStamp.ts';

export interface LimitSteps {
  /** Counts, clears away what was left over, and gives up what is beyond the limit but not `spared`; the bytes that stay. */
  readonly keepWithin: (limitBytes: number, spared: string) => Promise<number>;
  readonly readStamp: () => Promise<CacheStamp | undefined>;
  readonly writeStamp: (stamp: CacheStamp) => Promise<void>;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/** A cache that is counted sooner is counted by each process, at its first entry. */
const SLOW_MS = 2_000;
/** Of any other, all processes together spend at most this share of the time on counting. */
const MOST_OF_TIME = 0.01;
const LEAST_AGE_MS = 60_000;
/** Others are told of what was written in steps of this share of the limit. */
const TOLD_IN_STEPS = 0.01;
/** The clock of another computer may go a little before ours; what is from further ahead was written before a clock was set back. */
const AHEAD_MS = 3_600_000;

/** To be called after each entry, with its bytes and its key. Throws what the file system says; then it is counted anew later. */
export function createCacheLimit(limitBytes: number, steps: LimitSteps) {
  /** What this process has counted or told last, where the folder takes no stamp. */
  let own: CacheStamp | undefined;
  let untold = 0;
  /** When the count was made that `untold` comes on top of. */
  let seenAtMs: number | undefined;
  let isFirst = true;

  async function known(): Promise<CacheStamp | undefined> {
    const written = await steps.readStamp();
    const newest = written && (!own || written.countedAtMs >= own.countedAtMs) ? written : own;
    return newest && newest.countedAtMs - steps.now() < AHEAD_MS ? newest : undefined;
  }

  async function put(stamp: CacheStamp): Promise<void> {
    own = stamp;
    await steps.writeStamp(stamp);
  }

  async function count(spared: string): Promise<void> {
    const start = steps.now();
    let bytes = 0;
    try {
      bytes = await steps.keepWithin(limitBytes, spared);
    } catch (error) {
      own = { bytes, countedAtMs: start, costMs: steps.now() - start };
      throw error;
    }
    untold = 0;
    seenAtMs = start;
    await put({ bytes, countedAtMs: start, costMs: steps.now() - start });
  }

  async function look(bytes: number, key: string): Promise<void> {
    const stamp = await known();
    // What was not told when another process counted, it has counted.
    if (stamp && stamp.countedAtMs !== seenAtMs) untold = 0;
    seenAtMs = stamp?.countedAtMs;
    untold += bytes;
    const first = isFirst;
    isFirst = false;
    if (!stamp || stamp.bytes + untold > limitBytes || isOld(stamp, first, steps.now())) return count(key);
    if (untold <= TOLD_IN_STEPS * limitBytes) return;
    const told = { ...stamp, bytes: stamp.bytes + untold };
    untold = 0;
    await put(told);
  }

  // One after the other: entries that are written at once would each count for themselves.
  let last: Promise<void> = Promise.resolve();
  return (bytes: number, key: string): Promise<void> => {
    const own = last.then(() => look(bytes, key));
    last = own.catch(() => undefined);
    return own;
  };
}

function isOld({ countedAtMs, costMs }: CacheStamp, isFirst: boolean, now: number): boolean {
  if (isFirst && costMs < SLOW_MS) return true;
  return now - countedAtMs > Math.max(LEAST_AGE_MS, costMs / MOST_OF_TIME);
}
