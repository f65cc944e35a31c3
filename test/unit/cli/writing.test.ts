/** What `lungnb run` writes over, and that it writes it whole. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRandom } from '../../../src/kernel/base/random.ts';

const CLI = join(import.meta.dirname, '../../../src/kernel/cli.ts');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-cli-'));
  mkdirSync(at('study'));
  put('study/a.csv', 'patient,ggo\nP1,0\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(at(name), 'utf8');
const put = (name: string, content: string) => writeFileSync(at(name), content);

function notebook(...cells: string[]): void {
  const json = { lungnb: 1, cells: cells.map((source) => ({ kind: 'code', source: source.split('\n') })) };
  put('study/n.lungnb', JSON.stringify(json));
}

function run(...options: string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(
    process.execPath,
    [CLI, 'run', 'study/n.lungnb', '--cache', 'cache', ...options],
    { cwd: folder, encoding: 'utf8' },
  );
  return { status, stderr };
}

it('exports over its own file of an earlier run, and not over one that was changed or is somebody else’s, until told', () => {
  notebook('load "a.csv" as a', 'export a to "results/out.csv"');
  expect(run()).toEqual({ status: 0, stderr: '' });
  put('study/a.csv', 'patient,ggo\nP1,4\n');
  expect(run()).toEqual({ status: 0, stderr: '' });
  expect(text('study/results/out.csv')).toBe('patient,ggo\nP1,4\n');
  put('study/results/out.csv', 'patient,ggo\nP1,5\n');
  expect(run()).toEqual({
    status: 1,
    stderr:
      'study/n.lungnb:2:1:13: "results/out.csv" was changed since this notebook wrote it. It is left as it is. Choose another name, or run with `--overwrite`.\n',
  });
  expect(text('study/results/out.csv')).toBe('patient,ggo\nP1,5\n');
  expect(run('--overwrite')).toEqual({ status: 0, stderr: '' });
  expect(run()).toEqual({ status: 0, stderr: '' });
}, 60_000);

it('exports to a place outside its folder only where it is told', () => {
  notebook('load "a.csv" as a', 'export a to "../out.csv"');
  expect(run('--overwrite').stderr).toContain('run with `--allow-outside`');
  expect(readdirSync(folder)).not.toContain('out.csv');
  for (const _ of ['once', 'again']) expect(run('--allow-outside').status).toBe(0);
  put('out.csv', 'mine\n1\n');
  expect(run('--allow-outside').stderr).toContain('run with `--overwrite`');
  expect(text('out.csv')).toBe('mine\n1\n');
}, 60_000);

it('writes its other results where one was changed while it ran', () => {
  notebook('load "a.csv" as a', 'export a to "results.json"');
  const { status, stderr } = run('--json', 'study/results.json', '--out', 'out.lungnb');
  expect(status).toBe(1);
  expect(stderr).toContain('--json: "study/results.json" is there already');
  expect(JSON.parse(text('study/results.json'))).toEqual([{ patient: 'P1', ggo: 0 }]);
  expect(JSON.parse(text('out.lungnb'))).toHaveProperty('lungnb', 1);
});

it('leaves a notebook whole, old or new, by kill -9 while it is its own --out', async () => {
  // Long, so that its writing takes longer than the kill does to come.
  const markup = { kind: 'markup', source: ['long '.repeat(8e6)] };
  const code = { kind: 'code', source: ['load "a.csv" as a'] };
  const old = JSON.stringify({ lungnb: 1, cells: [code, markup] });
  const random = createRandom('kills at --out');
  let caught = 0;
  for (let round = 0; round < 6; round++) {
    put('study/n.lungnb', old);
    const child = spawn(
      process.execPath,
      [CLI, 'run', 'study/n.lungnb', '--cache', 'cache', '--out', 'study/n.lungnb'],
      {
        cwd: folder,
        stdio: 'ignore',
      },
    );
    const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    const pause = random.between(0, 40);
    const watcher = watch(at('study'), () => void wait(pause).then(() => child.kill('SIGKILL')));
    if ((await ended) === 'SIGKILL') caught++;
    watcher.close();
    const written = text('study/n.lungnb');
    if (written !== old) expect(JSON.parse(written).cells).toMatchObject([{ outputs: [{}] }, { kind: 'markup' }]);
  }
  expect(caught).toBeGreaterThan(0);
  expect(run('--out', 'study/n.lungnb').status).toBe(0);
  expect(readdirSync(at('study')).sort()).toEqual(['a.csv', 'n.lungnb']);
}, 120_000);
