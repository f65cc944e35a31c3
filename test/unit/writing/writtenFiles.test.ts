/** What is remembered of files that a notebook wrote. */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createWrittenFiles } from '../../../src/kernel/writing/writtenFiles.ts';
import { temporaryFolder } from '../ct/helpers.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const again = () => createWrittenFiles(join(folder, 'cache'), join(folder, 'n.lungnb'));

it.skipIf(process.platform === 'win32')('a pipe in place of a record is passed over, and not waited for', async () => {
  await again().note('export', '/x.csv', 'abc', undefined);
  expect(await again().digests('export', '/x.csv')).toEqual(['abc']);
  const records = join(folder, 'cache', 'written-files');
  const [record] = readdirSync(records);
  rmSync(join(records, record!));
  execFileSync('mkfifo', [join(records, record!)]);
  expect(await again().digests('export', '/x.csv')).toEqual([]);
  await again().note('export', '/x.csv', 'def', undefined);
});
