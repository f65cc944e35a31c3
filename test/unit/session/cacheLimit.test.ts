import { describe, expect, it } from 'vitest';
import { createCacheLimit } from '../../../src/kernel/session/cacheLimit.ts';
import type { CacheStamp } from '../../../src/kernel/session/cacheStamp.ts';

/** A folder that several processes write into, a clock, and how often the folder was counted. */
function folderOf({ costMs = 0 } = {}) {
  const folder = { bytes: 0, counts: 0, nowMs: 1e12, stamp: undefined as CacheStamp | undefined };
  const openProcess = (limitBytes: number) => {
    const wrote = createCacheLimit(limitBytes, {
      async keepWithin(limit) {
        folder.counts++;
        folder.nowMs += costMs;
        if (folder.bytes > limit) folder.bytes = 0.9 * limit;
        return folder.bytes;
      },
      readStamp: async () => folder.stamp,
      async writeStamp(stamp) {
        folder.stamp = stamp;
      },
      now: () => folder.nowMs,
    });
    return (bytes: number) => {
      folder.bytes += bytes;
      folder.nowMs++;
      return wrote(bytes, 'key');
    };
  };
  return { folder, openProcess };
}

describe('the limit of a cache', () => {
  it('is kept by counting once, and then where it is passed', async () => {
    const { folder, openProcess } = folderOf();
    const write = openProcess(1000);
    for (let n = 0; n < 1000; n++) await write(1);
    expect(folder.counts).toBe(1);
    let most = 0;
    for (let n = 0; n < 1000; n++) {
      await write(1);
      most = Math.max(most, folder.bytes);
    }
    expect(most).toBeLessThanOrEqual(1000);
    // Each time a tenth of the limit is freed.
    expect(folder.counts).toBe(11);
  });

  it('is kept by several processes together, which tell each other what they wrote', async () => {
    const { folder, openProcess } = folderOf();
    const writers = [openProcess(1000), openProcess(1000), openProcess(1000)];
    let most = 0;
    for (let n = 0; n < 900; n++)
      for (const write of writers) {
        await write(1);
        most = Math.max(most, folder.bytes);
      }
    // Each has a hundredth that it has not told yet.
    expect(most).toBeLessThanOrEqual(1000 + 3 * 11);
    expect(folder.counts).toBeLessThanOrEqual(3 + 20);
  });

  it('is counted by each process where that is quick, else at most a hundredth of the time', async () => {
    const quick = folderOf({ costMs: 100 });
    for (let n = 0; n < 5; n++) await quick.openProcess(1000)(1);
    expect(quick.folder.counts).toBe(5);
    const slow = folderOf({ costMs: 600_000 });
    const write = slow.openProcess(1000);
    await write(1);
    for (let n = 0; n < 5; n++) await slow.openProcess(1000)(1);
    expect(slow.folder.counts).toBe(1);
    slow.folder.nowMs += 100 * 600_000;
    await write(1);
    await write(1);
    expect(slow.folder.counts).toBe(2);
  });

  it('is counted once by entries that are written at the same time', async () => {
    const { folder, openProcess } = folderOf();
    const write = openProcess(1000);
    await Promise.all(Array.from({ length: 20 }, () => write(1)));
    expect(folder.counts).toBe(1);
  });

  it('is counted anew where the clock was set back since', async () => {
    const { folder, openProcess } = folderOf({ costMs: 600_000 });
    const write = openProcess(1000);
    await write(1);
    folder.nowMs -= 365 * 86_400_000;
    await write(1);
    expect(folder.counts).toBe(2);
  });

  it('is not counted after each entry of a folder that cannot be counted', async () => {
    let counts = 0;
    let nowMs = 1e12;
    const wrote = createCacheLimit(1000, {
      async keepWithin() {
        counts++;
        nowMs += 5000;
        throw new Error('EIO');
      },
      readStamp: async () => undefined,
      writeStamp: async () => {},
      now: () => nowMs,
    });
    await expect(wrote(1, 'key')).rejects.toThrow('EIO');
    for (let n = 0; n < 10; n++) await wrote(1, 'key');
    expect(counts).toBe(1);
    nowMs += 100 * 5000;
    await expect(wrote(1, 'key')).rejects.toThrow('EIO');
  });
});
