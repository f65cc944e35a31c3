/** How far repeated readings of one patient scatter: within-patient SD, repeatability coefficient, smallest detectable change (Bland & Altman 1999; de Vet et al., J Clin Epidemiol 2006). */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { defined, type Estimate, type Interval, interval, noInterval, undefinedBecause } from '../estimate.ts';
import type { Times } from '../times.ts';
import { meanSquareQuantile } from './chiSquare.ts';
import { meanSquares } from './meanSquares.ts';

export interface SpreadEstimate extends Interval {
  /** In the readings' unit. */
  readonly value: Estimate;
  /** Of the mean square below it. */
  readonly degreesOfFreedom?: number;
}

export interface Repeatability {
  /**
   * √(mean square within patients): everything that differs between readings counts, systematic differences too. It
   * is also the standard error of measurement for agreement, √(σ² of readers + σ² residual).
   */
  readonly withinPatientSd: SpreadEstimate;
  /** 1.96·√2·SD: two readings of an unchanged patient differ by less in 95 %. */
  readonly repeatabilityCoefficient: SpreadEstimate;
  /** √(residual mean square): the standard error of measurement once systematic differences are taken out (consistency). */
  readonly residualSd: SpreadEstimate;
  /** 1.96·√2·that: a larger change within a patient is beyond measurement error, where the difference between readings is known. */
  readonly smallestDetectableChange: SpreadEstimate;
}

/**
 * Complete readings, [patient][reading], in any unit. Intervals by χ² with n(k − 1) and (n − 1)(k − 1) degrees of
 * freedom. Undefined for fewer than 2 patients or readings; without an interval where readings never differ.
 */
export function repeatability(
  readings: readonly (readonly number[])[],
  confidence = 0.95,
  times?: Times,
): Repeatability {
  const squares = meanSquares(readings, times);
  if (!squares) {
    const reason = 'repeatability needs at least 2 patients with 2 readings each';
    const none = { value: undefinedBecause(reason), ...noInterval(reason) };
    return { withinPatientSd: none, repeatabilityCoefficient: none, residualSd: none, smallestDetectableChange: none };
  }
  const { patients: n, readers: k, within, residual } = squares;
  const ofTwo = normalQuantile(0.975, 0, 1) * Math.SQRT2;
  const spread = (square: number, degreesOfFreedom: number, factor: number): SpreadEstimate => {
    const sd = Math.sqrt(square);
    const end = (probability: number) => (factor * sd) / Math.sqrt(meanSquareQuantile(probability, degreesOfFreedom));
    return {
      value: defined(factor * sd),
      degreesOfFreedom,
      ...(sd === 0
        ? noInterval('the readings of a patient never differ')
        : interval(end(0.5 + confidence / 2), end(0.5 - confidence / 2))),
    };
  };
  return {
    withinPatientSd: spread(within, n * (k - 1), 1),
    repeatabilityCoefficient: spread(within, n * (k - 1), ofTwo),
    residualSd: spread(residual, (n - 1) * (k - 1), 1),
    smallestDetectableChange: spread(residual, (n - 1) * (k - 1), ofTwo),
  };
}
