/** Cox's proportional hazards regression (J R Stat Soc B 1972), ties after Efron (JASA 1977), with Wald intervals; Harrell's concordance. */
import { Matrix } from 'ml-matrix';
import { counted } from '../../base/counted.ts';
import { defined, undefinedBecause } from '../estimate.ts';
import { type DesignColumn, standardised } from './design.ts';
import { type FittedModel, notFitted, unfit, waldStatistic } from './fittedModel.ts';
import { inverseOf } from './logisticModel.ts';

/** How long somebody was followed, and whether that ended with the event. */
export interface Survival {
  readonly time: number;
  readonly event: boolean;
}

const ITERATIONS = 50;
const CONVERGED = 1e-10;
const ENDLESS = 30;

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
  const endless = fit?.ses.findIndex((se) => !(se < ENDLESS)) ?? -1;
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
    overall: [{ name: 'Harrell’s C', n, value: concordance(score, survival) }],
  };
}

/** Newton's method on Efron's partial likelihood, with steps halved where they lower it; undefined where it does not converge. */
function newton(x: Matrix, survival: readonly Survival[]): { beta: number[]; ses: number[] } | undefined {
  // From the longest time back, so that whoever is still at risk has been seen.
  const order = survival.map((_, i) => i).sort((a, b) => survival[b]!.time - survival[a]!.time);
  let beta = new Array<number>(x.columns).fill(0);
  let at = partialLikelihood(x, survival, order, beta);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const covariance = inverseOf(at.information);
    if (!covariance) return undefined;
    let step = covariance.mmul(Matrix.columnVector(at.gradient)).to1DArray();
    if (step.every((change) => Math.abs(change) < CONVERGED))
      return { beta, ses: beta.map((_, j) => Math.sqrt(covariance.get(j, j))) };
    let next = partialLikelihood(x, survival, order, moved(beta, step));
    for (let halving = 0; halving < 10 && !(next.logLikelihood >= at.logLikelihood - 1e-9); halving++) {
      step = step.map((change) => change / 2);
      next = partialLikelihood(x, survival, order, moved(beta, step));
    }
    beta = moved(beta, step);
    at = next;
  }
  return undefined;
}

function moved(beta: readonly number[], step: readonly number[]): number[] {
  return beta.map((value, j) => value + step[j]!);
}

/** Sums over patients of exp(xβ), of x·exp(xβ), and of x·xᵀ·exp(xβ) row by row. */
interface Sums {
  weight: number;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

function emptySums(columns: number): Sums {
  return { weight: 0, first: new Float64Array(columns), second: new Float64Array(columns * columns) };
}

function partialLikelihood(
  x: Matrix,
  survival: readonly Survival[],
  order: readonly number[],
  beta: readonly number[],
): { logLikelihood: number; gradient: number[]; information: Matrix } {
  const columns = x.columns;
  const rows = x.to2DArray();
  const scores = rows.map((row) => row.reduce((sum, value, j) => sum + value * beta[j]!, 0));
  const atRisk = emptySums(columns);
  const gradient = new Array<number>(columns).fill(0);
  const information = new Float64Array(columns * columns);
  let logLikelihood = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    const { time } = survival[order[from]!]!;
    const dying = emptySums(columns);
    let deaths = 0;
    for (; to < order.length && survival[order[to]!]!.time === time; to++) {
      const i = order[to]!;
      addTo(atRisk, rows[i]!, Math.exp(scores[i]!));
      if (!survival[i]!.event) continue;
      addTo(dying, rows[i]!, Math.exp(scores[i]!));
      for (let j = 0; j < columns; j++) gradient[j]! += rows[i]![j]!;
      logLikelihood += scores[i]!;
      deaths++;
    }
    for (let death = 0; death < deaths; death++)
      logLikelihood -= die(death / deaths, { atRisk, dying, gradient, information });
    from = to;
  }
  return { logLikelihood, gradient, information: Matrix.from1DArray(columns, columns, information) };
}

/** One death: of those who die at one time, each in turn is taken to be partly `gone` when the next one dies. Gives the logarithm of the weight at risk. */
function die(
  gone: number,
  {
    atRisk,
    dying,
    gradient,
    information,
  }: { readonly atRisk: Sums; readonly dying: Sums; readonly gradient: number[]; readonly information: Float64Array },
): number {
  const columns = gradient.length;
  const weight = atRisk.weight - gone * dying.weight;
  const mean = (j: number) => (atRisk.first[j]! - gone * dying.first[j]!) / weight;
  for (let j = 0; j < columns; j++) {
    gradient[j]! -= mean(j);
    for (let k = 0; k < columns; k++) {
      const square = (atRisk.second[j * columns + k]! - gone * dying.second[j * columns + k]!) / weight;
      information[j * columns + k]! += square - mean(j) * mean(k);
    }
  }
  return Math.log(weight);
}

function addTo(sums: Sums, row: readonly number[], weight: number): void {
  sums.weight += weight;
  for (const [j, value] of row.entries()) {
    sums.first[j]! += weight * value;
    for (const [k, other] of row.entries()) sums.second[j * row.length + k]! += weight * value * other;
  }
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
