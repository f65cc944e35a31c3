/** `lungnb measure --list`: of a list of paths, a part alone is looked into. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeSeries } from '../ct/helpers.ts';
import { boxOfLung, bringOwnModels } from './ownModels.ts';

const CLI = join(import.meta.dirname, '../../../src/kernel/cli.ts');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-list-'));
  bringOwnModels(folder);
  for (const patient of ['A', 'B']) writeSeries(join(folder, patient), boxOfLung(), patient);
  writeFileSync(join(folder, 'paths.txt'), 'missing-1\nA\nmissing-2\nB\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const MODELS = ['--models', 'models', '--with', 'my-textures', '--lobes', 'my-lobes'];

function measure(...options: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'measure', ...options, '--cache', 'cache'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function jsonLines(stdout: string) {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

it('measures the paths of a part, and leaves those of other parts alone', () => {
  const { status, stdout, stderr } = measure('--list', 'paths.txt', '--shard', '2/2', '--json', ...MODELS);
  expect(jsonLines(stdout).map(({ patient, state }) => `${patient} ${state}`)).toEqual(['A measured', 'B measured']);
  expect([status, stderr]).toEqual([0, '']);
});

it('measures what is good, and tells of each path and file that cannot be read by line, JSON and exit code', () => {
  mkdirSync(join(folder, 'C'));
  writeFileSync(join(folder, 'C', 'cut.nii.gz'), gzipSync(Buffer.alloc(400)).subarray(0, 15));
  writeFileSync(join(folder, 'mixed.txt'), '\uFEFFA\r\n\r\nmissing-3\r\nC\r\n');
  const { status, stdout, stderr } = measure('--list', 'mixed.txt', '--json', ...MODELS);
  const [good, ...unread] = jsonLines(stdout);
  expect(good).toMatchObject({ patient: 'A', state: 'kept' });
  expect(unread).toMatchObject([
    { state: 'unread', line: 3, code: 'path-missing' },
    { state: 'unread', line: 4 },
  ]);
  expect(stderr).toContain('Line 3 of the list: There is no file or folder "missing-3".');
  expect(status).toBe(1);
  // The same of a folder with a good CT and a damaged file.
  const beside = measure('.', ...MODELS);
  expect(beside.stdout).toContain('2 CTs: 2 measured before; 1 remark on what could not be read');
  expect(beside.status).toBe(1);
});

it('has an exit code of its own where nothing can be measured at all', () => {
  for (const [options, said] of [
    [['nowhere'], 'There is no file or folder "nowhere"'],
    [[''], 'The path of the cohort is empty'],
    [['--list', 'nowhere'], 'The list nowhere cannot be read: it is not there.'],
    [['A', '--shard', '4/3'], '"4/3" is no part of a whole'],
    [['A', '--cache-from', 'nowhere'], '--cache-from: the folder nowhere cannot be read: it is not there.'],
  ] as const) {
    const { status, stderr } = measure(...options);
    expect([status, stderr]).toEqual([2, expect.stringContaining(said)]);
  }
});
