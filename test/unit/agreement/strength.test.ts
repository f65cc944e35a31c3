/** The words for coefficients change exactly where the papers say. */
import { expect, it } from 'vitest';
import { strengthOfKappa, strengthOfRho } from '../../../src/kernel/agreement/strength.ts';

/** The least step that a number near 1 can make. */
const STEP = 1e-9;

it.each([
  [0, 'weak'],
  [0.4 - STEP, 'weak'],
  [0.4, 'moderate'],
  [0.6 - STEP, 'moderate'],
  [0.6, 'strong'],
  [0.8 - STEP, 'strong'],
  [0.8, 'very strong'],
  [1, 'very strong'],
])('a ρ of %s, or its negative, is %s', (rho, word) => {
  expect([strengthOfRho(rho), strengthOfRho(-rho)]).toEqual([word, rho === 0 ? word : `${word} negative`]);
});

it.each([
  [-1, 'poor'],
  [-STEP, 'poor'],
  [0, 'slight'],
  [0.2, 'slight'],
  [0.2 + STEP, 'fair'],
  [0.4, 'fair'],
  [0.4 + STEP, 'moderate'],
  [0.6, 'moderate'],
  [0.6 + STEP, 'substantial'],
  [0.8, 'substantial'],
  [0.8 + STEP, 'almost perfect'],
  [1, 'almost perfect'],
])('a κ of %s is %s', (kappa, word) => {
  expect(strengthOfKappa(kappa)).toBe(word);
});
