/** Does the difference grow with the size of what is measured? Regression of the difference on the mean (Bland & Altman, Stat Methods Med Res 1999). */
import { isConstant } from '../correlation/correlation.ts';
import { undefinedBecause } from '../estimate.ts';
import type { Times } from '../times.ts';
import { type LeastSquares, leastSquares } from './leastSquares.ts';

/**
 * Slope: change of left − right per unit of their mean, 0 is none; intercept: expected difference at a mean of 0, in the
 * readings' unit. Undefined with its reason for n < 3 or where all means are the same; without p where all differences
 * are.
 */
export function proportionalBias(
  left: readonly number[],
  right: readonly number[],
  confidence = 0.95,
  times?: Times,
): LeastSquares {
  const means = left.map((value, i) => (value + right[i]!) / 2);
  const differences = left.map((value, i) => value - right[i]!);
  const line = leastSquares(means, differences, confidence, times);
  return isConstant(differences) && 'value' in line.slope.value
    ? { ...line, p: undefinedBecause('all differences are the same'), test: undefined }
    : line;
}
