/** What nothing caught, in the command line: a word and an exit code, in a cell a problem of that cell alone. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../ct/helpers.ts';

const CLI = join(import.meta.dirname, '../../../src/kernel/cli.ts');
/** What a library might do: a rejection that nobody awaits, as soon as the command listens, or when it is told. */
const PLANTED = `
  import { isMainThread } from 'node:worker_threads';
  const plant = () => void Promise.reject(new Error('planted'));
  if (isMainThread) process.on('SIGUSR2', plant);
  if (isMainThread && process.env.PLANT_NOW) {
    const soon = setInterval(() => {
      if (process.listenerCount('uncaughtException') === 0) return;
      clearInterval(soon);
      plant();
    }, 1);
  }`;

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = temporaryFolder();
  writeFileSync(at('planted.mjs'), PLANTED);
  writeFileSync(at('t.csv'), 'patient,ggo\nP1,0\n');
  writeFileSync(at('long.csv'), `patient,note\n${'P1,"a text"\n'.repeat(2_000_000)}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environment = (more: Record<string, string> = {}) => ({
  ...process.env,
  NODE_OPTIONS: `--import=${at('planted.mjs')}`,
  ...more,
});

it('while no cell runs it ends the command, with the words of the bug and exit code 1', () => {
  const env = environment({ PLANT_NOW: 'yes' });
  const { status, stderr } = spawnSync(process.execPath, [CLI, 'describe', at('long.csv')], { encoding: 'utf8', env });
  expect(status).toBe(1);
  expect(stderr).toContain('Error: planted');
}, 60_000);

it.skipIf(process.platform === 'win32')(
  'while a cell runs it is the problem of that cell: the others run, and the results are written',
  async () => {
    const cells = ['load "t.csv" as t', 'load "long.csv" as l', 'describe t'];
    writeFileSync(
      at('n.lungnb'),
      JSON.stringify({ lungnb: 1, cells: cells.map((source) => ({ kind: 'code', source: [source] })) }),
    );
    const options = ['--cache', at('cache'), '--json', at('results.json')];
    const child = spawn(process.execPath, [CLI, 'run', at('n.lungnb'), ...options], { env: environment() });
    let said = '';
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGUSR2'), 200));
    child.stderr.on('data', (text) => {
      said += text;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(1);
    expect(said).toContain('n.lungnb:2:1:1: Something went wrong inside LungNB (Error). This is a bug');
    const { results, problems } = JSON.parse(readFileSync(at('results.json'), 'utf8'));
    expect(Object.keys(results)).toEqual(['t']);
    expect(problems).toMatchObject([{ cell: 2, code: 'internal' }]);
  },
  60_000,
);
