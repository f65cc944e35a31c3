/** Nothing that is wrong with the cache's folder or its disk costs a measurement. Disks of its own need root, as in CI. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/kernel/base/random.ts';
import type { MeasuredMaps } from '../../../src/kernel/lungs/quantification.ts';
import { createMeasurementCache } from '../../../src/kernel/session/measurementCache.ts';

const SOMEBODY = 65534;
const AFFINE = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
const isRoot = process.getuid?.() === 0;
const canMount = isRoot && mounts();
if (!canMount) console.log('Skipped: disks that are full or read only; a test needs root to make them.');

function messagesOf(cache: ReturnType<typeof createMeasurementCache>): string[] {
  return cache.remarks().map(({ message }) => message);
}

function mounts(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'lungnb-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'none', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

let folder: string;
const open = (limitBytes = 1e9) => createMeasurementCache(folder, { limitBytes });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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
const files = (part = '') =>
  globSync(`${part}**/*`, { cwd: folder, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name));
const contents = () => files('content-v2/');
const index = () => files('index-v5/');

describe('a cache that cannot be written', () => {
  it.runIf(canMount)(
    'serves what it holds from a disk that is read only, and keeps the rest in memory, told',
    async () => {
      execFileSync('mount', ['-t', 'tmpfs', 'none', folder]);
      try {
        await open().putMaps('a', mapsOf(1));
        await open().putJson('a', { percent: 1 });
        execFileSync('mount', ['-o', 'remount,ro', folder]);
        const cache = open();
        expect([await cache.hasMaps('a'), await cache.maps('a'), await cache.json('a')]).toEqual([
          true,
          mapsOf(1),
          { percent: 1 },
        ]);
        expect(messagesOf(cache)).toEqual([]);
        await cache.putMaps('b', mapsOf(2));
        await cache.putJson('b', { percent: 2 });
        expect(messagesOf(cache)).toEqual([expect.stringContaining('read only (EROFS)')]);
        expect([await cache.hasMaps('b'), await cache.maps('b'), await cache.json('b')]).toEqual([
          true,
          mapsOf(2),
          { percent: 2 },
        ]);
      } finally {
        execFileSync('umount', [folder]);
      }
    },
  );

  it.runIf(canMount)('does not throw a measurement away on a full disk, and goes on once there is room', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', folder]);
    try {
      const cache = open();
      await cache.putMaps('a', mapsOf(1));
      await cache.putMaps('b', mapsOf(2, 40));
      expect(messagesOf(cache)).toEqual([expect.stringContaining('its disk is full (ENOSPC)')]);
      expect([await cache.maps('a'), await cache.maps('b')]).toEqual([mapsOf(1), mapsOf(2, 40)]);
      expect(files('tmp/')).toEqual([]);
      execFileSync('mount', ['-o', 'remount,size=8m', folder]);
      messagesOf(cache);
      await cache.putMaps('b', mapsOf(2, 40));
      expect(messagesOf(cache)).toEqual([]);
      expect(await open().maps('b')).toEqual(mapsOf(2, 40));
    } finally {
      execFileSync('umount', [folder]);
    }
  });

  it.runIf(isRoot)('of another user is read, never written, and told', async () => {
    await open().putMaps('a', mapsOf(1));
    const before = files();
    chownSync(folder, SOMEBODY, SOMEBODY);
    const cache = open();
    expect(await cache.maps('a')).toEqual(mapsOf(1));
    await cache.putMaps('b', mapsOf(2));
    expect(messagesOf(cache)).toEqual([expect.stringContaining('belongs to another user')]);
    expect(files()).toEqual(before);
    expect(await cache.maps('b')).toEqual(mapsOf(2));
  });

  it.runIf(isRoot)('is not written through a link that another user made', async () => {
    const target = mkdtempSync(join(tmpdir(), 'lungnb-target-'));
    const link = join(folder, 'link');
    symlinkSync(target, link);
    execFileSync('chown', ['-h', String(SOMEBODY), link]);
    const cache = createMeasurementCache(link, { limitBytes: 1e9 });
    await cache.putMaps('a', mapsOf(1));
    expect(messagesOf(cache)).toEqual([expect.stringContaining('belongs to another user')]);
    expect(globSync('**/*', { cwd: target })).toEqual([]);
    rmSync(target, { recursive: true });
  });

  it('follows a link of the user’s own', async () => {
    mkdirSync(join(folder, 'large-disk'));
    symlinkSync('large-disk', join(folder, 'link'));
    const cache = createMeasurementCache(join(folder, 'link'), { limitBytes: 1e9 });
    await cache.putMaps('a', mapsOf(1));
    expect(messagesOf(cache)).toEqual([]);
    expect(await createMeasurementCache(join(folder, 'large-disk'), { limitBytes: 1e9 }).maps('a')).toEqual(mapsOf(1));
  });

  it.runIf(isRoot)('may not be read or written by an ordinary user: absent, kept in memory, told', () => {
    chmodSync(folder, 0o700);
    const program = `
      const effective = ${SOMEBODY};
      const { createMeasurementCache } = await import(${JSON.stringify(join(import.meta.dirname, '../../../src/kernel/session/measurementCache.ts'))});
      process.setgroups([]); process.setegid(effective); process.seteuid(effective);
      const cache = createMeasurementCache(${JSON.stringify(folder)}, 1e9);
      const absent = await cache.json('a');
      const said = () => cache.remarks().map(({ message }) => message);
      const reading = said();
      await cache.putJson('a', { percent: 1 });
      console.log(JSON.stringify({ absent: absent === undefined, reading, writing: said(), kept: await cache.json('a') }));`;
    const said = JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '-e', program], {
        encoding: 'utf8',
        env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
      }),
    );
    expect(said).toEqual({
      absent: true,
      reading: [expect.stringContaining('may not be read or written (EACCES)')],
      writing: [expect.stringContaining('could not be kept')],
      kept: { percent: 1 },
    });
  });

  it('is told where a file lies in the place of its folder', async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    const cache = open();
    expect(await cache.json('a')).toBeUndefined();
    await cache.putJson('a', 1);
    expect([await cache.json('a'), messagesOf(cache).length]).toEqual([1, 2]);
  });
});

describe('a folder in the place of a file', () => {
  const inPlaceOf = (path: string) => {
    rmSync(path, { recursive: true });
    mkdirSync(path);
    writeFileSync(join(path, 'thesis.docx'), 'mine');
  };

  it.each([
    ['of contents', contents],
    ['of the index', index],
  ])('%s is told and passed over, and stays', async (_, list) => {
    const cache = open();
    await cache.putMaps('a', mapsOf(1));
    await cache.putMaps('other', mapsOf(2));
    const [place] = list();
    inPlaceOf(place!);
    const found = await Promise.all(['a', 'other'].map((key) => cache.maps(key)));
    expect(found.filter(Boolean)).toHaveLength(1);
    const lost = found[0] ? 'other' : 'a';
    expect(await cache.hasMaps(lost)).toBe(false);
    expect(messagesOf(cache)).toEqual([expect.stringContaining('passed over')]);
    await cache.putMaps(lost, mapsOf(lost === 'a' ? 1 : 2));
    expect(messagesOf(cache)).toContainEqual(expect.stringContaining('could not be kept'));
    expect(await cache.maps(lost)).toEqual(mapsOf(lost === 'a' ? 1 : 2));
    expect(readFileSync(join(place!, 'thesis.docx'), 'utf8')).toBe('mine');
  });

  it('or a pipe, which would be waited for without end', async () => {
    const cache = open();
    await cache.putMaps('a', mapsOf(1));
    const [place] = contents();
    rmSync(place!);
    execFileSync('mkfifo', [place!]);
    expect(await cache.maps('a')).toBeUndefined();
    expect(messagesOf(cache)).toHaveLength(1);
  });

  it('or a pipe in the place of an index file, which is neither written, nor read with the others', async () => {
    await open().putJson('a', 1);
    const [place] = index();
    rmSync(place!);
    execFileSync('mkfifo', [place!]);
    const cache = open();
    await cache.putJson('a', 2);
    await cache.putJson('b', 3);
    expect([await cache.json('a'), await cache.json('b')]).toEqual([2, 3]);
    expect(cache.remarks().map(({ message }) => message)).toEqual(
      expect.arrayContaining([expect.stringContaining('could not be kept'), expect.stringContaining('passed over')]),
    );
  });

  it('a file in the place of the folder of half-written files is told', async () => {
    writeFileSync(join(folder, 'tmp'), '');
    const cache = open();
    await cache.putMaps('a', mapsOf(1));
    expect(messagesOf(cache)).toEqual([expect.stringContaining('something else lies')]);
    expect(await cache.maps('a')).toEqual(mapsOf(1));
  });
});

describe('a damaged cache', () => {
  it('has no maps whose file is shorter or longer than it was', async () => {
    const cache = open();
    for (const damage of [
      (file: string) => truncateSync(file, 100),
      (file: string) => truncateSync(file, 0),
      (file: string) => appendFileSync(file, 'more'),
    ]) {
      await cache.putMaps('a', mapsOf(1));
      damage(contents()[0]!);
      expect(await cache.hasMaps('a')).toBe(false);
    }
    await cache.putMaps('a', mapsOf(1));
    expect(await cache.maps('a')).toEqual(mapsOf(1));
  });

  it('reads on behind index lines that are cut off or made of anything', async () => {
    const cache = open();
    await cache.putJson('a', 1);
    const [file] = index();
    truncateSync(file!, statSync(file!).size - 10);
    expect(await cache.json('a')).toBeUndefined();
    appendFileSync(file!, Buffer.from([0, 255, 9, 10, 123]));
    await cache.putJson('a', 2);
    expect([await cache.json('a'), messagesOf(cache)]).toEqual([2, []]);
  });
});

describe('a clock that was set back', () => {
  const AHEAD = new Date(Date.now() + 365 * 86_400_000);

  it('makes no old entry the one that was used last', async () => {
    const large = open();
    await large.putMaps('old', mapsOf(1));
    for (const file of contents()) utimesSync(file, AHEAD, AHEAD);
    const each = statSync(contents()[0]!).size;
    await large.putMaps('new', mapsOf(2));
    await open(2.5 * each).putMaps('newest', mapsOf(3));
    const kept = await Promise.all(['old', 'new', 'newest'].map((key) => large.hasMaps(key)));
    expect(kept).toEqual([false, true, true]);
  });

  it('leaves nothing half-written for ever', async () => {
    await open().putJson('a', 1);
    const half = join(folder, 'tmp', 'half');
    writeFileSync(half, 'left over');
    utimesSync(half, AHEAD, AHEAD);
    await open().putJson('b', 1);
    expect(statSync(half).mtimeMs).toBeLessThan(AHEAD.getTime() - 86_400_000);
    const long = new Date(Date.now() - 2 * 3_600_000);
    utimesSync(half, long, long);
    await open().putJson('c', 1);
    expect(files('tmp/')).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('who may read the cache', () => {
  const modes = () => [folder, ...files()].map((path) => statSync(path).mode & 0o777);

  it('is its owner alone, whatever the umask', async () => {
    rmSync(folder, { recursive: true });
    const cache = open();
    await cache.putMaps('a', mapsOf(1));
    await cache.putJson('a', 1);
    await cache.putJson('b', 2);
    expect([...new Set(modes())]).toEqual([0o700, 0o600]);
    expect(files().length).toBeGreaterThan(4);
  });

  it('is narrowed where an earlier version left it open', async () => {
    await open().putMaps('a', mapsOf(1));
    chmodSync(folder, 0o755);
    for (const file of files()) chmodSync(file, 0o644);
    await open().putJson('b', 1);
    expect([...new Set(modes())]).toEqual([0o700, 0o600]);
  });
});
