/** Where a class is so rare that κ hangs on single patients: in fewer than three, on either side (RARE in src/kernel/values/remarks.ts). */
import { expect, it } from 'vitest';
import type { AgreementPairs } from '../../../src/kernel/agreement/agreementTable.ts';
import { remarksOf } from '../../../src/kernel/values/remarks.ts';

/** Ten patients, the class in the first so many of each side. */
const groupOf = (left: number, right: number): AgreementPairs =>
  // SAFETY: a remark counts categories, and asks for no more.
  ({
    region: 'total',
    class: 'ggo',
    pairs: Array.from({ length: 10 }, (_, n) => ({
      leftCategory: n < left ? 1 : 0,
      rightCategory: n < right ? 1 : 0,
    })),
  }) as unknown as AgreementPairs;

it.each([
  [3, 3, []],
  [2, 3, ['2 and 3 of 10 patients']],
  [9, 2, ['9 and 2 of 10 patients']],
  [0, 1, ['0 and 1 of 10 patients']],
  [0, 0, []],
])('%i and %i patients with the class: %j', (left, right, expected) =>
  expect(remarksOf([], [groupOf(left, right)]).map(({ detail }) => detail)).toEqual(expected),
);
