/** Every verb meets every name that JavaScript's objects have already: none of them is a bug, and every value comes out right. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { valueJson } from '../../../src/kernel/values/valueJson.ts';
import { startSession, type TestSession } from '../../harness/session.ts';

const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  '__defineGetter__',
  'toJSON',
  'length',
];

let notebook: TestSession;
let cell = 0;
beforeEach(() => {
  notebook = startSession();
});

const file = (name: string, ...lines: string[]) => notebook.put(name, `${lines.join('\n')}\n`);
const run = async (source: string) => {
  const { problem } = await notebook.run(source, `c${cell++}`);
  return problem;
};
const done = async (source: string) => expect([source, await run(source)]).toEqual([source, undefined]);
const rows = (name: string) =>
  (valueJson(notebook.session.names().get(name)!) as { rows: Record<string, unknown>[] }).rows;
const entriesOf = (row: Record<string, unknown>) => Object.entries(row);

it.each(NAMES)('a column called %s keeps its values in every format and expression', async (name) => {
  file('t.csv', `patient,${name}`, 'P1,3', 'P2,7');
  file('t.json', `[{"patient": "P1", "${name}": 3}, {"patient": "P2", "${name}": 7}]`);
  const expected = [
    [
      ['patient', 'P1'],
      [name, 3],
    ],
    [
      ['patient', 'P2'],
      [name, 7],
    ],
  ];
  await done('load "t.csv" as csv');
  await done('load "t.json" as json');
  for (const format of ['csv', 'tsv', 'json', 'parquet', 'arrow']) {
    await done(`export csv to "${format}.${format}"`);
    await done(`load "${format}.${format}" as back_${format}`);
    expect([format, rows(`back_${format}`).map(entriesOf)]).toEqual([format, expected]);
  }
  expect(rows('json').map(entriesOf)).toEqual(expected);
  await done(`filter csv where ${name} > 5 as high`);
  expect(rows('high').map(entriesOf)).toEqual([expected[1]]);
  await done(`derive csv twice = ${name} * 2 as doubled`);
  expect(rows('doubled').map((row) => row.twice)).toEqual([6, 14]);
  await done(`derive csv ${name} = ${name} + 1 as changed`);
  expect(rows('changed').map((row) => Object.entries(row).find(([column]) => column === name)?.[1])).toEqual([4, 8]);
});

it.each(NAMES)('a patient, a reader and a class called %s are told apart from others', async (name) => {
  const patients = [name, 'P1', 'P2', 'P3', 'P4'];
  file(
    't.csv',
    'patient,region,class,percent,reader',
    ...patients.flatMap((patient, n) => [`${patient},total,ggo,${n * 20},${name}`, `${patient},total,ggo,${n * 19},B`]),
  );
  await done('load "t.csv" as t');
  await done(`filter t where reader == "${name}" as a`);
  await done('filter t where reader == "B" as b');
  await done('agree a with b for ggo as ag');
  expect(rows('ag')[0]).toMatchObject({ n: 5, missing: 0, rho: 1 });
  await done('score a at 1, 25, 50, 75 as scored');
  await done('summarise a by region');
  await done('plot ag as bland-altman for ggo');
  await done(`exclude "${name}" from a because "${name}" as kept`);
  expect(rows('kept')).toHaveLength(4);
  await done('flow kept');
});

it.each(NAMES)('a result and a parameter called %s are found again', async (name) => {
  file('t.csv', 'patient,ggo', 'P1,3', 'P2,7');
  await done(`load "t.csv" as ${name}`);
  await done(`describe ${name}`);
  expect(rows(name)).toHaveLength(2);
  await done(`param p${name} = 5 in 0..10 step 1`);
  await done(`filter ${name} where ggo > p${name} as high`);
  expect(rows('high')).toHaveLength(1);
});

it.each(NAMES)('%s where something else is needed is an error of the user', async (name) => {
  file('t.csv', 'patient,ggo', 'P1,3', 'P2,7');
  mkdirSync(join(notebook.folder, name, 'inner'), { recursive: true });
  await done('load "t.csv" as t');
  for (const source of [
    `${name} t`,
    `load "${name}" as x`,
    `describe ${name}x`,
    `agree t with t for ${name}`,
    `agree t with t weights ${name}`,
    `agree t with t by ${name}`,
    `quantify t with "${name}"`,
    `show t "${name}"`,
    `plot t as ${name}`,
    `summarise t by ${name}`,
    `score t at ${name}`,
    `filter t where ${name} > 1`,
    `derive t x = ${name}(ggo)`,
    `exclude "${name}" from t because "x"`,
    `export t to "${name}"`,
    `export t ${name} to "x.csv"`,
    `param x = ${name}`,
    `flow ${name}x`,
  ]) {
    const problem = await run(source);
    expect([source, problem?.code]).not.toEqual([source, 'internal']);
    expect([source, problem?.message ?? 'none']).toEqual([source, expect.not.stringContaining('native code')]);
  }
});

it('what is no date is a missing cell', async () => {
  file('t.csv', 'patient,day', 'P1,x', 'P2,2020-02-03');
  await done('load "t.csv" as t');
  await done('derive t d = parse_date("x") as u');
  expect(rows('u').map(({ d }) => d)).toEqual([null, null]);
});

it('JSON nested without end is refused as a table, and lists in a cell are texts', async () => {
  file('deep.json', `[{"patient": "P1", "a": ${'['.repeat(1e5)}${']'.repeat(1e5)}}]`);
  file('flat.json', '[{"patient": "P1", "a": [1, 2]}]');
  expect(await run('load "deep.json" as deep')).toMatchObject({ code: 'bad-table' });
  await done('load "flat.json" as flat');
  expect(rows('flat')).toEqual([{ patient: 'P1', a: '[1,2]' }]);
});
