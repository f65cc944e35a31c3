import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { listFiles, SPECIAL_FILE } from '../../../src/kernel/ct/files/listFiles.ts';
import { readWhole } from '../../../src/kernel/ct/files/regularFile.ts';
import { openPath } from '../../../src/kernel/verbs/load/openPath.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-special-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const load = (path: string) => openPath(path, (own) => own, [], unattended);

describe.skipIf(process.platform === 'win32')('what is no file', () => {
  beforeEach(() => execFileSync('mkfifo', [join(folder, 'pipe')]));

  it('is refused by what it is, and not waited for', async () => {
    await expect(load(join(folder, 'pipe'))).rejects.toMatchObject({
      code: 'special-file',
      message: 'pipe is a named pipe, and LungNB reads files only. Copy its contents to a file.',
    });
    await expect(load('/dev/zero')).rejects.toMatchObject({ message: expect.stringContaining('zero is a device') });
  });

  it('is refused, and not waited for, where a header names it as the file of its voxels', async () => {
    const header = (file: string) =>
      `ObjectType = Image\nNDims = 3\nDimSize = 8 8 8\nElementType = MET_SHORT\nElementDataFile = ${file}\n`;
    symlinkSync('/dev/zero', join(folder, 'linked'));
    for (const named of ['pipe', 'linked']) {
      writeFileSync(join(folder, 'Doe.mhd'), header(named));
      await expect(load(join(folder, 'Doe.mhd'))).rejects.toMatchObject({
        code: 'special-file',
        message: expect.stringContaining('a folder, pipe, socket or device, and LungNB reads files only'),
      });
    }
  });

  it('is told without its name where a manifest names it', async () => {
    writeFileSync(join(folder, 'm.csv'), 'patient,path\nP1,pipe\n');
    await expect(openPath(join(folder, 'm.csv'), (own) => join(folder, own), [], unattended)).rejects.toThrow(
      'line 2 (P1): what lies at its path is a named pipe',
    );
  });

  it('is told among others, which are used', async () => {
    writeFileSync(join(folder, 'one'), '1');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder, 'socket'), resolve));
    const { files, unreadable } = await listFiles(folder, unattended);
    expect(files).toEqual([join(folder, 'one')]);
    expect(unreadable).toEqual(['pipe', 'socket'].map((name) => ({ path: join(folder, name), code: SPECIAL_FILE })));
    await expect(load(folder)).rejects.toThrow(
      '2 named pipes, sockets or devices are not used: LungNB reads files only.',
    );
    // Its name goes with it.
    server.close();
  });
});

it('a file is read whole, and each part is seen as it was read', async () => {
  writeFileSync(join(folder, 'one'), 'some bytes');
  const seen: Buffer[] = [];
  const bytes = await readWhole(join(folder, 'one'), 'one', 100, (part) => seen.push(Buffer.from(part)));
  expect(bytes.toString()).toBe('some bytes');
  expect(Buffer.concat(seen)).toEqual(bytes);
});

it('a file over the limit is refused before it is read', async () => {
  writeFileSync(join(folder, 'one'), 'some bytes');
  await expect(readWhole(join(folder, 'one'), 'one', 9)).rejects.toMatchObject({
    code: 'file-too-large',
    message: 'one has 10 bytes, and at most 9 bytes can be read here.',
  });
});

it.skipIf(process.platform === 'win32')('links that fork at every folder are given up', async () => {
  const LEVELS = 40;
  for (let level = 0; level < LEVELS; level++) {
    mkdirSync(join(folder, `${level}`));
    for (const way of ['left', 'right']) symlinkSync(join(folder, `${level + 1}`), join(folder, `${level}`, way));
  }
  mkdirSync(join(folder, `${LEVELS}`));
  await expect(listFiles(join(folder, '0'), unattended, 'links', 100)).rejects.toMatchObject({
    code: 'too-many-links',
  });
});
