import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CLI = join(import.meta.dirname, '../../../src/kernel/cli.ts');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-cli-'));
  writeFileSync(join(folder, 'reader.csv'), 'patient,ggo\nP1,0\nP2,1\nP3,2\nP4,4\n');
  notebook('good', 'load "reader.csv" as r', 'agree r with r for ggo as ag');
  notebook('bad', 'load "reader.csv" as r', '\n  describe rr', 'describe r');
  writeFileSync(join(folder, 'newer.lungnb'), '{"lungnb": 9, "cells": []}');
});
afterAll(() => rmSync(folder, { recursive: true }));

function notebook(name: string, ...cells: string[]): void {
  const json = { lungnb: 1, cells: cells.map((source) => ({ kind: 'code', source: source.split('\n') })) };
  writeFileSync(join(folder, `${name}.lungnb`), JSON.stringify(json));
}

const lungnb = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('lungnb', () => {
  it('runs a notebook, prints its tables, and writes results and outputs', () => {
    const { status, stdout, stderr } = lungnb(
      'run',
      'good.lungnb',
      '--json',
      'results.json',
      '--out',
      'done.lungnb',
      '--cache',
      'cache',
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('Agreement of r with r');
    const { results } = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'));
    expect(results.ag.rows[0]).toMatchObject({
      region: 'total',
      class: 'ggo',
      n: 4,
      missing: 0,
      rho: 1,
      kappa: 1,
      percent_agreement: 100,
      // At ρ = 1 there is no interval: the column is there, and empty.
      rho_ci_low: null,
    });
    expect(results.ag.notes).toContain(
      'Ground-glass opacity, whole lungs: empty where the correlation is exactly ±1, where Fisher’s z has no interval.',
    );
    expect(results.ag.statistics[0]).toMatchObject({ statistic: 'Spearman ρ', value: 1, ci_low: null });
    expect(readFileSync(join(folder, 'done.lungnb'), 'utf8')).not.toMatch(/NaN|undefined/);
  });

  it('writes the same bytes when nothing has changed', () => {
    lungnb('run', 'good.lungnb', '--out', 'one.lungnb', '--cache', 'cache');
    lungnb('run', 'one.lungnb', '--out', 'two.lungnb', '--cache', 'cache');
    expect(readFileSync(join(folder, 'two.lungnb'), 'utf8')).toBe(readFileSync(join(folder, 'one.lungnb'), 'utf8'));
  });

  it('sets a parameter however its cell is laid out', () => {
    notebook('set', 'load "reader.csv" as r describe r  # a table\n param  # of the cut\n  cut=25');
    const { status, stdout } = lungnb('run', 'set.lungnb', '--set', 'cut=30', '--cache', 'cache');
    expect(stdout).toContain('cut = 30');
    expect(status).toBe(0);
  });

  it('leaves it to a mistaken cell to say what is wrong with its parameter', () => {
    notebook('mistaken', 'param cut = 25 in 0..');
    const { status, stderr } = lungnb('run', 'mistaken.lungnb', '--set', 'cut=30', '--cache', 'cache');
    expect(stderr).toContain('mistaken.lungnb:1:1:19: `in` expects');
    expect(status).toBe(1);
  });

  it('stops at a failing cell, says which and why, writes what it has, and exits with 1', () => {
    const { status, stdout, stderr } = lungnb('run', 'bad.lungnb', '--json', 'bad.json', '--cache', 'cache');
    expect(status).toBe(1);
    expect(stderr).toContain('bad.lungnb:2:2:12: `rr` is not defined in this or an earlier cell: known: r.');
    expect(stderr).toContain('1 cell behind cell 2 not run; --keep-going runs them all the same.');
    expect(stdout).not.toContain('r: 4 rows, 2 columns');
    expect(JSON.parse(readFileSync(join(folder, 'bad.json'), 'utf8'))).toMatchObject({ problems: [{ cell: 2 }] });
  });

  it('goes on after a failing cell where it is told to, and exits with 1 all the same', () => {
    const { status, stdout, stderr } = lungnb('run', 'bad.lungnb', '--keep-going', '--cache', 'cache');
    expect(status).toBe(1);
    expect(stderr).not.toContain('not run');
    expect(stdout).toContain('r: 4 rows, 2 columns');
  });

  it.each(['quickstart', 'tutorial'])('finds nothing wrong in the sample %s', (name) => {
    const sample = join(import.meta.dirname, '../../../samples', `${name}.lungnb`);
    expect(lungnb('check', sample)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('checks without running', () => {
    expect(lungnb('check', 'good.lungnb')).toEqual({ status: 0, stdout: '', stderr: '' });
    const { status, stdout } = lungnb('check', 'bad.lungnb');
    expect(status).toBe(1);
    expect(stdout).toContain('bad.lungnb:2:2:12: `rr` is not defined');
  });

  it.each([
    [[]],
    [['fly', 'good.lungnb']],
    [['run']],
    [['run', 'nowhere.lungnb']],
    [['run', 'good.lungnb', '--what']],
    [['run', 'good.lungnb', '--set', 'x']],
    [['run', 'good.lungnb', '--set', 'cut=5']],
  ])('answers bad usage %j with 2', (args) => {
    expect(lungnb(...args).status).toBe(2);
  });

  it('says what is wrong with a notebook that it cannot read', () => {
    const { status, stderr } = lungnb('run', 'newer.lungnb');
    expect(status).toBe(1);
    expect(stderr).toContain('Update LungNB');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('says what `load` would find in a table', () => {
    const { status, stdout } = lungnb('describe', 'reader.csv');
    expect(status).toBe(0);
    expect(stdout).toContain('reader.csv: 4 rows, 2 columns');
    expect(stdout).toMatch(/^ggo +4 +4 +0, 1, 2, 4$/m);
  });

  it.each([
    ['a file that it loads', 'reader.csv', 'is loaded by this notebook'],
    ['a notebook of a newer version', 'newer.lungnb', 'is a notebook that this LungNB cannot read'],
  ])('never writes over %s, whatever it is told', (_, file, reason) => {
    const before = readFileSync(join(folder, file), 'utf8');
    const { status, stdout, stderr } = lungnb('run', 'good.lungnb', '--out', file, '--cache', 'cache', '--overwrite');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`--out: "${file}" ${reason}`);
    expect(readFileSync(join(folder, file), 'utf8')).toBe(before);
  });

  it.each(['--json', '--html', '--out'])('writes %s over an earlier or an empty one', (option) => {
    const own = `again${option}`;
    writeFileSync(join(folder, own), '');
    for (const _ of ['first', 'second'])
      expect(lungnb('run', 'good.lungnb', option, own, '--cache', 'cache').status).toBe(0);
    writeFileSync(join(folder, own), `${readFileSync(join(folder, own), 'utf8')} `);
    const edited = lungnb('run', 'good.lungnb', option, own, '--cache', 'cache');
    expect([edited.status, edited.stdout]).toEqual([1, '']);
    expect(edited.stderr).toBe(
      `${option}: "${own}" was changed since this notebook wrote it. It is left as it is. Choose another name, or run with \`--overwrite\`.\n`,
    );
    expect(lungnb('run', 'good.lungnb', option, own, '--cache', 'cache', '--overwrite').status).toBe(0);
  });

  it('never writes its results over the notebook, and gives each a file of its own', () => {
    const { status, stderr } = lungnb('run', 'good.lungnb', '--json', 'good.lungnb', '--cache', 'cache', '--overwrite');
    expect(status).toBe(1);
    expect(stderr).toContain('--json: "good.lungnb" is a notebook, and is not written over.');
    expect(lungnb('run', 'good.lungnb', '--json', 'both', '--html', './both', '--cache', 'cache')).toEqual({
      status: 2,
      stdout: '',
      stderr: '--html and --json name the same file. Give each its own.\n',
    });
  });

  it('makes the folders of its results, and says in a sentence what it cannot write', () => {
    expect(lungnb('run', 'good.lungnb', '--json', 'new/folder/r.json', '--cache', 'cache').status).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'new/folder/r.json'), 'utf8'))).toHaveProperty('results');
    const { status, stderr } = lungnb('run', 'good.lungnb', '--json', 'reader.csv/r.json', '--cache', 'cache');
    expect(status).toBe(1);
    expect(stderr).toBe('--json: "reader.csv/r.json" cannot be written: a part of its path is a file and no folder.\n');
  });

  it('describes a folder without CT clearly', () => {
    const { status, stderr } = lungnb('describe', folder);
    expect(status).toBe(1);
    expect(stderr).toContain('No usable CT was found');
  });
});
