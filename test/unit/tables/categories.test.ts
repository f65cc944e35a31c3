/** The scale of visual scores: 0 none, 1 below 25 %, 2 below 50 %, 3 below 75 %, 4 the rest (docs/reference.md, `score`). */
import { expect, it } from 'vitest';
import { categoryOf, DEFAULT_CUT_POINTS } from '../../../src/kernel/tables/categories.ts';

it.each([
  [0, 0],
  [0.99, 0],
  [1, 1],
  [24.99, 1],
  [25, 2],
  [49.99, 2],
  [50, 3],
  [74.99, 3],
  [75, 4],
  [100, 4],
])('%s %% are the score %i', (percent, score) => expect(categoryOf(percent, DEFAULT_CUT_POINTS)).toBe(score));
