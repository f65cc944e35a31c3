/** Nothing that was fetched outlives its kernel, however that ends; and nothing of anybody else is touched. */
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeLeftovers } from '../../../../src/kernel/ct/dicomWeb/leftovers.ts';
import { isAlive, ownerName } from '../../../../src/kernel/ct/dicomWeb/owner.ts';
import { archive, asParts, createServers, multipart, SERIES } from './server.ts';

const DOWNLOADER = join(import.meta.dirname, 'downloader.ts');
const SOMEBODY = 65534;
const isRoot = process.getuid?.() === 0;
const { serve, close } = createServers();
const { TMPDIR } = process.env;
let temporary: string;
const left = () => readdirSync(temporary);

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'lungnb-own-'));
  process.env.TMPDIR = temporary;
});
afterEach(async () => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  rmSync(temporary, { recursive: true, force: true });
  await close();
});

const told = (child: ChildProcess, what: string) =>
  new Promise<void>((resolve, reject) => {
    child.on('message', (message) => message === what && resolve());
    child.once('exit', (code, signal) => reject(new Error(`ended before: ${code ?? signal}`)));
  });
const ended = (child: ChildProcess) =>
  new Promise<string | number | null>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));

/** A kernel that has fetched six images, or is fetching them for ever. */
async function downloading(until: 'fetching' | 'fetched'): Promise<ChildProcess> {
  const root = await serve(
    archive(6, (n, response) => {
      const bytes = multipart(Buffer.alloc(100_000, n));
      if (n < 6 || until === 'fetched') asParts(response).end(bytes);
      else asParts(response).write(bytes.subarray(0, 50_000));
    }),
  );
  const child = fork(DOWNLOADER, [`${root}${SERIES}`], {
    execArgv: [],
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await told(child, until);
  return child;
}

describe.skipIf(process.platform === 'win32')('a kernel that ends', () => {
  it.each([
    ['SIGTERM', 'fetched'],
    ['SIGTERM', 'fetching'],
    ['SIGHUP', 'fetched'],
    ['SIGINT', 'fetching'],
  ] as const)('by %s when it has %s leaves nothing, and says by what it ended', async (signal, until) => {
    const child = await downloading(until);
    expect(left()).toHaveLength(1);
    const end = ended(child);
    child.kill(signal);
    expect(await end).toBe(signal);
    expect(left()).toEqual([]);
  });

  it('because its window was closed leaves nothing', async () => {
    const child = await downloading('fetched');
    const end = ended(child);
    child.disconnect();
    expect(await end).toBe(0);
    expect(left()).toEqual([]);
  });

  it('by SIGKILL leaves a folder closed to others, which goes with the next start', async () => {
    const child = await downloading('fetching');
    const [folder] = left();
    await removeLeftovers();
    expect(left()).toEqual([folder]);
    expect(statSync(join(temporary, folder!)).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(join(temporary, folder!)))
      expect(statSync(join(temporary, folder!, file)).mode & 0o777).toBe(0o600);
    const end = ended(child);
    child.kill('SIGKILL');
    await end;
    expect(left()).toHaveLength(1);
    await removeLeftovers();
    expect(left()).toEqual([]);
  });

  it('is cleared up after by the command line, whatever that does', async () => {
    const child = await downloading('fetched');
    const end = ended(child);
    child.kill('SIGKILL');
    await end;
    const cli = join(import.meta.dirname, '../../../../src/kernel/cli.ts');
    const notebook = join(temporary, 'empty.lungnb');
    writeFileSync(notebook, '{"lungnb": 1, "cells": []}');
    execFileSync(process.execPath, [cli, 'check', notebook], { env: { ...process.env, TMPDIR: temporary } });
    rmSync(notebook);
    expect(left()).toEqual([]);
  });
});

describe('whose folder it is', () => {
  const folderOf = (owner: string) => {
    const folder = join(temporary, `lungnb-dicomweb-${owner}abcdef`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'image.dcm'), 'image');
    return folder;
  };
  const [place, pid, start] = ownerName().split('-') as [string, string, string];

  it('is told by the start of its process as well: ids are given again', async () => {
    const mine = folderOf(ownerName());
    const earlier = folderOf(`${place}-${pid}-${start === '00000000' ? '11111111' : '00000000'}-`);
    await removeLeftovers();
    expect([mine, earlier].map((folder) => existsSync(folder))).toEqual([true, false]);
  });

  it('is seen of a process that lives, has ended, or waits to be counted', async () => {
    const child = spawn('sleep', ['60']);
    expect(isAlive(ownerName())).toBe(true);
    expect(isAlive(`${place}-${child.pid}-00000000-`)).toBe(false);
    child.kill('SIGKILL');
    await ended(child);
    expect(isAlive(`${place}-${child.pid}-00000000-`)).toBe(false);
    expect(isAlive(`00000000-${pid}-${start}-`)).toBeUndefined();
    expect(isAlive('anything')).toBeUndefined();
  });

  it('of another computer or container, or of an unknown version, stays for a week', async () => {
    const folders = [folderOf(`00000000-${pid}-${start}-`), folderOf('1234-')];
    await removeLeftovers();
    expect(folders.map((folder) => existsSync(folder))).toEqual([true, true]);
    const long = new Date(Date.now() - 8 * 86_400_000);
    for (const folder of folders) utimesSync(folder, long, long);
    await removeLeftovers();
    expect(folders.map((folder) => existsSync(folder))).toEqual([false, false]);
  });

  const DEAD = `${place}-999999999-00000000-`;

  it.runIf(isRoot)('of another user is not touched, and blocks nothing', async () => {
    const theirs = folderOf(DEAD);
    chownSync(theirs, SOMEBODY, SOMEBODY);
    const own = join(temporary, `lungnb-dicomweb-${DEAD}zzzzzz`);
    mkdirSync(own);
    await removeLeftovers();
    expect([theirs, own].map((folder) => existsSync(folder))).toEqual([true, false]);
  });

  it('is never followed where it is a link, and links in it are not', async () => {
    const target = join(temporary, 'thesis');
    mkdirSync(target);
    writeFileSync(join(target, 'thesis.docx'), 'mine');
    symlinkSync(target, join(temporary, `lungnb-dicomweb-${DEAD}linked`));
    const own = folderOf(DEAD);
    symlinkSync(target, join(own, 'link'));
    await removeLeftovers();
    expect(left().sort()).toEqual([`lungnb-dicomweb-${DEAD}linked`, 'thesis']);
    expect(readFileSync(join(target, 'thesis.docx'), 'utf8')).toBe('mine');
  });

  it('does not matter where the folder for temporary files is not there', async () => {
    process.env.TMPDIR = join(temporary, 'none');
    await removeLeftovers();
    await delay(0);
  });
});
