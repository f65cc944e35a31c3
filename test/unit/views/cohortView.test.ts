/** What was found beside a cohort and not used. */
import { expect, it } from 'vitest';
import { unusedRemarks } from '../../../src/kernel/views/cohortView.ts';

it.each([
  [50, undefined],
  [51, '… and 1 more problem.'],
  [70, '… and 20 more problems.'],
])('of %i problems 50 are shown, and the others counted', (count, last) => {
  const problems = Array.from({ length: count }, (_, n) => ({
    severity: 'warning' as const,
    code: 'no-ct' as const,
    message: `${n}`,
  }));
  const texts = unusedRemarks({ patients: [], problems }).map(({ message }) => message);
  expect(texts.slice(0, 50)).toEqual(problems.slice(0, 50).map(({ message }) => message));
  expect(texts[50]).toBe(last);
});
