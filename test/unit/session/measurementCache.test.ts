import { execFileSync, fork } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/kernel/base/random.ts';
import type { MeasuredMaps } from '../../../src/kernel/lungs/quantification.ts';
import { keepWithin } from '../../../src/kernel/session/cacheUpkeep.ts';
import { createMeasurementCache } from '../../../src/kernel/session/measurementCache.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const AFFINE = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
/** Maps that hardly compress, all voxels made from `seed`. */
function mapsOf(seed: number, side = 20): MeasuredMaps {
  const random = createRandom(seed);
  const grid = { size: [side, side, side] as const, affine: AFFINE };
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => random() * 256);
  return {
    lobes: { ...grid, labels: bytes(side ** 3) },
    textures: { ...grid, labels: bytes(side ** 3) },
    probabilities: { ...grid, bytes: bytes(6 * side ** 3) },
  };
}
const contents = () =>
  globSync('content-v2/**/*', { cwd: folder, withFileTypes: true }).filter((file) => file.isFile());
const sizeKept = () => contents().reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);

describe('the cache of measurements', () => {
  it('gives back what was put into it, in another process too', async () => {
    await createMeasurementCache(folder, { limitBytes: 1e9 }).putMaps('a', mapsOf(1));
    await createMeasurementCache(folder, { limitBytes: 1e9 }).putJson('a', { percent: [1.5, null] });
    const other = createMeasurementCache(folder, { limitBytes: 1e9 });
    expect(await other.maps('a')).toEqual(mapsOf(1));
    expect(await other.json('a')).toEqual({ percent: [1.5, null] });
    expect([await other.hasMaps('a'), await other.hasMaps('b')]).toEqual([true, false]);
    expect([await other.maps('b'), await other.json('b')]).toEqual([undefined, undefined]);
  });

  it('takes a damaged entry for none', async () => {
    const cache = createMeasurementCache(folder, { limitBytes: 1e9 });
    await cache.putMaps('a', mapsOf(1));
    const [file] = contents();
    writeFileSync(join(file!.parentPath, file!.name), 'damaged');
    expect(await cache.maps('a')).toBeUndefined();
    await cache.putMaps('a', mapsOf(1));
    expect(await cache.maps('a')).toEqual(mapsOf(1));
  });

  it('goes on after it was cleared, while it was written too', async () => {
    const cache = createMeasurementCache(folder, { limitBytes: 1e9 });
    await cache.putMaps('a', mapsOf(1));
    const writing = Array.from({ length: 8 }, (_, n) => cache.putMaps(`b${n}`, mapsOf(n + 2)));
    rmSync(folder, { recursive: true, maxRetries: 5 });
    await Promise.all(writing);
    expect(await cache.maps('a')).toBeUndefined();
    await cache.putMaps('a', mapsOf(1));
    expect(await cache.maps('a')).toEqual(mapsOf(1));
  });

  it('gives up what was not read for longest where it grows too large', async () => {
    const large = createMeasurementCache(folder, { limitBytes: 1e9 });
    for (const key of ['a', 'b', 'c']) {
      await large.putMaps(key, mapsOf(key.charCodeAt(0)));
      await wait(20);
    }
    const each = sizeKept() / 3;
    await large.maps('a');
    await wait(20);
    const small = createMeasurementCache(folder, { limitBytes: 3.5 * each });
    await small.putMaps('d', mapsOf(4));
    const kept = async () => Promise.all(['a', 'b', 'c', 'd'].map((key) => small.hasMaps(key)));
    expect(await kept()).toEqual([true, false, true, true]);
    expect(sizeKept()).toBeLessThanOrEqual(3.5 * each);
  });

  it('keeps what was just written, however small the limit', async () => {
    const cache = createMeasurementCache(folder, { limitBytes: 1 });
    await cache.putMaps('a', mapsOf(1));
    await cache.putMaps('b', mapsOf(2));
    expect([await cache.maps('a'), (await cache.maps('b'))?.lobes]).toEqual([undefined, mapsOf(2).lobes]);
  });

  it('holds no half entry after processes that wrote at once were killed, whenever that was', async () => {
    const writer = join(import.meta.dirname, 'cacheWriter.ts');
    const random = createRandom('kills');
    const cache = createMeasurementCache(folder, { limitBytes: 1e9 });
    let read = 0;
    for (let round = 0; round < 12; round++) {
      const writers = [1, 2].map((seed) =>
        fork(writer, [folder, String(seed)], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }),
      );
      const ended = writers.map((child) => new Promise((resolve) => child.once('exit', resolve)));
      // Each tells when it begins to write.
      await Promise.all(writers.map((child) => new Promise((resolve) => child.once('message', resolve))));
      for (const child of writers) {
        await wait(random.between(0, 60));
        child.kill('SIGKILL');
      }
      await Promise.all(ended);
      for (let n = 0; n < 5; n++) {
        const maps = await cache.maps(`key-${n}`);
        if (!maps) continue;
        read++;
        const factor = maps.lobes.labels[1]!;
        const written = maps.lobes.labels.map((_, v) => (v * factor) % 251);
        expect(
          [maps.lobes.labels, maps.textures.labels, maps.probabilities.bytes].every(
            (labels) => Buffer.compare(labels, written) === 0,
          ),
        ).toBe(true);
      }
    }
    expect(read).toBeGreaterThan(12);
    await cache.putMaps('key-0', mapsOf(1));
    expect(await cache.maps('key-0')).toEqual(mapsOf(1));
  }, 120_000);

  it('removes what killed processes have left, once nobody can be writing it any more', async () => {
    const first = createMeasurementCache(folder, { limitBytes: 1e9 });
    await first.putMaps('a', mapsOf(1));
    const leftOver = ['tmp/half', 'content-v2/sha512/ab/cd/orphan', 'tmp/under-way'].map((name) => join(folder, name));
    for (const file of leftOver) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, 'left over');
    }
    const [half, orphan, underWay] = leftOver as [string, string, string];
    const long = new Date(Date.now() - 2 * 3_600_000);
    for (const file of [half, orphan, ...contents().map(({ parentPath, name }) => join(parentPath, name))])
      utimesSync(file, long, long);
    const next = createMeasurementCache(folder, { limitBytes: 1e9 });
    await next.putMaps('b', mapsOf(2));
    expect([half, orphan, underWay].map((file) => existsSync(file))).toEqual([false, false, true]);
    expect(await next.maps('a')).toEqual(mapsOf(1));
  });

  it('takes a look at whether maps are there for a use of them', async () => {
    const large = createMeasurementCache(folder, { limitBytes: 1e9 });
    for (const key of ['a', 'b']) {
      await large.putMaps(key, mapsOf(key.charCodeAt(0)));
      await wait(20);
    }
    await large.hasMaps('a');
    await wait(20);
    const small = createMeasurementCache(folder, { limitBytes: (2.5 * sizeKept()) / 2 });
    await small.putMaps('c', mapsOf(3));
    expect(await Promise.all(['a', 'b', 'c'].map((key) => small.hasMaps(key)))).toEqual([true, false, true]);
  });

  it('keeps its limit where processes shrink it at once, and gives up no more than one would', async () => {
    const large = createMeasurementCache(folder, { limitBytes: 1e9 });
    for (let n = 0; n < 10; n++) {
      await large.putMaps(`old-${n}`, mapsOf(n + 1));
      await wait(2);
    }
    const each = sizeKept() / 10;
    const kept = await Promise.all(Array.from({ length: 4 }, () => keepWithin(folder, 5.5 * each, 'old-0:maps')));
    expect(kept.every((bytes) => bytes <= 5.5 * each)).toBe(true);
    // 90 % of the limit stays; the first is spared, as what was just written.
    expect(sizeKept()).toBeCloseTo(4 * each, -3);
    const there = await Promise.all(Array.from({ length: 10 }, (_, n) => large.maps(`old-${n}`)));
    expect(there.flatMap((maps, n) => (maps ? [n] : []))).toEqual([0, 7, 8, 9]);
    expect(large.remarks()).toEqual([]);
  });

  it('leaves no files of the index behind for what it gives up', async () => {
    const cache = createMeasurementCache(folder, { limitBytes: 1 });
    for (let n = 0; n < 5; n++) await cache.putMaps('abcde'[n]!, mapsOf(n));
    const files = globSync('index-v5/**/*', { cwd: folder, withFileTypes: true }).filter((file) => file.isFile());
    expect(files).toHaveLength(1);
  });

  it('counts what two keys share once', async () => {
    const cache = createMeasurementCache(folder, { limitBytes: 1e9 });
    await cache.putMaps('a', mapsOf(1));
    await cache.putMaps('b', mapsOf(1));
    expect(await keepWithin(folder, 1e9, '')).toBe(sizeKept());
    expect(await keepWithin(folder, 1.5 * sizeKept(), '')).toBe(sizeKept());
    expect(await Promise.all(['a', 'b'].map((key) => cache.hasMaps(key)))).toEqual([true, true]);
  });

  it('takes a note of its size that is cut off for none', async () => {
    await createMeasurementCache(folder, { limitBytes: 1e9 }).putMaps('a', mapsOf(1));
    const note = join(folder, 'counted');
    const [bytes] = readFileSync(note, 'utf8').split(' ');
    expect(Number(bytes)).toBe(sizeKept());
    writeFileSync(note, '99999999999 17');
    const small = createMeasurementCache(folder, { limitBytes: 3 * sizeKept() });
    await small.putMaps('b', mapsOf(2));
    expect(await small.hasMaps('a')).toBe(true);
    expect(readFileSync(note, 'utf8').split(' ')[0]).toBe(String(sizeKept()));
  });

  it('tells whether tables are there without reading them', async () => {
    const cache = createMeasurementCache(folder, { limitBytes: 1e9 });
    await cache.putJson('a', { percent: 1 });
    expect([await cache.hasJson('a'), await cache.hasJson('b')]).toEqual([true, false]);
    truncateSync(join(contents()[0]!.parentPath, contents()[0]!.name), 3);
    expect(await cache.hasJson('a')).toBe(false);
  });
});

describe('a cache that was handed on', () => {
  const handedOn = () => join(folder, 'handed-on');
  const open = () => createMeasurementCache(join(folder, 'own'), { limitBytes: 1e9, readAlso: [handedOn()] });
  beforeEach(async () => {
    const given = createMeasurementCache(handedOn(), { limitBytes: 1e9 });
    await given.putMaps('a', mapsOf(1));
    await given.putJson('a', { percent: 1 });
  });
  const givenFiles = () =>
    globSync('content-v2/**/*', { cwd: handedOn(), withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name));

  it('is read and never written', async () => {
    const before = globSync('**/*', { cwd: handedOn() });
    const cache = open();
    expect([await cache.hasJson('a'), await cache.hasMaps('a'), await cache.json('a')]).toEqual([
      true,
      true,
      { percent: 1 },
    ]);
    expect(await cache.maps('a')).toEqual(mapsOf(1));
    expect(globSync('**/*', { cwd: handedOn() })).toEqual(before);
  });

  it.each([
    ['is missing', (file: string) => rmSync(file)],
    ['is cut off', (file: string) => truncateSync(file, 3)],
    ['is a pipe', (file: string) => void execFileSync('sh', ['-c', 'rm "$0" && mkfifo "$0"', file])],
  ])('has no entry whose file %s', async (_, damage) => {
    for (const file of givenFiles()) damage(file);
    const cache = open();
    expect([await cache.hasJson('a'), await cache.hasMaps('a')]).toEqual([false, false]);
    expect([await cache.json('a'), await cache.maps('a')]).toEqual([undefined, undefined]);
  });
});
