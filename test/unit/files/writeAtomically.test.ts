import { execFileSync, fork, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeAtomically } from '../../../src/files/writeAtomically.ts';
import { createRandom } from '../../../src/kernel/base/random.ts';

let folder: string;
const at = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(at(name), 'utf8');
const NOBODY = 65534;
const isWindows = process.platform === 'win32';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-writing-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('writing a file', () => {
  it('makes it with its folders, and replaces it', async () => {
    await writeAtomically(at('new/folder/a.txt'), 'one');
    await writeAtomically(at('new/folder/a.txt'), new TextEncoder().encode('two'));
    expect(text('new/folder/a.txt')).toBe('two');
    expect(readdirSync(at('new/folder'))).toEqual(['a.txt']);
  });

  it.skipIf(isWindows)(
    'keeps the rights of a file that is there, and makes a new one with those asked for',
    async () => {
      writeFileSync(at('a.txt'), 'one');
      chmodSync(at('a.txt'), 0o640);
      await writeAtomically(at('a.txt'), 'two');
      await writeAtomically(at('private.txt'), 'three', { mode: 0o600 });
      expect([statSync(at('a.txt')).mode & 0o777, statSync(at('private.txt')).mode & 0o777]).toEqual([0o640, 0o600]);
    },
  );

  it.skipIf(isWindows)('writes through links, which stay, to the file behind them, there or not', async () => {
    mkdirSync(at('elsewhere'));
    writeFileSync(at('elsewhere/a.txt'), 'one');
    symlinkSync('elsewhere/a.txt', at('link'));
    symlinkSync('link', at('link to link'));
    symlinkSync('elsewhere/not yet.txt', at('dangling'));
    await writeAtomically(at('link to link'), 'two');
    await writeAtomically(at('dangling'), 'three');
    expect([text('elsewhere/a.txt'), text('elsewhere/not yet.txt')]).toEqual(['two', 'three']);
    expect(['link', 'link to link', 'dangling'].map((name) => lstatSync(at(name)).isSymbolicLink())).toEqual([
      true,
      true,
      true,
    ]);
  });

  it.skipIf(isWindows)('leaves the other names of a file with the old text', async () => {
    writeFileSync(at('a.txt'), 'one');
    linkSync(at('a.txt'), at('other name.txt'));
    await writeAtomically(at('a.txt'), 'two');
    expect(text('other name.txt')).toBe('one');
  });

  it.skipIf(isWindows)('refuses what is no file', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    symlinkSync('circle', at('circle'));
    await expect(writeAtomically(at('pipe'), 'x')).rejects.toThrow('it is a pipe');
    await expect(writeAtomically(folder, 'x')).rejects.toThrow('it is a folder');
    await expect(writeAtomically('/dev/null', 'x')).rejects.toThrow('it is a device');
    await expect(writeAtomically(at('circle'), 'x')).rejects.toThrow('its link leads in a circle');
    expect(readdirSync(folder).sort()).toEqual(['circle', 'pipe']);
  });

  it.skipIf(isWindows)('refuses a file that its user may not write, though its folder may be', () => {
    writeFileSync(at('a.txt'), 'one', { mode: 0o400 });
    // Root may write everything: another user tries in its place.
    const user = process.getuid?.() === 0 ? NOBODY : undefined;
    if (user !== undefined) for (const path of [folder, at('a.txt')]) chownSync(path, user, user);
    const { stdout } = spawnSync(process.execPath, [join(import.meta.dirname, 'writeOnce.ts'), at('a.txt'), '3'], {
      encoding: 'utf8',
      ...(user === undefined ? {} : { uid: user, gid: user }),
    });
    expect(stdout).toContain('The file that was there is as it was');
    expect(text('a.txt')).toBe('one');
  });

  it('leaves the old file, and nothing else, where it is interrupted or stopped at the last moment', async () => {
    writeFileSync(at('a.txt'), 'one');
    const stopping = new AbortController();
    const stopped = writeAtomically(at('a.txt'), 'x'.repeat(30e6), { signal: stopping.signal });
    await wait(5);
    stopping.abort(new Error('interrupted'));
    await expect(stopped).rejects.toThrow('interrupted');
    const beforeReplacing = async () => {
      expect(text('a.txt')).toBe('one');
      throw new Error('changed meanwhile');
    };
    await expect(writeAtomically(at('a.txt'), 'two', { beforeReplacing })).rejects.toThrow('changed meanwhile');
    expect([text('a.txt'), readdirSync(folder)]).toEqual(['one', ['a.txt']]);
  });

  it('is whole, old or new, after kill -9 at any moment, and the next writing clears what was left', async () => {
    const random = createRandom('kills of writers');
    const bytes = 3e6;
    let leftOver = 0;
    for (let round = 0; round < 30; round++) {
      const child = fork(join(import.meta.dirname, 'fileWriter.ts'), [at('a.txt'), String(bytes)], { silent: true });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await new Promise((resolve) => child.once('message', resolve));
      await wait(random.between(0, 60));
      child.kill('SIGKILL');
      await ended;
      const names = readdirSync(folder);
      leftOver += names.filter((name) => name !== 'a.txt').length;
      if (!names.includes('a.txt')) continue;
      const written = text('a.txt');
      expect(written.length).toBe(bytes);
      expect(written).toBe(written[0]!.repeat(bytes));
    }
    expect(leftOver).toBeGreaterThan(0);
    await writeAtomically(at('a.txt'), 'whole');
    expect([text('a.txt'), readdirSync(folder)]).toEqual(['whole', ['a.txt']]);
  }, 120_000);

  it('keeps its hands off what other writers are writing, and off files with names that are alike', async () => {
    await writeAtomically(at('a.txt'), 'one', {
      beforeReplacing: async () => {
        const [temporary] = readdirSync(folder);
        const others = [temporary!.replace('.a.txt', '.b.txt'), '.a.txt.lungnb-writing', '.a.txt'];
        for (const name of others) writeFileSync(at(name), '');
        const long = new Date(Date.now() - 48 * 3_600_000);
        for (const name of others) utimesSync(at(name), long, long);
        await writeAtomically(at('a.txt'), 'two');
        expect(readdirSync(folder).sort()).toEqual([...others, temporary!, 'a.txt'].sort());
      },
    });
    expect(text('a.txt')).toBe('one');
  });

  const writeOnce = (file: string, bytes: number, prefix = '') =>
    spawnSync(
      'bash',
      ['-c', `${prefix} "$0" "$@"`, process.execPath, join(import.meta.dirname, 'writeOnce.ts'), file, String(bytes)],
      {
        encoding: 'utf8',
      },
    ).stdout.trim();

  it.skipIf(isWindows)('leaves the old file whole where the system allows no larger one', () => {
    expect(writeOnce(at('a.txt'), 10)).toBe('written');
    expect(writeOnce(at('a.txt'), 5e6, 'ulimit -f 1000;')).toBe(
      'it would be larger than this system lets files be. The file that was there is as it was',
    );
    expect([text('a.txt'), readdirSync(folder)]).toEqual(['x'.repeat(10), ['a.txt']]);
  });

  it('leaves the old file whole where the disk is full', (context) => {
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0;
    if (!mounted) return context.skip('needs the right to mount a small disk');
    try {
      writeFileSync(at('a.txt'), 'one');
      expect(writeOnce(at('a.txt'), 5e6)).toBe('the disk is full. The file that was there is as it was');
      expect(writeOnce(at('b.txt'), 5e6)).toBe('the disk is full');
      expect([text('a.txt'), readdirSync(folder)]).toEqual(['one', ['a.txt']]);
    } finally {
      spawnSync('umount', [folder]);
    }
  });
});
