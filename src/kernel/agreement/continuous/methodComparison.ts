/** A straight line between two readings: right = intercept + slope·left. */
import type { Estimate, Interval } from '../estimate.ts';

export interface LineCoefficient extends Interval {
  readonly value: Estimate;
  /** None of a line by ranks. */
  readonly se?: Estimate;
}

export interface MethodComparison {
  /** In the readings' unit; 0 is no constant difference. */
  readonly intercept: LineCoefficient;
  /** 1 is no proportional difference. */
  readonly slope: LineCoefficient;
}
