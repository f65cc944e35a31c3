/** The chance-corrected coefficients of several readers by name, as they stand in long tables. */
import type { NamedStatistic } from '../statisticRow.ts';
import type { ReaderCoefficient, ReaderCoefficients } from './chanceCorrected.ts';

/** `weights` is none, linear, quadratic, or the name of a table. */
export function coefficientStatistics(of: ReaderCoefficients, weights: string): NamedStatistic[] {
  const isWeighted = weights !== 'none';
  const weighted = isWeighted ? `, ${weights} weights` : '';
  const row = (name: string, { value, p, ...interval }: ReaderCoefficient): NamedStatistic => ({
    name: `${name}${weighted}`,
    value,
    interval,
    ...(p && { p }),
  });
  return [
    row('agreement of two readers (0–1)', of.percentAgreement),
    row(isWeighted ? 'Gwet’s AC2' : 'Gwet’s AC1', of.gwet),
    row('Brennan–Prediger', of.brennanPrediger),
    row('Fleiss’ κ, all readings', of.fleiss),
    row('Conger’s κ', of.conger),
  ];
}
