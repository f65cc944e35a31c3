/** Cox's proportional hazards regression (J R Stat Soc B 1972), ties after Efron (JASA 1977), with Wald intervals; Harrell's concordance. */
import { Matrix } from 'ml-matrix';
import { counted } from '../../base/counted.ts';
import { defined, undefinedBecause } from '../estimate.ts';
import { type DesignColumn, standardised } from './design.ts';
import { type FittedModel, notFitted, unfit, waldStatistic } from './fittedModel.ts';
import { CONVERGED, endlessIn, ITERATIONS, inverseOf, type Maximum, maximumAt } from './maximum.ts';
import { partialLikelihood, type Survival } from './partialLikelihood.ts';
import { proportionalHazards } from './proportionalHazards.ts';

/** Log hazard ratios per unit of each column. Times are not negative. */
export function coxModel(
  columns: readonly DesignColumn[],
  survival: readonly Survival[],
  confidence = 0.95,
): FittedModel {
  const n = survival.length;
  const events = survival.filter(({ event }) => event).length;
  const of = { n, events };
  if (events === 0) return notFitted(columns, of, `none of ${n} patients had the event`);
  if (events < columns.length)
    return notFitted(
      columns,
      of,
      `${counted(events, 'event')} ${events === 1 ? 'is' : 'are'} fewer than the ${columns.length} variables: adjust for fewer`,
    );
  const reason = unfit(columns);
  if (reason) return notFitted(columns, of, reason);
  const { matrix, sds } = standardised(columns);
  const fit = newton(matrix, survival);
  const endless = endlessIn(fit);
  if (!fit || endless >= 0) {
    const what = endless >= 0 ? columns[endless]!.name : 'a variable';
    return notFitted(
      columns,
      of,
      `all or no events lie on one side of ${what}, so that no hazard ratio has an end: merge groups, or adjust for fewer`,
    );
  }
  const score = matrix.mmul(Matrix.columnVector(fit.beta)).to1DArray();
  return {
    ...of,
    coefficients: columns.map(({ name }, j) =>
      waldStatistic(name, { value: fit.beta[j]! / sds[j]!, se: fit.ses[j]! / sds[j]!, n }, confidence),
    ),
    overall: [
      { name: 'Harrell’s C', n, value: concordance(score, survival) },
      ...proportionalHazards(columns, matrix, survival, fit.beta),
    ],
  };
}

/** Newton's method on Efron's partial likelihood, with steps halved where they lower it; undefined where it does not converge. */
function newton(x: Matrix, survival: readonly Survival[]): Maximum | undefined {
  let beta = new Array<number>(x.columns).fill(0);
  let at = partialLikelihood(x, survival, beta);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const covariance = inverseOf(at.information);
    if (!covariance) return undefined;
    let step = covariance.mmul(Matrix.columnVector(at.gradient)).to1DArray();
    if (step.every((change) => Math.abs(change) < CONVERGED)) return maximumAt(beta, covariance);
    let next = partialLikelihood(x, survival, moved(beta, step));
    for (let halving = 0; halving < 10 && !(next.logLikelihood >= at.logLikelihood - 1e-9); halving++) {
      step = step.map((change) => change / 2);
      next = partialLikelihood(x, survival, moved(beta, step));
    }
    beta = moved(beta, step);
    at = next;
  }
  return undefined;
}

function moved(beta: readonly number[], step: readonly number[]): number[] {
  return beta.map((value, j) => value + step[j]!);
}

/** The share of pairs, one of whom is known to have had the event first, in which that one has the higher score; equal scores count half (Harrell et al., JAMA 1982). */
function concordance(score: readonly number[], survival: readonly Survival[]) {
  let [right, pairs] = [0, 0];
  for (const [i, first] of survival.entries()) {
    if (!first.event) continue;
    for (const [j, second] of survival.entries()) {
      if (i === j || second.time < first.time || (second.time === first.time && second.event)) continue;
      pairs++;
      right += score[i]! > score[j]! ? 1 : score[i] === score[j] ? 0.5 : 0;
    }
  }
  return pairs ? defined(right / pairs) : undefinedBecause('no two patients can be put in order');
}
