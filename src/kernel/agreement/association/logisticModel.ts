/** Logistic regression of a yes/no outcome by maximum likelihood (Newton's method), with Wald intervals. */
import { Matrix } from 'ml-matrix';
import { counted } from '../../base/counted.ts';
import { type DesignColumn, standardised } from './design.ts';
import { type FittedModel, notFitted, unfit, waldStatistic } from './fittedModel.ts';
import { CONVERGED, endlessIn, ITERATIONS, inverseOf, type Maximum, maximumAt } from './maximum.ts';

/** Log odds ratios per unit of each column. Undefined with its reason where the columns tell both outcomes apart without error (separation), or are more than the rarer outcome's patients. */
export function logisticModel(
  columns: readonly DesignColumn[],
  yes: readonly boolean[],
  confidence = 0.95,
): FittedModel {
  const n = yes.length;
  const events = yes.filter(Boolean).length;
  const of = { n, events };
  const rarer = Math.min(events, n - events);
  if (rarer === 0) return notFitted(columns, of, `all ${n} patients have the same outcome`);
  if (rarer < columns.length)
    return notFitted(
      columns,
      of,
      `${counted(rarer, 'patient')} with the rarer outcome ${rarer === 1 ? 'is' : 'are'} fewer than the ${columns.length} variables: adjust for fewer`,
    );
  const reason = unfit(columns);
  if (reason) return notFitted(columns, of, reason);
  const { matrix, sds } = standardised(columns);
  const x = new Matrix(n, columns.length + 1);
  for (let i = 0; i < n; i++) x.setRow(i, [1, ...matrix.getRow(i)]);
  const fit = newton(x, yes);
  const endless = endlessIn(fit);
  if (!fit || endless >= 0) return notFitted(columns, of, separated(columns, yes, endless - 1));
  const coefficients = columns.map(({ name }, j) =>
    waldStatistic(name, { value: fit.beta[j + 1]! / sds[j]!, se: fit.ses[j + 1]! / sds[j]!, n }, confidence),
  );
  return { ...of, coefficients, overall: [] };
}

/** Undefined where it does not converge. */
function newton(x: Matrix, yes: readonly boolean[]): Maximum | undefined {
  let beta = new Array<number>(x.columns).fill(0);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const p = x
      .mmul(Matrix.columnVector(beta))
      .to1DArray()
      .map((eta) => 1 / (1 + Math.exp(-eta)));
    const gradient = x.transpose().mmul(Matrix.columnVector(p.map((share, i) => Number(yes[i]) - share)));
    const weighted = x.clone();
    for (let i = 0; i < x.rows; i++) weighted.mulRow(i, p[i]! * (1 - p[i]!));
    const information = x.transpose().mmul(weighted);
    const covariance = inverseOf(information);
    if (!covariance) return undefined;
    const step = covariance.mmul(gradient).to1DArray();
    beta = beta.map((value, j) => value + step[j]!);
    if (step.every((change) => Math.abs(change) < CONVERGED)) return maximumAt(beta, covariance);
  }
  return undefined;
}

function separated(columns: readonly DesignColumn[], yes: readonly boolean[], suspected: number): string {
  const alone = columns.find(({ values }) => separates(values, yes))?.name ?? columns[suspected]?.name;
  const what = alone === undefined ? 'the variables tell' : `${alone} tells`;
  return `${what} both outcomes apart without error (separation), so that no odds ratio has an end: merge groups, or adjust for fewer`;
}

/** Whether a threshold of this column alone does, patients at the threshold apart. */
function separates(values: readonly number[], yes: readonly boolean[]): boolean {
  const [a, b] = [values.filter((_, i) => yes[i]), values.filter((_, i) => !yes[i])];
  return Math.max(...a) <= Math.min(...b) || Math.max(...b) <= Math.min(...a) || oneSided(a, b) || oneSided(b, a);
}

/** A group of 0 and 1 in which everybody has the same outcome. */
function oneSided(a: readonly number[], b: readonly number[]): boolean {
  const isGroup = [...a, ...b].every((value) => value === 0 || value === 1);
  return isGroup && [0, 1].some((group) => a.includes(group) && !b.includes(group));
}
