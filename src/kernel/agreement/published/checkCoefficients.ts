/** Can the coefficients of a printed row be what they say: κ under its margins, its interval, ρ and its p? */

import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { formatNumber } from '../../../protocol/words/formatCell.ts';
import { anyOf, fromTo } from '../../../protocol/words/lists.ts';
import { KAPPA_WEIGHTS, type KappaWeights } from '../categories/weights.ts';
import { pByT } from '../correlation/correlation.ts';
import { valueIn } from '../estimate.ts';
import { kappaRange, kappaStandardErrorRange, type PrintedMargins } from './kappaFromMargins.ts';
import { type PrintedNumber, roundingOf } from './printedNumber.ts';
import type { PublishedRemark } from './publishedRemark.ts';

export interface PublishedCoefficient {
  readonly value: PrintedNumber;
  /** Ends of the 95 % confidence interval. */
  readonly interval?: readonly [PrintedNumber, PrintedNumber];
}

/** p as printed: a value, or "less than". */
export interface PublishedP {
  readonly relation: '=' | '<';
  readonly value: PrintedNumber;
}

/** Remarks on a coefficient by itself: its range, and the order and symmetry of its interval. */
export function checkInterval(row: string, name: 'κ' | 'ρ', coefficient: PublishedCoefficient): PublishedRemark[] {
  const { value, interval } = coefficient;
  const remarks: PublishedRemark[] = [];
  if (roundingOf(value).low > 1 || roundingOf(value).high < -1)
    remarks.push({
      severity: 'warning',
      code: 'coefficient-range',
      place: row,
      expected: '−1 to 1',
      found: value.text,
      message: `${row}: ${name} ${value.text} lies outside −1 to 1.`,
    });
  if (!interval) return remarks;
  const [low, high] = interval;
  const printed = `${value.text} [${low.text}–${high.text}]`;
  if (!(low.value <= value.value && value.value <= high.value))
    remarks.push({
      severity: 'warning',
      code: 'interval-order',
      place: row,
      expected: `an interval around ${value.text}`,
      found: printed,
      message: `${row}: the interval of ${name} ${printed} does not hold the estimate.`,
    });
  // Fisher's z makes intervals of ρ asymmetric by right; those of κ are κ ± 1.96·SE.
  else if (name === 'κ' && high.value < 1) {
    const [below, above] = [value.value - low.value, high.value - value.value];
    const slack = [value, value, low, high].reduce((sum, number) => sum + roundingOf(number).high - number.value, 0);
    if (Math.abs(above - below) > slack + 1e-9)
      remarks.push({
        severity: 'warning',
        code: 'interval-asymmetry',
        place: row,
        expected: 'the same distance to both ends, but for rounding',
        found: `${below.toFixed(low.decimals)} below and ${above.toFixed(high.decimals)} above`,
        message: `${row}: the interval of κ ${printed} reaches ${below.toFixed(low.decimals)} below and ${above.toFixed(high.decimals)} above, more than rounding apart; a large-sample interval is symmetric.`,
      });
  }
  return remarks;
}

/**
 * Remarks on κ against the margins of its table, by the weights it may have: all three unless the paper says.
 * Where the sides' totals differ, their shares are used.
 */
export function checkKappa(
  row: string,
  margins: PrintedMargins,
  kappa: PublishedCoefficient,
  weights: readonly KappaWeights[] = KAPPA_WEIGHTS,
): PublishedRemark[] {
  const allowed = weights.filter((name) => isWithinMargins(margins, name, kappa.value));
  if (allowed.length === 0) {
    const ranges = weights.map((name) => `${WEIGHTS_IN_WORDS[name]} ${rangeText(margins, name)}`).join(', ');
    return [
      {
        severity: 'warning',
        code: 'kappa-margins',
        place: row,
        expected: ranges,
        found: kappa.value.text,
        message: `${row}: κ ${kappa.value.text} is impossible, as the counts of both sides allow only ${ranges}.`,
      },
    ];
  }
  const { interval } = kappa;
  if (!interval || !(interval[1].value < 1)) return [];
  const widths = allowed.map((name) => ({ name, ...halfWidths(margins, name, kappa.value) }));
  const printed = printedHalfWidth(interval);
  const fitting = widths.filter(({ low, high }) => printed.high >= low && printed.low <= high);
  if (fitting.length === widths.length) return [];
  const expected = widths
    .map(({ name, low, high }) => `${WEIGHTS_IN_WORDS[name]} ± ${fromTo(low.toFixed(3), high.toFixed(3))}`)
    .join(', ');
  const half = ((interval[1].value - interval[0].value) / 2).toFixed(3);
  return [
    {
      severity: 'warning',
      code: 'kappa-interval',
      place: row,
      expected,
      found: `± ${half}`,
      message: `${row}: the interval of κ ${kappa.value.text} [${interval[0].text}–${interval[1].text}] is ± ${half}; with these counts and n ${margins.n} a large-sample 95 % interval is ${expected}. ${
        fitting.length > 0
          ? `It fits ${anyOf(fitting.map(({ name }) => WEIGHTS_IN_WORDS[name]))} κ only.`
          : 'It fits none of them: another method, another n, or an error.'
      }`,
    },
  ];
}

/** A remark where p is not that of ρ and n by the t approximation, whatever the digits not printed. */
export function checkRho(row: string, rho: PrintedNumber, p: PublishedP, n: number): PublishedRemark[] {
  const { low, high } = roundingOf(rho);
  const sizes = low <= 0 && high >= 0 ? [0, Math.max(-low, high)] : [Math.abs(low), Math.abs(high)];
  const [largest, least] = [pByT(Math.min(...sizes), n), pByT(Math.min(1, Math.max(...sizes)), n)];
  const printed = p.relation === '<' ? { low: 0, high: p.value.value } : roundingOf(p.value);
  if (printed.high >= least && printed.low <= largest) return [];
  const expected = fromTo(least.toPrecision(2), largest.toPrecision(2));
  const found = `${p.relation === '<' ? '< ' : ''}${p.value.text}`;
  return [
    {
      severity: 'warning',
      code: 'rho-p',
      place: row,
      expected,
      found,
      message: `${row}: ρ ${rho.text} with n ${n} has a p of ${expected}, and ${found} is printed.`,
    },
  ];
}

const WEIGHTS_IN_WORDS: Readonly<Record<KappaWeights, string>> = {
  none: 'unweighted',
  linear: 'linear',
  quadratic: 'quadratic',
};

function isWithinMargins({ left, right }: PrintedMargins, weights: KappaWeights, kappa: PrintedNumber): boolean {
  const range = kappaRange(left, right, weights);
  const [min, max] = [valueIn(range.min), valueIn(range.max)];
  const { low, high } = roundingOf(kappa);
  return min !== undefined && max !== undefined && high >= min - 1e-9 && low <= max + 1e-9;
}

function rangeText({ left, right }: PrintedMargins, weights: KappaWeights): string {
  const { min, max } = kappaRange(left, right, weights);
  if (!('value' in min && 'value' in max)) return 'none';
  return fromTo(formatNumber(min.value, 2), formatNumber(max.value, 2));
}

/** Places within the rounding of κ at which its standard error is bounded. */
const PLACES = [0, 0.25, 0.5, 0.75, 1];

/** Bounds of 1.96·SE over the tables with these margins and any κ that is printed so. */
function halfWidths(
  margins: PrintedMargins,
  weights: KappaWeights,
  kappa: PrintedNumber,
): { low: number; high: number } {
  const { low, high } = roundingOf(kappa);
  const z = normalQuantile(0.975, 0, 1);
  const range = kappaRange(margins.left, margins.right, weights);
  const [min, max] = [valueIn(range.min) ?? low, valueIn(range.max) ?? high];
  const bounds = PLACES.flatMap((place) => {
    const value = Math.max(min, Math.min(max, low + place * (high - low)));
    const se = kappaStandardErrorRange(margins, weights, value);
    return [valueIn(se.min), valueIn(se.max)].filter((end) => end !== undefined);
  });
  return { low: z * Math.min(...bounds), high: z * Math.max(...bounds) };
}

function printedHalfWidth([low, high]: readonly [PrintedNumber, PrintedNumber]): { low: number; high: number } {
  return {
    low: (roundingOf(high).low - roundingOf(low).high) / 2,
    high: (roundingOf(high).high - roundingOf(low).low) / 2,
  };
}
