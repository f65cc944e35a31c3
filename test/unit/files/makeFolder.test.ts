/** Folders are made, or the system's true reason is told. A disk that is read only needs root, as in CI. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder } from '../../../src/files/makeFolder.ts';
import { makeReadOnly, mountDisk, unmount, whyNoDisk } from '../../faults/mounts.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-folders-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('makes a folder and those above it, and leaves one that is there', async () => {
  for (const _ of ['once', 'again']) await makeFolder(join(folder, 'a', 'b'), 0o700);
  expect(statSync(join(folder, 'a', 'b')).mode & 0o777).toBe(0o700);
});

it('says that a file is in the way', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(makeFolder(join(folder, 'file', 'a'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

it('says that a link leads to nothing', async () => {
  execFileSync('ln', ['-s', 'nowhere', join(folder, 'link')]);
  await expect(makeFolder(join(folder, 'link'))).rejects.toMatchObject({
    code: expect.stringMatching(/EEXIST|ENOENT/),
  });
});

// Node's own way to make several folders would try for ever.
it.runIf(process.platform === 'linux')('ends where a folder that is there takes none of a name', async () => {
  for (const path of ['/proc/nowhere', '/proc/nowhere/a/b'])
    await expect(makeFolder(path)).rejects.toMatchObject({ code: 'ENOENT' });
});

const reason = whyNoDisk();
it.skipIf(reason)(`says that a disk is read only${reason ? ` (${reason})` : ''}`, async () => {
  mountDisk(folder, 64);
  try {
    makeReadOnly(folder);
    for (const path of ['a', join('a', 'b')])
      await expect(makeFolder(join(folder, path))).rejects.toMatchObject({ code: 'EROFS' });
  } finally {
    unmount(folder);
  }
});
