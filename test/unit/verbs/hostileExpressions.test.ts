/** Expressions that try to leave the table, where a notebook writes them: after `where` and after `derive`. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSession, type Session } from '../../../src/kernel/session/session.ts';
import { temporaryFolder } from '../ct/helpers.ts';

/** What leads from a value, or from nothing, to the computer. */
const WAYS = [
  ...['constructor', '__proto__', 'prototype', '__defineGetter__', '__lookupGetter__', 'hasOwnProperty', 'toString'],
  ...['globalThis', 'global', 'window', 'self', 'process', 'require', 'module', 'exports', '__dirname'],
  ...['Function', 'AsyncFunction', 'eval', 'Reflect', 'Proxy', 'Symbol', 'Object', 'WebAssembly', 'Worker', 'fetch'],
] as const;
const FORMS: readonly ((way: string) => string)[] = [
  (way) => `${way}("globalThis.reached = true")`,
  (way) => `patient.${way}`,
  (way) => `patient["${way}"]("globalThis.reached = true")()`,
  (way) => `mean.${way}("globalThis.reached = true")()`,
  (way) => `op.${way}("x")`,
];
const OTHERS = [
  'import("node:fs")',
  '(() => { globalThis.reached = true })()',
  'function () { return process }()',
  'patient => process',
  'new Date()["constructor"]["constructor"]("globalThis.reached = true")()',
  '`text`',
  'globalThis.reached = true',
  'percent = 1',
  'percent++',
  'delete percent',
  'void 0, process',
  'this',
  'arguments[0]',
  '[...patient]',
  '{ a: 1 }.a',
  '/a/.exec(patient)',
  '\\u0065val("globalThis.reached = true")',
  'ev\\u0061l("globalThis.reached = true")',
  '"a"["con" + "structor"]',
  'percent; process.exit()',
  'percent } + process.exit() + {',
  'percent */ process.exit() /*',
  'async () => await 1',
  'yield percent',
  '$.reached',
];
const ALL = [...new Set([...WAYS.flatMap((way) => FORMS.map((form) => form(way))), ...OTHERS])];

let folder: string;
let session: Session;
beforeAll(async () => {
  folder = temporaryFolder();
  writeFileSync(join(folder, 't.csv'), 'patient,percent\nA,1\nB,2\n');
  session = createSession(
    { notebookFolder: folder, cacheFolder: join(folder, 'c'), modelFolders: [], parameters: {} },
    {},
  );
  expect(await session.runCell({ cellId: 'load', source: 'load "t.csv" as t' })).toEqual({ status: 'done' });
});
afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a notebook', () => {
  it('has more of them than the attack had', () => expect(ALL.length).toBeGreaterThanOrEqual(125));

  it.each(ALL)('is told that it may not compute %s', async (expression) => {
    for (const source of [`filter t where ${expression} as f`, `derive t x = ${expression} as d`]) {
      const { problem } = await session.runCell({ cellId: 'hostile', source });
      expect(problem?.code, source).toBeDefined();
      expect(problem?.code).not.toBe('internal');
    }
    expect('reached' in globalThis).toBe(false);
  });
});
