/** How far groups lie apart in units of their spread, whatever their size: standardised differences of means (Cohen 1988; Austin, Stat Med 2009) and of categories (Yang & Dalton, SAS Global Forum 2012). Of several groups, the largest of all pairs. */
import { Matrix, pseudoInverse } from 'ml-matrix';
import { defined, type Estimate, undefinedBecause, valueIn } from '../estimate.ts';
import { mean, variance } from './moments.ts';

/** |mean₁ − mean₂| / √((s₁² + s₂²)/2). */
export function differenceOfNumbers(groups: readonly (readonly number[])[]): Estimate {
  return largest(groups, (a, b) => {
    if (a.length < 2 || b.length < 2) return undefinedBecause('a group has fewer than two patients');
    const spread = Math.sqrt((variance(a) + variance(b)) / 2);
    const distance = Math.abs(mean(a) - mean(b));
    if (spread === 0)
      return distance === 0 ? defined(0) : undefinedBecause('two groups have the same value throughout');
    return defined(distance / spread);
  });
}

/** √(dᵀ S⁻¹ d) with d the differences of the shares but the first, and S their mean multinomial covariance. `counts`: a row per group, a column per category. */
export function differenceOfCategories(counts: readonly (readonly number[])[]): Estimate {
  return largest(counts, (a, b) => {
    const [p, q] = [sharesOf(a), sharesOf(b)];
    if (!p || !q) return undefinedBecause('a group has nobody');
    const d = Matrix.columnVector(p.map((share, k) => share - q[k]!).slice(1));
    const covariance = new Matrix(
      d.to1DArray().map((_, k) =>
        d.to1DArray().map((__, l) => {
          const [pk, pl, qk, ql] = [p[k + 1]!, p[l + 1]!, q[k + 1]!, q[l + 1]!];
          return k === l ? (pk * (1 - pk) + qk * (1 - qk)) / 2 : -(pk * pl + qk * ql) / 2;
        }),
      ),
    );
    const squared = d.transpose().mmul(pseudoInverse(covariance)).mmul(d).get(0, 0);
    if (squared < 1e-18 && d.norm() > 1e-9) return undefinedBecause('two groups have no category in common');
    return defined(Math.sqrt(Math.max(0, squared)));
  });
}

function largest<T>(groups: readonly T[], between: (a: T, b: T) => Estimate): Estimate {
  const pairs = groups.flatMap((a, i) => groups.slice(i + 1).map((b) => between(a, b)));
  const known = pairs.flatMap((pair) => valueIn(pair) ?? []);
  if (known.length) return defined(Math.max(...known));
  return pairs[0] ?? undefinedBecause('there is one group alone');
}

function sharesOf(counts: readonly number[]): number[] | undefined {
  const n = counts.reduce((a, b) => a + b, 0);
  return n ? counts.map((count) => count / n) : undefined;
}
