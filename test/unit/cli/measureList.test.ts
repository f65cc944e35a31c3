/** `lungnb measure --list`: of a list of paths, a part alone is looked into. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

it('says what is wrong with a path, measures the others, and leaves those of other parts alone', () => {
  const models = ['--models', 'models', '--with', 'my-textures', '--lobes', 'my-lobes'];
  const options = ['--list', 'paths.txt', '--shard', '2/2', '--cache', 'cache', '--json', ...models];
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'measure', ...options], {
    cwd: folder,
    encoding: 'utf8',
  });
  const measured = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(measured.map(({ patient, state }) => `${patient} ${state}`)).toEqual(['A measured', 'B measured']);
  expect([status, stderr]).toEqual([0, '']);
});
