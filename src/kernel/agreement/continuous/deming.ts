/** Deming regression: a line between two readings that both have errors (Deming 1943), with intervals by the jackknife (Linnet, Clin Chem 1993). */
import { isConstant } from '../correlation/correlation.ts';
import { defined, noInterval, undefinedBecause } from '../estimate.ts';
import { jackknife } from '../resampling/jackknife.ts';
import { tInterval } from '../tInterval.ts';
import type { MethodComparison } from './methodComparison.ts';

interface Sums {
  readonly n: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly yy: number;
  readonly xy: number;
}

/**
 * right = intercept + slope·left, where `errorRatio` is the error variance of right over that of left (1 unless known):
 * with δ that ratio, slope = (S_yy − δS_xx + √((S_yy − δS_xx)² + 4δS_xy²))/(2S_xy). Intervals are ± t(n − 2)·SE of
 * the jackknife. Undefined with its reason for n < 3, a constant side or a covariance of 0.
 */
export function deming(
  left: readonly number[],
  right: readonly number[],
  errorRatio = 1,
  confidence = 0.95,
): MethodComparison {
  const n = left.length;
  const reason =
    n < 3
      ? 'a regression needs at least 3 pairs'
      : isConstant(left) || isConstant(right)
        ? 'all values of one side are the same'
        : undefined;
  if (reason) return none(reason);
  // Near their means, so that sums without a pair lose no digits.
  const [x, y] = [centred(left), centred(right)];
  const all = x.values.reduce<Sums>((sums, value, i) => withPair(sums, value, y.values[i]!, 1), NOTHING);
  const line = lineOf(all, errorRatio);
  if (!line) return none('both sides vary independently, so no line is nearer than others');
  const without = x.values.map((value, i) => lineOf(withPair(all, value, y.values[i]!, -1), errorRatio));
  const back = (intercept: number, slope: number) => y.mean + intercept - slope * x.mean;
  const intercept = back(line.intercept, line.slope);
  const ofIntercept = without.map((other) => other && back(other.intercept, other.slope));
  return {
    intercept: coefficient(intercept, ofIntercept, n, confidence),
    slope: coefficient(
      line.slope,
      without.map((other) => other?.slope),
      n,
      confidence,
    ),
  };
}

function coefficient(value: number, without: readonly (number | undefined)[], n: number, confidence: number) {
  const { se } = jackknife(value, without);
  if ('undefinedBecause' in se) return { value: defined(value), ...noInterval(se.undefinedBecause) };
  return { value: defined(value), se, ...tInterval(value, se.value, { degreesOfFreedom: n - 2, confidence }) };
}

const NOTHING: Sums = { n: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0 };

function centred(values: readonly number[]): { mean: number; values: number[] } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, values: values.map((value) => value - mean) };
}

/** With one pair more, or less by a sign of −1. */
function withPair(sums: Sums, x: number, y: number, sign: 1 | -1): Sums {
  return {
    n: sums.n + sign,
    x: sums.x + sign * x,
    y: sums.y + sign * y,
    xx: sums.xx + sign * x * x,
    yy: sums.yy + sign * y * y,
    xy: sums.xy + sign * x * y,
  };
}

function lineOf({ n, x, y, xx, yy, xy }: Sums, errorRatio: number): { slope: number; intercept: number } | undefined {
  const [sxx, syy, sxy] = [xx - (x * x) / n, yy - (y * y) / n, xy - (x * y) / n];
  if (Math.abs(sxy) <= 1e-12 * Math.sqrt(Math.max(0, sxx * syy)) || sxx <= 0 || syy <= 0) return undefined;
  const excess = syy - errorRatio * sxx;
  const slope = (excess + Math.hypot(excess, 2 * Math.sqrt(errorRatio) * sxy)) / (2 * sxy);
  return { slope, intercept: (y - slope * x) / n };
}

function none(reason: string): MethodComparison {
  const nothing = { value: undefinedBecause(reason), ...noInterval(reason) };
  return { intercept: nothing, slope: nothing };
}
