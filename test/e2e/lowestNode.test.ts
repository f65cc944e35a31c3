/** What package.json says of Node is true: the built command runs in the lowest version that it names. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PROJECT } from '../../scripts/lib/project.ts';

const FETCH_MS = 300_000;
const { engines, bin } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
const lowest = `${/^>=(\d+)$/.exec(engines.node)?.[1]}.0.0`;
const shell = process.platform === 'win32';

let folder: string;
let node: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-node-'));
  writeFileSync(join(folder, 'reader.csv'), 'patient,ggo\nP1,0\nP2,1\nP3,2\nP4,4\n');
  // npm keeps it, so that it is fetched once on a computer.
  const asked = ['exec', '--yes', `--package=node@${lowest}`, '--', 'node', '-p', 'process.execPath'];
  node = execFileSync('npm', asked, { cwd: folder, encoding: 'utf8', shell }).trim();
}, FETCH_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lungnb = (...args: string[]) =>
  spawnSync(node, [join(PROJECT, bin.lungnb), ...args], { cwd: folder, encoding: 'utf8' });

it('runs a notebook', () => {
  const cells = ['load "reader.csv" as r', 'agree r with r for ggo as ag', 'export ag to "ag.parquet"'];
  writeFileSync(
    join(folder, 'n.lungnb'),
    JSON.stringify({ lungnb: 1, cells: cells.map((source) => ({ kind: 'code', source: [source] })) }),
  );
  expect(execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()).toBe(`v${lowest}`);
  const { status, stdout, stderr } = lungnb('run', 'n.lungnb', '--cache', 'cache', '--json', 'results.json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('Agreement of r with r');
  const { results } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));
  expect(results.ag.rows[0]).toMatchObject({ n: 4, kappa: 1 });
});

it('hands on how the command ended', () => {
  expect(lungnb('nonsense').status).toBe(2);
  expect(lungnb('check', 'missing.lungnb')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('There is no notebook'),
  });
});
