/** The codes of remarks: one list, whose every entry is said somewhere. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { info } from '../../../src/kernel/base/remarks.ts';
import { UserError } from '../../../src/kernel/base/userError.ts';
import { VERBS } from '../../../src/kernel/verbs/index.ts';
import { REMARK_CODES } from '../../../src/protocol/remarkCodes.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const codes = Object.keys(REMARK_CODES);

/** Texts where code says one: an argument, a field `code`, a branch, or a table of codes; not a `kind` or a `case`. */
const SAID = /(?:\(|^|\bcode:|\?|(?<!\b(?:kind|type|severity|task|noun)):)\s*'([a-z][a-z-]*)'/gm;

function saidIn(file: string): string[] {
  return [...readFileSync(join(PROJECT, file), 'utf8').matchAll(SAID)].map(([, code]) => code!);
}

describe('the list of codes', () => {
  it('holds none that nothing says', () => {
    const files = globSync('src/**/*.{ts,tsx}', { cwd: PROJECT }).filter((file) => !file.endsWith('remarkCodes.ts'));
    const said = new Set(files.flatMap(saidIn));
    expect(codes.filter((code) => !said.has(code))).toEqual([]);
  });

  it('has a meaning of one line for each', () => {
    const long = Object.entries(REMARK_CODES).filter(([, meaning]) => !/^[^\n]{5,100}[^.\s]$/.test(meaning));
    expect(long).toEqual([]);
    expect(new Set(Object.values(REMARK_CODES)).size).toBe(codes.length);
  });

  it('has those that examples and the reference page name', () => {
    const documented = [
      ...[...VERBS.values()].flatMap(({ documentation, examples }) => [documentation, ...examples]),
      readFileSync(join(PROJECT, 'docs/reference.md'), 'utf8'),
    ].flatMap((text) =>
      [...text.matchAll(/\bflagged ((?:"[^"]*"(?:, )?)+)/g)].flatMap(([, list]) => list!.match(/[\w-]+/g)!),
    );
    expect(documented).not.toEqual([]);
    expect(documented.filter((code) => !codes.includes(code))).toEqual([]);
  });

  it('is what a remark and an error can have, and a misspelt one does not compile', () => {
    expect(info('left-out', '').code).toBe('left-out');
    // @ts-expect-error: no such code
    expect(info('left-uot', '').code).toBe('left-uot');
    // @ts-expect-error: no such code
    expect(new UserError('unknwon-name', '').code).toBe('unknwon-name');
  });
});
