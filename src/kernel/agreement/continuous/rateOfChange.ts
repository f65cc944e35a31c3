/** How fast a value of one patient changes, by the line of least squares through all visits. */
import { defined, type Estimate, undefinedBecause } from '../estimate.ts';
import { leastSquares } from './leastSquares.ts';

export interface RateOfChange {
  /** Units of the value per unit of time. */
  readonly slope: number;
  /** Undefined with fewer than 3 visits, through which no line can miss. */
  readonly se: Estimate;
}

/** `times` in any unit, a value at each; undefined where there are no two different times. */
export function rateOfChange(times: readonly number[], values: readonly number[]): RateOfChange | undefined {
  const n = times.length;
  const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / n;
  const [meanTime, meanValue] = [mean(times), mean(values)];
  const squares = times.reduce((sum, time) => sum + (time - meanTime) ** 2, 0);
  if (n < 2 || squares === 0) return undefined;
  const slope = times.reduce((sum, time, i) => sum + (time - meanTime) * (values[i]! - meanValue), 0) / squares;
  const { se } =
    n < 3 ? { se: undefinedBecause('a line through two visits has no error') } : leastSquares(times, values).slope;
  return { slope, se: 'value' in se ? defined(se.value) : se };
}
