import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServeOptions, serve } from '../../../src/kernel/commands/serve.ts';
import { parseNotebook } from '../../../src/protocol/notebookFile.ts';
import { temporaryFolder } from '../ct/helpers.ts';

interface Reply {
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for.
  readonly result?: any;
  readonly error?: { readonly code: number; readonly message: string };
}

let folder: string;
let end: (() => Promise<number>) | undefined;
beforeEach(() => {
  folder = temporaryFolder();
  writeFileSync(join(folder, 'r.csv'), 'patient,class,percent\nMiller,ggo,10\n1002,ggo,20\nP03,ggo,40\nP04,ggo,80\n');
});
afterEach(async () => {
  expect(await end?.()).toBe(0);
  end = undefined;
  rmSync(folder, { recursive: true });
});

/** Serves a notebook of these cells; the answer asks it. Everything that it said is in `said`. */
function served(cells: readonly string[], options: ServeOptions = {}) {
  const path = join(folder, 'n.lungnb');
  const text = JSON.stringify({ lungnb: 1, cells: cells.map((cell) => ({ kind: 'code', source: cell.split('\n') })) });
  writeFileSync(path, text);
  const [input, output] = [new PassThrough(), new PassThrough()];
  const kernel = { notebookFolder: folder, notebookFile: path, cacheFolder: folder, modelFolders: [], parameters: {} };
  const done = serve({ path, notebook: parseNotebook(text), kernel }, options, { input, output });
  end = () => {
    input.end();
    return done;
  };
  const waiting = new Map<number, (reply: Reply) => void>();
  const said: string[] = [];
  createInterface({ input: output }).on('line', (line) => {
    said.push(line);
    const { id, ...reply } = JSON.parse(line);
    waiting.get(id)?.(reply);
  });
  let id = 0;
  const ask = (method: string, params?: unknown) =>
    new Promise<Reply>((resolve) => {
      waiting.set(++id, resolve);
      input.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    });
  return { ask, said, write: (line: string | Buffer) => input.write(line) };
}

const CELLS = ['load "r.csv" as r', 'param cut = 25 in 2..60\nscore r at 1, cut, 70, 80 as s', 'describe s'];

describe('lungnb run --serve', () => {
  it('runs what was not run, moves a parameter, and runs what follows from it', async () => {
    const { ask } = served(CELLS);
    expect((await ask('cells')).result.cells.map(({ state }: { state: string }) => state)).toEqual([
      'not-run',
      'not-run',
      'not-run',
    ]);
    const first = (await ask('run')).result;
    expect(first.ran.map(({ cell, state }: { cell: number; state: string }) => [cell, state])).toEqual([
      [1, 'done'],
      [2, 'done'],
      [3, 'done'],
    ]);
    const scores = async () =>
      (await ask('result', { name: 's' })).result.rows.map(({ score }: { score: number }) => score);
    expect(await scores()).toEqual([1, 1, 2, 4]);
    expect((await ask('set', { name: 'cut', value: 50 })).result).toEqual({ cell: 2 });
    const states = (await ask('cells')).result.cells;
    expect(states[1]).toMatchObject({
      source: 'param cut = 50 in 2..60\nscore r at 1, cut, 70, 80 as s',
      state: 'out-of-date',
    });
    await ask('run');
    expect(await scores()).toEqual([1, 1, 1, 4]);
    expect((await ask('run')).result).toEqual({ ran: [], left: [] });
  });

  it('shows no label anywhere, and takes its stand-ins for labels in what is written', async () => {
    const { ask, said } = served([...CELLS, 'exclude "Miller" from r because "no scores of Miller" as k']);
    await ask('run', { cells: [1, 2, 3] });
    await ask('result', { name: 'r' });
    await ask('names');
    await ask('run', { cells: [4] });
    await ask('explain', { cell: 4 });
    const { source } = (await ask('cells')).result.cells[3];
    const [, stand] = /exclude "(P\d+)"/.exec(source)!;
    await ask('edit', { cell: 4, source: `filter r where patient == "${stand}" as one` });
    expect((await ask('run', { cells: [4] })).result.ran[0].state).toBe('done');
    const { rows } = (await ask('result', { name: 'one' })).result;
    expect(rows).toMatchObject([{ patient: stand }]);
    expect(said.join('\n')).not.toMatch(/Miller|1002/);
  });

  it('shows no label that is a number, in tables, figures and sentences', async () => {
    const rows = [17, 4711023].flatMap((patient) =>
      ['RUL', 'RLL', 'LUL'].map((region, n) => `${patient},${region},ggo,${(patient + n) % 5}`),
    );
    writeFileSync(join(folder, 'numbers.csv'), `patient,region,class,score\n${rows.join('\n')}\n`);
    writeFileSync(join(folder, 'fewer.csv'), `patient,region,class,score\n${rows.slice(3).join('\n')}\n`);
    const { ask, said } = served([
      'load "numbers.csv" as a\nload "fewer.csv" as b\ndescribe a',
      'agree a with b by region for ggo as ag\nplot ag as scatter for ggo',
      'filter a where patient == "17" as one\nfilter a where patient == 4711023 as other',
      'exclude "17" from a because "patient 17 moved" as kept\nflow kept',
      'exclude "18" from a because "who" as none',
    ]);
    await ask('cells');
    await ask('run');
    for (const name of ['a', 'ag', 'one', 'kept']) expect((await ask('result', { name })).error).toBeUndefined();
    for (const cell of [1, 2, 3, 4, 5]) await ask('outputs', { cell });
    await ask('names');
    const { cells } = (await ask('cells')).result;
    const all = said.join('\n');
    expect(all).not.toMatch(/4711023/);
    expect(all.match(/.{30}(?<![\d.])17(?![\d.]).{30}/g)).toBeNull();
    expect(cells[3].source).toMatch(/exclude "P001" from a because "patient P001 moved"/);
  });

  it('hides what will be a label before its cell has run, or where it cannot', async () => {
    mkdirSync(join(folder, 'Quill'));
    writeFileSync(join(folder, 'Quill', 'Feather.nii'), 'no image');
    const { ask, said } = served([
      'load "Quill" as one',
      'load "Miller.zip" as two',
      'load "r.csv" as r # 1002 is no number of a row',
      'show one "Zonk"\nfilter r where patient == "Abel" || patient == "P03"',
      'load "https://pacs.invalid/studies?PatientID=Ibsen" as three',
    ]);
    await ask('cells');
    await ask('check');
    await ask('run', { all: true });
    for (const cell of [1, 2, 3, 4, 5]) await ask('explain', { cell });
    await ask('run', { cells: [2] });
    await ask('run', { cells: [4] });
    await ask('cells');
    expect(said.join('\n')).not.toMatch(/quill|feather|miller|1002|zonk|abel|P03\b|ibsen/i);
  });

  it('hides labels in other ways of writing them', async () => {
    writeFileSync(
      join(folder, 'u.csv'),
      'patient,score,Name\nM\u00fcller,1,Rita Quill\nO\u2019Brien,2,\nJon,3,\n007,4,\n',
    );
    const { ask, said } = served([
      'load "u.csv" as u',
      'filter u where patient == "Mu\u0308ller" as f\n# Mu\u0308ller M%C3%BCller Mu%cc%88ller O\'BRIEN JON, and 007',
      'load "https://pacs.invalid/studies?PatientName=Abel%20Zonk" as z',
      'load "Bergson CT/none/1.dcm" as b',
      'param who = "Feather" in "Feather", "Jon"\nfilter u where patient == who as p',
      'exclude "12" from u because "not there" as k',
    ]);
    await ask('cells');
    await ask('check');
    for (const cell of [1, 2, 3, 4, 5, 6]) await ask('run', { cells: [cell] });
    for (const name of ['u', 'who']) await ask('result', { name });
    await ask('names');
    await ask('cells');
    expect(said.join('\n')).not.toMatch(/ller|brien|jon\b|007|quill|abel|zonk|bergson|feather|"12"/i);
  });

  it('shows labels to whoever was allowed to see them', async () => {
    const { ask } = served(CELLS, { 'with-labels': true });
    await ask('run', { cells: [1] });
    expect((await ask('result', { name: 'r' })).result.rows[0].patient).toBe('Miller');
  });

  it('explains an error by its place, its meaning and its remedies, and goes on', async () => {
    const { ask } = served(['load "r.csv" as reader', 'describe readr', 'describe reader']);
    const { ran, left } = (await ask('run')).result;
    expect(ran[1]).toMatchObject({ cell: 2, state: 'failed', problem: { code: 'unknown-name', line: 1, column: 10 } });
    expect(left).toEqual([3]);
    expect((await ask('explain', { cell: 2 })).result).toMatchObject({
      problem: { message: expect.stringContaining('did you mean `reader`') },
      meaning: 'a name is not defined',
    });
    await ask('edit', { cell: 2, source: 'describe reader' });
    await ask('insert', { before: 1, kind: 'markup', source: '# One' });
    expect((await ask('run')).result).toMatchObject({ ran: [{ cell: 3 }, { cell: 4 }], left: [] });
  });

  it('refuses a value that a parameter cannot have, and one that it does not know, and changes nothing', async () => {
    const { ask } = served([...CELLS, 'param word = "a" in "a", "Miller"']);
    expect((await ask('set', { name: 'cut', value: 90 })).error!.message).toBe('`cut` is 90, and its range is 2..60.');
    expect((await ask('set', { name: 'cut', value: 'much' })).error!.message).toContain('the notebook has 25 there');
    expect((await ask('set', { name: 'word', value: 'b' })).error!.message).toMatch(/"a", "P\d+"/);
    expect((await ask('set', { name: 'least', value: 1 })).error!.message).toContain('`param least`');
    expect((await ask('cells')).result.cells[1].source).toBe(CELLS[1]);
  });

  it('runs all cells, or some with what follows from them', async () => {
    const { ask } = served(['load "r.csv" as r', 'describe nothing', ...CELLS.slice(1)]);
    const ran = async (parameters: object) =>
      (await ask('run', parameters)).result.ran.map(({ cell }: { cell: number }) => cell);
    expect(await ran({ all: true })).toEqual([1, 2]);
    expect(await ran({ cells: [3], following: true })).toEqual([3, 4]);
    expect(await ran({ cells: [1], following: true })).toEqual([1, 3, 4]);
    expect((await ask('outputs', { cell: 2 })).result).toMatchObject({
      state: 'failed',
      outputs: [],
      problem: { code: 'unknown-name' },
    });
  });

  it('answers part of a table where part is asked for, and says what was left out', async () => {
    const { ask } = served(CELLS);
    await ask('run');
    const { rows, left } = (await ask('result', { name: 'r', from: 1, rows: 2 })).result;
    expect(rows.map(({ percent }: { percent: number }) => percent)).toEqual([20, 40]);
    expect(left.rows).toContain('rows 1 to 2 of 4');
    expect((await ask('result', { name: 'r' })).result.left).toBeUndefined();
  });

  it('answers what it cannot do with an error, and never ends for it', async () => {
    const { ask, said } = served(CELLS);
    expect((await ask('resultt')).error).toMatchObject({ code: -32601, message: expect.stringContaining('`result`') });
    expect((await ask('result', { nam: 's' })).error).toMatchObject({ code: -32602 });
    expect((await ask('result', { name: 's' })).error).toMatchObject({
      code: -32000,
      message: expect.stringContaining('`s`'),
    });
    expect((await ask('edit', { cell: 9, source: '' })).error!.message).toContain('the notebook has 3');
    expect((await ask('save')).error!.message).toContain('--out');
    expect((await ask('names')).result).toEqual({ names: [] });
    expect((await ask('names', [1])).error).toMatchObject({ code: -32602, message: expect.stringContaining('object') });
    expect(said.join('\n')).not.toContain('bug');
  });

  it('answers whatever is no message, so that nobody waits for it', async () => {
    const { ask, said, write } = served(CELLS);
    const lines = ['no json', '[]', '5', '{}', '{"id":3}', '{"id":4,"method":5}', '{"id":null,"method":"names"}'];
    for (const line of [...lines, '{"id":{},"method":"names"}', '', '{"jsonrpc":"2.0","id":9,"result":1}'])
      write(`${line}\n`);
    write(Buffer.from('{"id":5,"method":"edit","params":{"cell":1,"source":"# M\xfcller"}}\n', 'latin1'));
    // A mark at the beginning, a sign that ends lines elsewhere, and a message in pieces.
    write('\ufeff{"jsonrpc":"2.0","id":"mark","method":"names"}\r\n');
    write('{"jsonrpc":"2.0","id":"sign","method":"edit",');
    write('"params":{"cell":3,"source":"# \u2028"}}\n');
    const { cells } = (await ask('cells')).result;
    expect(cells.map(({ source }: { source: string }) => source)).toEqual([CELLS[0], CELLS[1], '# \u2028']);
    const replies = said.map((line) => JSON.parse(line)).filter(({ id }) => id !== 1);
    const answered = replies.filter(({ error }) => !error).map(({ id }) => id);
    expect(answered.sort()).toEqual(['mark', 'sign']);
    expect(replies.filter(({ error }) => error).map(({ id, error }) => [id, error.code])).toEqual([
      [null, -32700],
      [null, -32600],
      [null, -32600],
      [null, -32600],
      [3, -32600],
      [4, -32600],
      [null, -32600],
      [null, -32600],
      [null, -32700],
    ]);
  });

  it('runs one after another what is asked for at once, and interrupts both', async () => {
    const { ask } = served(CELLS);
    const [first, second] = await Promise.all([ask('run', { all: true }), ask('run', { all: true })]);
    expect(second.result).toEqual(first.result);
    const [third, fourth] = [ask('run', { all: true }), ask('run', { all: true })];
    await ask('interrupt');
    const both = [(await third).result, (await fourth).result];
    expect(both.map(({ ran, left }) => ran.length + left.length)).toEqual([3, 3]);
    expect(both[1].ran).toEqual([]);
  });

  it('saves what it has into the file of --out', async () => {
    const { ask } = served(CELLS, { out: join('done.lungnb') });
    await ask('run');
    process.chdir(folder);
    expect((await ask('save')).error).toBeUndefined();
    const saved = parseNotebook(readFileSync(join(folder, 'done.lungnb'), 'utf8'));
    expect(saved.cells.map(({ outputs }) => outputs?.length ?? 0)).toEqual([1, 2, 1]);
  });
});
