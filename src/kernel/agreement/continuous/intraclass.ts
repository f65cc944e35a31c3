/** The six intraclass correlations of Shrout & Fleiss (Psychol Bull 1979), with intervals and F tests as in McGraw & Wong (Psychol Methods 1996). */
import fCdf from '@stdlib/stats-base-dists-f-cdf';
import fQuantile from '@stdlib/stats-base-dists-f-quantile';
import { defined, type Estimate, type Interval, interval, noInterval, undefinedBecause } from '../estimate.ts';
import type { Statistic } from '../resampling/resample.ts';
import type { Times } from '../times.ts';
import { type MeanSquares, meanSquares } from './meanSquares.ts';

/**
 * 1: every patient has readers of its own; 2: the same readers, drawn from many, their differences count (absolute
 * agreement); 3: exactly these readers, their systematic differences do not count (consistency). `single` is the
 * reliability of one reading, `average` of the mean of all k.
 */
export const INTRACLASS_FORMS = ['icc11', 'icc21', 'icc31', 'icc1k', 'icc2k', 'icc3k'] as const;
export type IntraclassForm = (typeof INTRACLASS_FORMS)[number];

/** As papers write them. */
export const INTRACLASS_NAMES: Readonly<Record<IntraclassForm, string>> = {
  icc11: 'ICC(1,1)',
  icc21: 'ICC(2,1)',
  icc31: 'ICC(3,1)',
  icc1k: 'ICC(1,k)',
  icc2k: 'ICC(2,k)',
  icc3k: 'ICC(3,k)',
};

/** What each is called by McGraw & Wong, and what it is of (Koo & Li 2016). */
export const INTRACLASS_CONVENTIONS: Readonly<Record<IntraclassForm, string>> = {
  icc11: 'Shrout & Fleiss; McGraw & Wong’s ICC(1): one-way random, absolute agreement, one reading',
  icc21: 'Shrout & Fleiss; McGraw & Wong’s ICC(A,1): two-way random, absolute agreement, one reading',
  icc31: 'Shrout & Fleiss; McGraw & Wong’s ICC(C,1): two-way mixed, consistency, one reading',
  icc1k: 'Shrout & Fleiss; McGraw & Wong’s ICC(k): one-way random, absolute agreement, mean of all readings',
  icc2k: 'Shrout & Fleiss; McGraw & Wong’s ICC(A,k): two-way random, absolute agreement, mean of all readings',
  icc3k: 'Shrout & Fleiss; McGraw & Wong’s ICC(C,k): two-way mixed, consistency, mean of all readings',
};

export interface IntraclassCorrelation extends Interval {
  readonly icc: Estimate;
  /** Against ICC = 0: mean square between patients over that within them (form 1) or the residual one. */
  readonly f: Estimate;
  readonly degreesOfFreedom: readonly [number, number];
  readonly p: Estimate;
}

export type IntraclassCorrelations = Readonly<Record<IntraclassForm, IntraclassCorrelation>>;

/**
 * All six forms from complete readings, [patient][reader], in any unit. An ICC may be negative. Undefined with its
 * reason for fewer than 2 patients or readers or where no reading differs; without interval and F where readings of
 * a patient never differ (forms 2 and 3: but for a constant between readers), as F would be infinite.
 */
export function intraclass(
  readings: readonly (readonly number[])[],
  confidence = 0.95,
  times?: Times,
): IntraclassCorrelations {
  return intraclassOf(meanSquares(readings, times), confidence);
}

/** From the analysis of variance; without one there were fewer than 2 patients or readers. */
export function intraclassOf(squares: MeanSquares | undefined, confidence = 0.95): IntraclassCorrelations {
  const reason = squares
    ? squares.between + squares.within === 0
      ? 'all readings are the same'
      : undefined
    : 'an intraclass correlation needs at least 2 patients and 2 readers';
  if (!squares || reason) {
    const none = undefinedBecause(reason ?? '');
    const nothing = { icc: none, f: none, p: none, ...noInterval(reason ?? ''), degreesOfFreedom: [0, 0] } as const;
    return { icc11: nothing, icc21: nothing, icc31: nothing, icc1k: nothing, icc2k: nothing, icc3k: nothing };
  }
  const { patients: n, meanReadings, effectiveReadings: k, between, betweenCorrected, within, residual } = squares;
  const oneWay = [n - 1, n * (meanReadings - 1)] as const;
  const twoWay = [n - 1, (n - 1) * (meanReadings - 1)] as const;
  const form = (name: IntraclassForm, errors: number, df: readonly [number, number], ends: () => [number, number]) =>
    oneForm(
      iccOf(squares, name),
      { between: df === oneWay ? between : betweenCorrected, errors, degreesOfFreedom: df },
      ends,
    );
  const first = () => singleEnds(between / within, oneWay, k, confidence);
  const second = () => agreementEnds(squares, confidence);
  const third = () => singleEnds(betweenCorrected / residual, twoWay, k, confidence);
  const averaged = (end: number) => (k * end) / (1 + (k - 1) * end);
  const ofAverage = (ends: () => [number, number]) => (): [number, number] => {
    const [low, high] = ends();
    return [averaged(low), averaged(high)];
  };
  return {
    icc11: form('icc11', within, oneWay, first),
    icc21: form('icc21', residual, twoWay, second),
    icc31: form('icc31', residual, twoWay, third),
    icc1k: form('icc1k', within, oneWay, ofAverage(first)),
    icc2k: form('icc2k', residual, twoWay, ofAverage(second)),
    icc3k: form('icc3k', residual, twoWay, ofAverage(third)),
  };
}

/** One form of resampled patients, for bootstrap intervals and comparisons. */
export function intraclassStatistic(readings: readonly (readonly number[])[], form: IntraclassForm): Statistic {
  return (sample) => {
    const squares = meanSquares(Array.from(sample, (n) => readings[n]!));
    if (!squares || squares.between + squares.within === 0) return undefined;
    const icc = iccOf(squares, form);
    return Number.isFinite(icc) ? icc : undefined;
  };
}

/** The coefficient; not finite where its denominator is 0, and none where it is below, as errors may make it. */
function iccOf(squares: MeanSquares, form: IntraclassForm): number {
  const { patients: n, effectiveReadings: k, between, betweenCorrected, within, residual, readersSquare } = squares;
  switch (form) {
    case 'icc11':
      return (between - within) / (between + (k - 1) * within);
    case 'icc21':
      return (
        (betweenCorrected - residual) / (betweenCorrected + (k - 1) * residual + (k * (readersSquare - residual)) / n)
      );
    case 'icc31':
      return (betweenCorrected - residual) / (betweenCorrected + (k - 1) * residual);
    case 'icc1k':
      return (between - within) / between;
    case 'icc2k': {
      const denominator = betweenCorrected + (readersSquare - residual) / n;
      return denominator > 0 ? (betweenCorrected - residual) / denominator : Number.NaN;
    }
    case 'icc3k':
      return (betweenCorrected - residual) / betweenCorrected;
  }
}

/** F = between / errors. */
interface FRatio {
  readonly between: number;
  readonly errors: number;
  readonly degreesOfFreedom: readonly [number, number];
}

function oneForm(
  icc: number,
  { between, errors, degreesOfFreedom }: FRatio,
  ends: () => [number, number],
): IntraclassCorrelation {
  if (!Number.isFinite(icc)) {
    const reason = 'patients do not differ, so nothing can be told apart';
    const none = undefinedBecause(reason);
    return { icc: none, f: none, p: none, ...noInterval(reason), degreesOfFreedom };
  }
  if (errors === 0) {
    const reason = 'the readings of a patient never differ, so F has no finite value';
    const none = undefinedBecause(reason);
    return { icc: defined(icc), f: none, p: none, ...noInterval(reason), degreesOfFreedom };
  }
  const f = between / errors;
  const [low, high] = ends();
  return {
    icc: defined(icc),
    f: defined(f),
    degreesOfFreedom,
    p: defined(f === 0 ? 1 : fCdf(1 / f, degreesOfFreedom[1], degreesOfFreedom[0])),
    ...(Number.isFinite(low) && Number.isFinite(high)
      ? interval(low, high)
      : noInterval('the interval’s formula has no value for these mean squares')),
  };
}

/** Ends of a single reading's ICC, forms 1 and 3, from the F ratio. */
function singleEnds(f: number, [df1, df2]: readonly [number, number], k: number, confidence: number): [number, number] {
  const tail = 0.5 + confidence / 2;
  const low = f / fQuantile(tail, df1, df2);
  const high = f * fQuantile(tail, df2, df1);
  return [(low - 1) / (low + k - 1), (high - 1) / (high + k - 1)];
}

/** Ends of form 2, with Satterthwaite's degrees of freedom for readers and residual together. */
function agreementEnds(squares: MeanSquares, confidence: number): [number, number] {
  const { patients: n, readers, meanReadings, effectiveReadings: k, residual, readersSquare } = squares;
  const between = squares.betweenCorrected;
  const icc = iccOf(squares, 'icc21');
  const ratio = readersSquare / residual;
  const a = k * icc * ratio;
  const b = n * (1 + (k - 1) * icc) - k * icc;
  const df = (a + b) ** 2 / (a ** 2 / (readers - 1) + b ** 2 / ((n - 1) * (meanReadings - 1)));
  const tail = 0.5 + confidence / 2;
  const lowF = fQuantile(tail, n - 1, df);
  const highF = fQuantile(tail, df, n - 1);
  const errors = k * readersSquare + (k * n - k - n) * residual;
  return [
    (n * (between - lowF * residual)) / (lowF * errors + n * between),
    (n * (highF * between - residual)) / (errors + n * highF * between),
  ];
}
