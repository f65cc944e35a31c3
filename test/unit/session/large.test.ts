/** Notebooks and tables far beyond any study's: they take their time, and come to an end. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSession, type Session } from '../../../src/kernel/session/session.ts';
import { temporaryFolder } from '../ct/helpers.ts';

const GENEROUS_MS = 240_000;

let folder: string;
let session: Session;
beforeEach(() => {
  folder = temporaryFolder();
  session = createSession(
    { notebookFolder: folder, cacheFolder: join(folder, 'c'), modelFolders: [], parameters: {} },
    {},
  );
});
afterEach(async () => {
  await session.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (source: string) => session.runCell({ cellId: 'cell', source });
const write = (name: string, head: string, count: number, row: (n: number) => string) =>
  writeFileSync(join(folder, name), `${head}\n${Array.from({ length: count }, (_, n) => row(n)).join('\n')}\n`);
function table(name: string) {
  const value = session.names().get(name);
  if (value?.kind !== 'table' && value?.kind !== 'agreement') throw new Error(`\`${name}\` holds no table`);
  return value.table;
}

it(
  '100 000 patients are compared',
  async () => {
    for (const [name, shift] of [
      ['a', 1],
      ['b', 2],
    ] as const)
      write(
        `${name}.csv`,
        'patient,region,class,score',
        100_000,
        (n) => `P${n},total,ggo,${(n * 7 + (n % 3) * shift) % 5}`,
      );
    const source = 'load "a.csv" as a\nload "b.csv" as b\nagree a with b for ggo weights linear as ag';
    expect(await run(source)).toEqual({ status: 'done' });
    expect(table('ag').objects()).toMatchObject([{ region: 'total', class: 'ggo', n: 100_000, missing: 0 }]);
  },
  GENEROUS_MS,
);

it(
  'a million rows are loaded, filtered and extended',
  async () => {
    write('long.csv', 'patient,percent', 1_000_000, (n) => `P${n % 1000},${n % 100}`);
    const source = 'load "long.csv" as t\nfilter t where percent >= 50 as f\nderive f half = percent / 2 as d';
    expect(await run(source)).toEqual({ status: 'done' });
    expect([table('t').numRows(), table('d').numRows(), table('d').get('half', 0)]).toEqual([1_000_000, 500_000, 25]);
  },
  GENEROUS_MS,
);

it(
  '2 000 cells, each of which uses the one before, are checked, run and told from those out of date',
  async () => {
    write('t.csv', 'patient,percent', 3, (n) => `P${n},${n}`);
    const cells = Array.from({ length: 2000 }, (_, n) => ({
      cellId: String(n),
      source: n === 0 ? 'load "t.csv" as t0' : `derive t${n - 1} x = percent + ${n} as t${n}`,
    }));
    expect(await session.check({ cells: cells.map((cell, n) => ({ ...cell, number: n + 1 })) })).toEqual({
      problems: [],
    });
    for (const cell of cells) expect(await session.runCell({ ...cell, cells })).toEqual({ status: 'done' });
    expect(table('t1999').get('x', 2)).toBe(2001);
  },
  GENEROUS_MS,
);
