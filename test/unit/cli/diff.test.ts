import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CLI = join(import.meta.dirname, '../../../src/kernel/cli.ts');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-diff-'));
  for (const [name, cut] of Object.entries({ a: 25, b: 40 })) {
    const cells = [{ kind: 'code', source: [`param cut = ${cut}`] }];
    writeFileSync(join(folder, `${name}.lungnb`), JSON.stringify({ lungnb: 1, cells }));
  }
  writeFileSync(join(folder, 'newer.lungnb'), '{"lungnb": 9, "cells": []}');
});
afterAll(() => rmSync(folder, { recursive: true }));

const diff = (...args: string[]) =>
  spawnSync(process.execPath, [CLI, 'diff', ...args], { cwd: folder, encoding: 'utf8' });

describe('lungnb diff', () => {
  it('ends with 0 where nothing differs, and with 1 where something does', () => {
    expect(diff('a.lungnb', 'a.lungnb')).toMatchObject({ status: 0, stderr: '' });
    const { status, stdout } = diff('a.lungnb', 'b.lungnb', '--html', 'page.html');
    expect(status).toBe(1);
    expect(stdout).toBe('1 cell edited.\n\nCell 1: edited\n  - param cut = 25\n  + param cut = 40\n');
    expect(readFileSync(join(folder, 'page.html'), 'utf8')).toContain('a.lungnb and b.lungnb: what differs');
  });

  it('ends with 2 where a notebook cannot be read or the page not be written, and leaves what is there', () => {
    const newer = diff('a.lungnb', 'newer.lungnb');
    expect(newer.status).toBe(2);
    expect(newer.stderr).toMatch(/^newer\.lungnb: .*format version 9/);
    writeFileSync(join(folder, 'there.html'), 'mine');
    expect(diff('a.lungnb', 'b.lungnb', '--html', 'there.html')).toMatchObject({ status: 2 });
    expect(readFileSync(join(folder, 'there.html'), 'utf8')).toBe('mine');
    const own = diff('a.lungnb', 'b.lungnb', '--html', 'b.lungnb', '--overwrite');
    expect(own.status).toBe(2);
    expect(own.stderr).toContain('one of the notebooks');
    expect(diff('a.lungnb')).toMatchObject({ status: 2 });
  });
});
