/** What a notebook may write over, and what it never does, by whatever name the file is called. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WriteQuestion } from '../../../src/protocol/kernelApi.ts';
import { startSession, type TestSession } from '../../harness/session.ts';
import { asymmetricVolume, writeSeries, writeZip } from '../ct/helpers.ts';
import { metaHeader } from '../ct/volumeVariants.ts';

const TABLE = 'patient,ggo\nP1,0\nP2,1\n';
const OTHER = 'patient,ggo\nP1,3\n';
const FIXTURES = join(import.meta.dirname, '../../fixtures/models');
const isWindows = process.platform === 'win32';

let folder: string;
let session: TestSession['session'];
let asked: WriteQuestion[];
/** What the user answers. */
let allowed: boolean;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-overwriting-'));
  put('study/a.csv', TABLE);
  put('study/other.csv', OTHER);
  allowed = true;
  asked = [];
  session = begin();
});
afterEach(async () => {
  await session.close();
  rmSync(folder, { recursive: true });
});

function put(name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
}
const at = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(at(name), 'utf8');

function begin(notebook = 'study/n.lungnb'): TestSession['session'] {
  return startSession({
    notebookFolder: at('study'),
    notebookFile: at(notebook),
    cacheFolder: at('cache'),
    modelFolders: [at('study/models')],
    events: {
      mayWrite: async (question) => {
        asked.push(question);
        return allowed ? { allowed } : { allowed, advice: 'Your choice.' };
      },
    },
  }).session;
}

/** Runs the cells one after another, and gives the problem's code of the last, or `done`. */
async function run(...sources: string[]): Promise<string> {
  return runSome(sources.length, sources);
}

/** Runs the first cell alone, in a fresh kernel that knows of the others. */
async function runFirst(...sources: string[]): Promise<string> {
  await session.close();
  session = begin();
  return runSome(1, sources);
}

async function runSome(count: number, sources: readonly string[]): Promise<string> {
  const cells = sources.map((source, n) => ({ cellId: String(n), source }));
  let last = '';
  for (const cell of cells.slice(0, count)) {
    const { status, problem } = await session.runCell({ ...cell, cells });
    last = problem?.code ?? status;
  }
  return last;
}

describe.skipIf(isWindows)('what was loaded', () => {
  it.each([
    ['its own name', 'a.csv', () => {}],
    ['a name that goes round about', 'sub/../a.csv', () => mkdirSync(at('study/sub'))],
    ['a symbolic link', 'out.csv', () => symlinkSync('a.csv', at('study/out.csv'))],
    ['a hard link', 'out.csv', () => linkSync(at('study/a.csv'), at('study/out.csv'))],
    ['a folder that is a link', 'linked/a.csv', () => symlinkSync(at('study'), at('study/linked'))],
  ])('is not written over by %s', async (_, name, prepare) => {
    prepare();
    expect(await run('load "a.csv" as a\nload "other.csv" as o', `export o to "${name}"`)).toBe('overwrites-input');
    expect([text('study/a.csv'), asked]).toEqual([TABLE, []]);
  });

  it.each([
    ['a cell', ['load "a.csv" as a']],
    ['another spelling', ['load "./a.csv" as a']],
    ['a parameter', ['param file = "a.csv"\nload file as a']],
    ['one of its choices', ['param file = "other.csv" in "other.csv", "a.csv"', 'load file as a']],
    ['a cell beside mistakes', ['lod "x"\nload "a.csv" as a\nshow']],
  ])('is not written over before %s below loads it', async (_, below) => {
    expect(await runFirst('load "other.csv" as o\nexport o to "a.csv"', ...below)).toBe('overwrites-input');
    expect(await run('load "other.csv" as o\nexport o to "a.csv"\nload "a.csv" as a')).toBe('overwrites-input');
    expect([text('study/a.csv'), asked]).toEqual([TABLE, []]);
  });

  it('may be what the notebook itself writes first, run by run', async () => {
    const cells = ['load "a.csv" as a', 'export a to "made.csv"', 'load "made.csv" as m\nexport m to "last.csv"'];
    for (const _ of ['once', 'again, with what was loaded still in mind']) expect(await run(...cells)).toBe('done');
    await session.close();
    session = begin();
    put('study/a.csv', OTHER);
    expect(await run(...cells)).toBe('done');
    expect([text('study/made.csv'), text('study/last.csv'), asked]).toEqual([OTHER, OTHER, []]);
    put('study/made.csv', 'mine,now\n1,2\n');
    expect(await run(cells[0]!, cells[1]!, cells[2]!)).toBe('done');
    expect(text('study/made.csv')).toBe('mine,now\n1,2\n');
  });

  it.each([
    ['a folder', 'load "../scans" as c'],
    ['a folder that is a link', 'load "linked" as c'],
    ['a manifest', 'load "manifest.csv" as c'],
    ['a link in a folder', 'load "../links" as c'],
  ])('is not written over as a slice of a CT, by links, in %s', async (_, load) => {
    mkdirSync(at('scans/P1'), { recursive: true });
    const [slice] = writeSeries(at('scans/P1')) as [string];
    const before = readFileSync(slice);
    put('study/manifest.csv', 'patient,path\nP1,../scans/P1\n');
    mkdirSync(at('links'));
    for (const name of readdirSync(at('scans/P1'))) symlinkSync(at(`scans/P1/${name}`), at(`links/${name}`));
    symlinkSync(at('scans'), at('study/linked'));
    linkSync(slice, at('study/hard.csv'));
    symlinkSync(slice, at('study/soft.csv'));
    for (const name of ['hard.csv', 'soft.csv']) {
      const write = `load "other.csv" as o\nexport o to "${name}"`;
      expect(await run(load, write)).toBe('overwrites-input');
      expect(await runFirst(write, load)).toBe('overwrites-input');
    }
    expect(readFileSync(slice).equals(before)).toBe(true);
  });

  it('is not written over as the voxels beside a header, nor as an archive', async () => {
    const { hu, size } = asymmetricVolume();
    put('scans/v.mhd', metaHeader({ DimSize: size.join(' ') }, 'v.raw'));
    put('scans/v.raw', new Uint8Array(hu.buffer));
    mkdirSync(at('P1'));
    writeZip(at('scans/P1.zip'), writeSeries(at('P1')));
    for (const [name, load] of [
      ['v.raw', 'load "../scans/v.mhd" as c'],
      ['P1.zip', 'load "../scans/P1.zip" as c'],
    ] as const) {
      const before = readFileSync(at(`scans/${name}`));
      linkSync(at(`scans/${name}`), at(`study/${name}.csv`));
      const write = `load "other.csv" as o\nexport o to "${name}.csv"`;
      expect(await run(load, write)).toBe('overwrites-input');
      expect(await runFirst(write, load)).toBe('overwrites-input');
      expect(readFileSync(at(`scans/${name}`)).equals(before)).toBe(true);
    }
  });
});

describe.skipIf(isWindows)('models and notebooks', () => {
  it('are not written over', async () => {
    for (const name of ['model.onnx', 'manifest.json'])
      put(`study/models/m/${name}`, readFileSync(join(FIXTURES, 'tiny-lobes', name)));
    put('study/n.lungnb', '{"lungnb": 1, "cells": []}');
    put('study/newer.lungnb', '{"lungnb": 9, "cells": []}');
    linkSync(at('study/models/m/model.onnx'), at('study/hard.csv'));
    for (const name of ['n.lungnb', 'newer.lungnb', 'models/m/manifest.json'])
      symlinkSync(at(`study/${name}`), at(`study/to-${name.replaceAll('/', '-')}.csv`));
    put('study/copy.json', '{\n "lungnb": 1, "cells": []}');
    const code = (name: string) => run('load "other.csv" as o', `export o to "${name}"`);
    expect(await code('hard.csv')).toBe('overwrites-input');
    expect(await code('to-models-m-manifest.json.csv')).toBe('overwrites-input');
    expect(await code('models/m/manifest.json')).toBe('overwrites-input');
    for (const name of ['to-n.lungnb.csv', 'to-newer.lungnb.csv', 'copy.json'])
      expect([name, await code(name)]).toEqual([name, 'overwrites-notebook']);
    expect(asked).toEqual([]);
    expect(text('study/newer.lungnb')).toBe('{"lungnb": 9, "cells": []}');
  });
});

describe('a file that is there', () => {
  const write = ['load "a.csv" as a', 'export a to "out.csv"'] as const;

  it('is asked for where no run of this notebook wrote it, and stays where the answer is no', async () => {
    put('study/out.csv', 'mine\n1\n');
    allowed = false;
    expect(await run(...write)).toBe('overwrites-foreign');
    expect(text('study/out.csv')).toBe('mine\n1\n');
    expect(asked).toEqual([
      {
        kind: 'overwrite',
        file: 'out.csv',
        message: '"out.csv" is there already, and no run of this notebook wrote it.',
        cellId: '1',
      },
    ]);
    allowed = true;
    expect(await run(...write)).toBe('done');
    expect(text('study/out.csv')).toBe(TABLE);
  });

  it('is replaced in silence where a run of this notebook wrote it, by another process too', async () => {
    for (const content of [TABLE, OTHER, TABLE]) {
      put('study/a.csv', content);
      await session.close();
      session = begin();
      expect(await run(...write)).toBe('done');
      expect(text('study/out.csv')).toBe(content);
    }
    expect(asked).toEqual([]);
  });

  it('is asked for once it was changed by hand, and by another notebook', async () => {
    await run(...write);
    put('study/out.csv', `${TABLE}P3,2\n`);
    allowed = false;
    expect(await run(...write)).toBe('overwrites-foreign');
    expect(asked.map(({ message }) => message)).toEqual(['"out.csv" was changed since this notebook wrote it.']);
    allowed = true;
    await run(...write);
    await session.close();
    session = begin('study/another.lungnb');
    put('study/a.csv', OTHER);
    allowed = false;
    expect(await run(...write)).toBe('overwrites-foreign');
    expect(text('study/out.csv')).toBe(TABLE);
  });

  it('is left alone where it holds the same already, whoever wrote it', async () => {
    put('study/out.csv', TABLE);
    expect([await run(...write), asked]).toEqual(['done', []]);
    // Which makes it nobody else's: the next change is asked for.
    put('study/a.csv', OTHER);
    allowed = false;
    expect(await run(...write)).toBe('overwrites-foreign');
  });

  it('is known by digests alone: no name enters the cache', async () => {
    await run(...write);
    const records = readdirSync(at('cache/written-files'));
    expect(records).toHaveLength(1);
    expect(records[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(text(`cache/written-files/${records[0]}`)).toMatch(/^[0-9a-f]{64}\n$/);
  });

  it('is written where the cache cannot be, and replaced as long as the session remembers', async () => {
    put('cache', 'a file in the place of the folder');
    expect(await run(...write)).toBe('done');
    put('study/a.csv', OTHER);
    expect([await run(...write), text('study/out.csv'), asked]).toEqual(['done', OTHER, []]);
  });

  it.skipIf(isWindows)('is no pipe, no device and no folder', async () => {
    execFileSync('mkfifo', [at('study/pipe.csv')]);
    symlinkSync('/dev/null', at('study/null.csv'));
    mkdirSync(at('study/folder.csv'));
    for (const name of ['pipe.csv', 'null.csv', 'folder.csv'])
      expect(await run('load "a.csv" as a', `export a to "${name}"`)).toBe('no-file');
    expect(asked).toEqual([]);
  });
});

describe('a place outside the notebook’s folder', () => {
  it.each([
    ['by its path', '../out.csv', () => {}],
    ['by a folder that is a link', 'linked/out.csv', () => symlinkSync(folder, at('study/linked'), 'junction')],
  ])('is asked for once, %s', async (_, name, prepare) => {
    prepare();
    const cells = ['load "a.csv" as a', `export a to "${name}"`];
    allowed = false;
    expect(await run(...cells)).toBe('outside-folder');
    expect(existsSync(at('out.csv'))).toBe(false);
    expect(asked).toMatchObject([{ kind: 'outside', file: 'out.csv', cellId: '1' }]);
    allowed = true;
    for (const _ of ['once', 'again']) expect(await run(...cells)).toBe('done');
    expect(text('out.csv')).toBe(TABLE);
    expect(asked).toHaveLength(2);
  });

  it.skipIf(isWindows)('is asked for by a link to a file that is not there yet', async () => {
    symlinkSync('../out.csv', at('study/link.csv'));
    allowed = false;
    expect(await run('load "a.csv" as a', 'export a to "link.csv"')).toBe('outside-folder');
    expect(existsSync(at('out.csv'))).toBe(false);
  });

  it('is told without the folders above, which may say who somebody is', async () => {
    allowed = false;
    const cells = [{ cellId: '0', source: 'load "a.csv" as a\nexport a to "../out.csv"' }];
    const { problem } = await session.runCell({ ...cells[0]!, cells });
    expect(problem?.message).toBe('"../out.csv" lies outside the notebook’s folder. Nothing was written. Your choice.');
  });
});

it('an interrupt takes away a question that stands on the screen', async () => {
  await session.close();
  put('study/out.csv', 'mine\n1\n');
  let interrupt = () => {};
  const { session: waiting } = startSession({
    notebookFolder: at('study'),
    events: {
      mayWrite: () => {
        setImmediate(interrupt);
        return new Promise(() => {});
      },
    },
  });
  interrupt = () => waiting.interrupt(null);
  expect(await waiting.runCell({ cellId: '0', source: 'load "a.csv" as a\nexport a to "out.csv"' })).toEqual({
    status: 'cancelled',
  });
});
