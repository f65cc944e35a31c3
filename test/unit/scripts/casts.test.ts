import { describe, expect, it } from 'vitest';
import { castsWithoutReason } from '../../../scripts/lib/casts.ts';

describe('the check of casts', () => {
  it.each([
    ['a cast', 'const a = b as string;', [1]],
    ['two in one', 'const a =\n  b as unknown as string;', [2, 2]],
    ['one within JSX', 'const a = <p>{(b as { c: string }).c}</p>;', [1]],
    ['one whose reason is too far away', '// SAFETY: it holds.\n\n\n\n\nconst a = b as string;', [6]],
  ])('finds %s', (_, source, lines) => {
    expect(castsWithoutReason(source, 'tsx')).toEqual(lines);
  });

  it.each([
    ['a cast with its reason', '// SAFETY: it holds.\nconst a = b as string;'],
    ['one at the end of a long expression', '// SAFETY: it holds.\nconst a = b(\n  1,\n  2,\n  3,\n  4,\n) as string;'],
    ['constants', 'const a = [1, 2] as const;'],
    ['names of imports', "import { a as b } from 'c';\nexport { b as d };"],
    ['a word of a text', "const a = 'load as b';"],
  ])('passes over %s', (_, source) => {
    expect(castsWithoutReason(source, 'ts')).toEqual([]);
  });
});
