/** Coefficients of several readers by name, with their tests, as they stand in long tables. */
import type { Readings } from '../completeCases.ts';
import { defined, type Estimate, type Test, valueIn } from '../estimate.ts';
import type { BootstrapPlan } from '../resampling/bootstrap.ts';
import type { NamedStatistic } from '../statisticRow.ts';
import type { ReaderCoefficient, ReaderCoefficients } from './chanceCorrected.ts';
import type { FleissKappa } from './fleiss.ts';
import { krippendorffAlpha, krippendorffInterval, type MeasurementLevel } from './krippendorff.ts';

/** `weights` is none, linear, quadratic, or the name of a table. */
export function coefficientStatistics(of: ReaderCoefficients, weights: string): NamedStatistic[] {
  const isWeighted = weights !== 'none';
  const weighted = isWeighted ? `, ${weights} weights` : '';
  const row = (name: string, { value, se, p, ...interval }: ReaderCoefficient): NamedStatistic => ({
    name: `${name}${weighted}`,
    n: of.patients,
    value,
    se,
    interval,
    by: 't, Gwet 2014',
    ...(p && { p, test: tOf(value, se, of.patients) }),
  });
  return [
    row('agreement of two readers (0–1)', of.percentAgreement),
    row(isWeighted ? 'Gwet’s AC2' : 'Gwet’s AC1', of.gwet),
    row('Brennan–Prediger', of.brennanPrediger),
    row('Fleiss’ κ, all readings', of.fleiss),
    row('Conger’s κ', of.conger),
  ];
}

function tOf(value: Estimate, se: Estimate, patients: number): Test {
  const ratio = quotient(value, se);
  return { name: 't', ...(ratio && { value: ratio }), degreesOfFreedom: [patients - 1] };
}

/** Fleiss' κ with its test, of its standard error under κ = 0. */
export function fleissStatistic(name: string, { kappa, se, seNull, p, ...interval }: FleissKappa): NamedStatistic {
  const ratio = quotient(kappa, seNull);
  return {
    name,
    value: kappa,
    se,
    interval,
    by: 't, Gwet 2021',
    p,
    test: { name: 'z', ...(ratio && { value: ratio }) },
  };
}

function quotient(value: Estimate, se: Estimate): Estimate | undefined {
  const [above, below] = [valueIn(value), valueIn(se)];
  return above !== undefined && below ? defined(above / below) : undefined;
}

/** Krippendorff's α with its bootstrap interval; readings are [patient][reader]. */
export function krippendorffStatistic(
  readings: Readings,
  level: MeasurementLevel,
  plan: BootstrapPlan,
  remark?: string,
): NamedStatistic {
  const { alpha, patients } = krippendorffAlpha(readings, level);
  const interval = krippendorffInterval(readings, level, plan);
  return {
    name: `Krippendorff’s α, ${level}`,
    n: patients,
    value: alpha,
    se: interval.se,
    interval,
    by: `percentile bootstrap, ${plan.repetitions} samples of patients, seed ${plan.seed}`,
    remark,
  };
}
