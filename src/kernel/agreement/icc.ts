/** Intraclass correlations of Shrout & Fleiss (Psychol Bull 1979) with the F intervals of McGraw & Wong (Psychol Methods 1996). */
import fCdf from '@stdlib/stats-base-dists-f-cdf';
import fQuantile from '@stdlib/stats-base-dists-f-quantile';
import { defined, type Estimate, undefinedBecause } from './estimate.ts';
import { type Interval, interval, undefinedInterval } from './interval.ts';
import { mean } from './moments.ts';

/** (1,·) one-way random, (2,·) two-way random with absolute agreement, (3,·) two-way mixed with consistency; k is the mean of k readers. */
export const ICC_FORMS = ['ICC(1,1)', 'ICC(2,1)', 'ICC(3,1)', 'ICC(1,k)', 'ICC(2,k)', 'ICC(3,k)'] as const;
export type IccForm = (typeof ICC_FORMS)[number];

export interface Icc extends Interval {
  /** Of the F test against 0. */
  readonly p: Estimate;
}

/** All six forms for a complete table [subject][reader] of at least 2 × 2; undefined where nothing varies. */
export function intraclassCorrelations(
  ratings: readonly (readonly number[])[],
  confidence = 0.95,
): Readonly<Record<IccForm, Icc>> {
  const n = ratings.length;
  const k = ratings[0]?.length ?? 0;
  if (n < 2 || k < 2) return all(nothing('an intraclass correlation needs at least 2 subjects and 2 readers'));
  const grand = mean(ratings.flat());
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const total = sum(ratings.flat().map((value) => (value - grand) ** 2));
  const between = k * sum(ratings.map((row) => (mean(row) - grand) ** 2));
  const readers = n * sum(ratings[0]!.map((_, j) => (mean(ratings.map((row) => row[j]!)) - grand) ** 2));
  if (total === 0) return all(nothing('all values are the same'));
  const ms = between / (n - 1);
  const within = (total - between) / (n * (k - 1));
  const mj = readers / (k - 1);
  const me = Math.max(0, (total - between - readers) / ((n - 1) * (k - 1)));
  const tail = (1 - confidence) / 2;
  const f = (share: number, d1: number, d2: number) => fQuantile(share, d1, d2);
  const p = (ratio: number, d1: number, d2: number): Estimate =>
    Number.isFinite(ratio) ? defined(1 - fCdf(ratio, d1, d2)) : defined(0);

  const oneWay = ms / within;
  const [d1, d2] = [n - 1, n * (k - 1)];
  const [low1, high1] = [oneWay / f(1 - tail, d1, d2), oneWay * f(1 - tail, d2, d1)];
  const mixed = ms / me;
  const e2 = (n - 1) * (k - 1);
  const [low3, high3] = [mixed / f(1 - tail, d1, e2), mixed * f(1 - tail, e2, d1)];
  const absolute = (ms - me) / (ms + (k - 1) * me + (k * (mj - me)) / n);
  const [low2, high2] = absoluteInterval();

  /** McGraw & Wong's interval of absolute agreement, with Satterthwaite's degrees of freedom. */
  function absoluteInterval(): [number, number] {
    const a = (k * absolute) / (n * (1 - absolute));
    const b = 1 + (k * absolute * (n - 1)) / (n * (1 - absolute));
    const v = (a * mj + b * me) ** 2 / ((a * mj) ** 2 / (k - 1) + (b * me) ** 2 / e2);
    const [fl, fu] = [f(1 - tail, d1, v), f(1 - tail, v, d1)];
    return [
      (n * (ms - fl * me)) / (fl * (k * mj + (k * n - k - n) * me) + n * ms),
      (n * (fu * ms - me)) / (k * mj + (k * n - k - n) * me + n * fu * ms),
    ];
  }

  const single = (ratio: number) => (ratio - 1) / (ratio + k - 1);
  const average = (value: number) => (k * value) / (1 + value * (k - 1));
  const pOne = p(oneWay, d1, d2);
  const pTwo = p(mixed, d1, e2);
  const form = (value: number, low: number, high: number, pValue: Estimate): Icc =>
    [value, low, high].every(Number.isFinite)
      ? { ...interval(value, low, high), p: pValue }
      : {
          ...undefinedInterval('readers agree perfectly, so that no error is left to estimate from'),
          value: defined(value),
          p: pValue,
        };
  return {
    'ICC(1,1)': form(within === 0 ? 1 : single(oneWay), single(low1), single(high1), pOne),
    'ICC(2,1)': form(absolute, low2, high2, pTwo),
    'ICC(3,1)': form(me === 0 ? 1 : single(mixed), single(low3), single(high3), pTwo),
    'ICC(1,k)': form(within === 0 ? 1 : 1 - 1 / oneWay, 1 - 1 / low1, 1 - 1 / high1, pOne),
    'ICC(2,k)': form(average(absolute), average(low2), average(high2), pTwo),
    'ICC(3,k)': form(me === 0 ? 1 : 1 - 1 / mixed, 1 - 1 / low3, 1 - 1 / high3, pTwo),
  };
}

function nothing(reason: string): Icc {
  return { ...undefinedInterval(reason), p: undefinedBecause(reason) };
}

function all(icc: Icc): Readonly<Record<IccForm, Icc>> {
  return { 'ICC(1,1)': icc, 'ICC(2,1)': icc, 'ICC(3,1)': icc, 'ICC(1,k)': icc, 'ICC(2,k)': icc, 'ICC(3,k)': icc };
}
