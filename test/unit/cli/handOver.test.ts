/** The lines of docs/sharing.md that hand results over to R and Python, as they stand there, where R and pandas are. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROJECT = join(import.meta.dirname, '../../..');
const DOC = readFileSync(join(PROJECT, 'docs/sharing.md'), 'utf8');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-hand-over-'));
  writeFileSync(join(folder, 'r.csv'), 'patient,ggo,reticulation\nP1,0,1\nP2,1,1\nP3,2,1\nP4,4,1\n');
  const cells = ['load "r.csv" as r', 'agree r with r as ag'].map((line) => ({ kind: 'code', source: [line] }));
  writeFileSync(join(folder, 'notebook.lungnb'), JSON.stringify({ lungnb: 1, cells }));
  run(process.execPath, [join(PROJECT, 'src/kernel/cli.ts'), 'run', 'notebook.lungnb', '--json', 'results.json']);
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

function linesOf(language: string): string {
  const lines = new RegExp(`\`\`\`${language}\n([^\`]+)\`\`\``).exec(DOC)?.[1] ?? '';
  expect(lines.trim().split('\n')).toHaveLength(3);
  return lines;
}

const isThere = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;

describe('results handed over', () => {
  it('are rows with every column, undefined ones as null', () => {
    const { results } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));
    expect(
      results.ag.rows.map((row: { class: string; n: number; rho: number | null }) => [row.class, row.n, row.rho]),
    ).toEqual([
      ['ggo', 4, 1],
      ['reticulation', 4, null],
    ]);
  });

  if (isThere('Rscript', '-e', 'library(jsonlite)'))
    it('are a data frame in R', () => {
      const shown = `cat(class(ag), nrow(ag), ag$n, ag$rho)`;
      expect(run('Rscript', ['-e', `${linesOf('r')}${shown}`])).toBe('data.frame 2 4 4 1 NA');
    });

  if (isThere('python3', '-c', 'import pandas'))
    it('are a data frame in pandas', () => {
      const shown = `print(type(ag).__name__, len(ag), *ag["n"], *ag["rho"])`;
      expect(run('python3', ['-c', `${linesOf('python')}${shown}`])).toBe('DataFrame 2 4 4 1.0 nan\n');
    });
});
