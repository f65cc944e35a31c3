/** The examples of docs/driving.md, as they stand there, where Python and R are. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROJECT = join(import.meta.dirname, '../../..');
const DOC = readFileSync(join(PROJECT, 'docs/driving.md'), 'utf8');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-driving-'));
  writeFileSync(join(folder, 'r.csv'), 'patient,class,percent\nMiller,ggo,10\nP2,ggo,30\nP3,ggo,60\nP4,ggo,90\n');
  const cells = ['load "r.csv" as r', 'param cut = 25', 'score r at 1, cut, 50, 75 as s', 'agree s with s as ag'];
  const json = { lungnb: 1, cells: cells.map((line) => ({ kind: 'code', source: [line] })) };
  writeFileSync(join(folder, 'notebook.lungnb'), JSON.stringify(json));
  const npx = join(folder, 'npx');
  writeFileSync(npx, `#!/bin/sh\nshift\nexec "${process.execPath}" "${join(PROJECT, 'src/kernel/cli.ts')}" "$@"\n`);
  chmodSync(npx, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(program: string, args: readonly string[]) {
  const PATH = `${folder}${delimiter}${process.env.PATH}`;
  return spawnSync(program, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, PATH } });
}

function example(language: string): string {
  return new RegExp(`\`\`\`${language}\n([^\`]+)\`\`\``).exec(DOC)?.[1] ?? '';
}

const isThere = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;

describe('a notebook that is driven', () => {
  it('is told of in docs/driving.md, for Python and for R', () => {
    expect(example('python')).toContain('lungnb.stdin');
    expect(example('r')).toContain('write_input');
  });

  if (process.platform !== 'win32' && isThere('python3', '--version'))
    it('answers Python', () => {
      const { stdout, stderr } = run('python3', ['-c', example('python')]);
      expect(stderr).toBe('');
      expect(stdout).toContain("'class': 'ggo', 'n': 4");
    });

  if (process.platform !== 'win32' && isThere('Rscript', '-e', 'library(processx); library(jsonlite)'))
    it('answers R', () => {
      const { stdout, stderr } = run('Rscript', ['-e', `${example('r')}\n`]);
      expect(stderr).toBe('');
      expect(stdout).toMatch(/region +class +n/);
    });
});
