/** Linear regression by least squares, with standard errors that do not need equal variances: HC3 of MacKinnon & White (J Econometrics 1985), as Long & Ervin (Am Stat 2000) advise below 250 cases. */

import fCdf from '@stdlib/stats-base-dists-f-cdf';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { Matrix, QrDecomposition, solve } from 'ml-matrix';
import { counted } from '../../base/counted.ts';
import { isConstant } from '../correlation/correlation.ts';
import { defined, interval } from '../estimate.ts';
import type { NamedStatistic } from '../statisticRow.ts';
import type { DesignColumn } from './design.ts';
import { type FittedModel, notFitted, unfit } from './fittedModel.ts';

/** A leverage this close to 1 is that of a patient who alone decides a coefficient. */
const FULL_LEVERAGE = 1 - 1e-9;

/** `y` on the columns and an intercept; intervals and p by t with n − columns − 1 degrees of freedom. */
export function linearModel(columns: readonly DesignColumn[], y: readonly number[], confidence = 0.95): FittedModel {
  const n = y.length;
  const df = n - columns.length - 1;
  const reason =
    df < 1 ? tooFew(n, columns.length) : isConstant(y) ? 'the outcome is the same for all' : unfit(columns);
  if (reason) return notFitted(columns, { n }, reason);
  const x = new Matrix(y.map((_, i) => [1, ...columns.map(({ values }) => values[i]!)]));
  const qr = new QrDecomposition(x);
  const beta = qr.solve(Matrix.columnVector([...y])).to1DArray();
  const inverse = solve(qr.upperTriangularMatrix, Matrix.eye(x.columns));
  const bread = inverse.mmul(inverse.transpose());
  const residuals = y.map((value, i) => value - dot(x.getRow(i), beta));
  const leverage = y.map((_, i) => dot(x.getRow(i), bread.mmul(Matrix.columnVector(x.getRow(i))).to1DArray()));
  const alone = leverage.some((h) => h > FULL_LEVERAGE);
  if (alone)
    return notFitted(
      columns,
      { n },
      'a single patient alone decides a coefficient, such as the only one of a group: merge groups, or leave the variable out',
    );
  const squares = residuals.reduce((sum, e) => sum + e * e, 0);
  const mean = y.reduce((a, b) => a + b, 0) / n;
  const total = y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  if (squares <= 1e-24 * total) return notFitted(columns, { n }, 'every point lies on the line');
  const meat = new Matrix(x.columns, x.columns);
  for (let i = 0; i < n; i++) {
    const row = Matrix.columnVector(x.getRow(i));
    meat.add(row.mmul(row.transpose()).mul((residuals[i]! / (1 - leverage[i]!)) ** 2));
  }
  const covariance = bread.mmul(meat).mmul(bread);
  const t = tQuantile(0.5 + confidence / 2, df);
  const coefficients = ['intercept', ...columns.map(({ name }) => name)].map((name, j): NamedStatistic => {
    const [value, se] = [beta[j]!, Math.sqrt(covariance.get(j, j))];
    return {
      name,
      n,
      value: defined(value),
      se: defined(se),
      interval: interval(value - t * se, value + t * se),
      by: 't, HC3',
      p: defined(2 * tCdf(-Math.abs(value / se), df)),
      test: { name: 't', value: defined(value / se), degreesOfFreedom: [df] },
    };
  });
  return { n, coefficients: coefficients.slice(1), overall: [coefficients[0]!, ...explained(squares, total, n, df)] };
}

/** R², the same adjusted, and the usual F of the whole model. */
function explained(squares: number, total: number, n: number, df: number): NamedStatistic[] {
  const r2 = 1 - squares / total;
  const above = n - 1 - df;
  const f = r2 / above / ((1 - r2) / df);
  return [
    {
      name: 'R²',
      n,
      value: defined(r2),
      p: defined(1 - fCdf(f, above, df)),
      test: { name: 'F', value: defined(f), degreesOfFreedom: [above, df] },
    },
    { name: 'adjusted R²', n, value: defined(1 - ((1 - r2) * (n - 1)) / df) },
  ];
}

function tooFew(n: number, variables: number): string {
  return `${counted(n, 'patient')} ${n === 1 ? 'is' : 'are'} too few for ${counted(variables, 'variable')}: adjust for fewer`;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, j) => sum + value * b[j]!, 0);
}
