/** Standard output that nobody reads, or that cannot be written: the run goes on, and its files are whole. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../ct/helpers.ts';

const CLI = join(import.meta.dirname, '../../../src/kernel/cli.ts');
let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  writeFileSync(join(folder, 't.csv'), `patient,note\n${'P1,a note that fills the pipe\n'.repeat(5000)}`);
  const cells = ['load "t.csv" as t', 'load "t.csv" as u', 'export t to "x.csv"'];
  writeFileSync(
    join(folder, 'n.lungnb'),
    JSON.stringify({ lungnb: 1, cells: cells.map((cell) => ({ kind: 'code', source: [cell] })) }),
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (rest: string) => {
  const command = `"$1" "$2" run n.lungnb --cache cache --json results.json ${rest}`;
  return spawnSync('bash', ['-o', 'pipefail', '-c', command, 'bash', process.execPath, CLI], {
    cwd: folder,
    encoding: 'utf8',
  });
};
const problems = () => JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')).problems;

it.skipIf(process.platform === 'win32')('whoever stops reading costs no cell and no file', () => {
  const { status, stderr } = run('| true');
  expect([status, stderr, problems(), existsSync(join(folder, 'x.csv'))]).toEqual([0, '', [], true]);
});

it.skipIf(!existsSync('/dev/full'))('a full disk is told, and costs the printed results alone', () => {
  const { status, stderr } = run('> /dev/full');
  expect(stderr).toBe('The results cannot be printed: the disk is full.\n');
  expect([status, problems(), existsSync(join(folder, 'x.csv'))]).toEqual([1, [], true]);
});
