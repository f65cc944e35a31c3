/** Do the counts, percentages and totals of a printed row of categories agree with each other? */
import { anyOf } from '../../../protocol/words/lists.ts';
import { type PrintedNumber, roundingOf } from './printedNumber.ts';
import type { PublishedRemark } from './publishedRemark.ts';

/** One side of a row: how many cases it put into each category, and the percentages printed beside the counts. */
export interface PublishedSide {
  /** For messages: "AI", "radiologist". */
  readonly name: string;
  /** Cases by category, from 0. */
  readonly counts: readonly number[];
  /** In the same order; undefined where none is printed. */
  readonly percents?: readonly (PrintedNumber | undefined)[];
}

/** Remarks on one side of a row of n cases. */
export function checkCounts(row: string, side: PublishedSide, n: number): PublishedRemark[] {
  const place = `${row}, ${side.name}`;
  return [
    ...side.counts.flatMap((count, category) => checkCount(place, count, category, n)),
    ...checkTotal(place, side.counts, n),
    ...side.counts.flatMap((_, category) => checkPercent(place, side, category, n)),
    ...checkPercentTotal(place, side),
  ];
}

/** A remark where the two sides of a row count different numbers of cases. */
export function checkTotals(row: string, left: PublishedSide, right: PublishedSide): PublishedRemark[] {
  const [a, b] = [sumOf(left.counts), sumOf(right.counts)];
  if (a === b) return [];
  return [
    {
      severity: 'warning',
      code: 'totals-differ',
      place: row,
      expected: `the same total on both sides`,
      found: `${left.name} ${a}, ${right.name} ${b}`,
      message: `${row}: ${left.name} adds up to ${a} and ${right.name} to ${b}, though both read the same cases.`,
    },
  ];
}

function checkCount(place: string, count: number, category: number, n: number): PublishedRemark[] {
  if (Number.isInteger(count) && count >= 0 && count <= n) return [];
  return [
    {
      severity: 'warning',
      code: 'count',
      place,
      expected: `a whole number from 0 to ${n}`,
      found: `${count}`,
      message: `${place}: category ${category} has ${count}, which is no count of ${n} cases.`,
    },
  ];
}

function checkTotal(place: string, counts: readonly number[], n: number): PublishedRemark[] {
  const total = sumOf(counts);
  if (total === n) return [];
  return [
    {
      severity: 'warning',
      code: 'counts-total',
      place,
      expected: `${n}`,
      found: `${total}`,
      message: `${place}: the counts ${counts.join(' + ')} add up to ${total}, not ${n} (${Math.abs(total - n)} too ${total > n ? 'many' : 'few'}).`,
    },
  ];
}

function checkPercent(place: string, side: PublishedSide, category: number, n: number): PublishedRemark[] {
  const count = side.counts[category]!;
  const percent = side.percents?.[category];
  if (!percent || printsAs(count, n, percent)) return [];
  const fitting = Array.from({ length: n + 1 }, (_, other) => other).filter((other) => printsAs(other, n, percent));
  const rest = sumOf(side.counts) - count;
  const repair = fitting.find((other) => rest + other === n);
  const own = `${((100 * count) / n).toFixed(percent.decimals)} %`;
  return [
    {
      severity: 'warning',
      code: 'count-percent',
      place,
      expected:
        fitting.length > 0 ? `${anyOf(fitting.map(String))} (${percent.text} % of ${n})` : `${own} (${count} of ${n})`,
      found: `${count} beside ${percent.text} %`,
      message: `${place}: category ${category} has ${count} beside ${percent.text} %, but ${count} of ${n} is ${own}${fitting.length > 0 ? `, and ${percent.text} % is ${anyOf(fitting.map(String))}` : `, and no count is ${percent.text} %`}${repair === undefined ? '' : `; with ${repair} the counts add up to ${n}`}.`,
    },
  ];
}

function checkPercentTotal(place: string, { counts, percents }: PublishedSide): PublishedRemark[] {
  const printed = percents?.filter((percent) => percent !== undefined) ?? [];
  if (printed.length < counts.length) return [];
  const total = sumOf(printed.map((percent) => percent.value));
  const slack = sumOf(printed.map((percent) => roundingOf(percent).high - percent.value));
  if (Math.abs(total - 100) <= slack + 1e-9) return [];
  const decimals = Math.max(...printed.map((percent) => percent.decimals));
  return [
    {
      severity: 'warning',
      code: 'percents-total',
      place,
      expected: `100 ± ${slack.toFixed(decimals + 1)}`,
      found: total.toFixed(decimals),
      message: `${place}: the percentages add up to ${total.toFixed(decimals)}, more than rounding away from 100.`,
    },
  ];
}

/** Whether count of n is printed as this percentage, a half rounded either way. */
function printsAs(count: number, n: number, percent: PrintedNumber): boolean {
  const { low, high } = roundingOf(percent);
  const exact = (100 * count) / n;
  return exact >= low - 1e-9 && exact <= high + 1e-9;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
