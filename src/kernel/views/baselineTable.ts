/** A table of characteristics, as studies print it first (STROBE 2007, item 14): numbers as median [IQR] or mean ± SD, categories as n (%), what is missing counted; of all patients, or of each group. */
import type { CellValue, Provenance, TableColumn, TableView } from '../../protocol/view.ts';
import { formatNumber } from '../../protocol/words/formatCell.ts';
import { allOf } from '../../protocol/words/lists.ts';
import { holm } from '../agreement/adjustedP.ts';
import { rankTest } from '../agreement/association/betweenGroups.ts';
import { countsTest } from '../agreement/association/countsOfGroups.ts';
import { welchTest } from '../agreement/association/meansOfGroups.ts';
import { HIGHLY_SKEWED, skewness } from '../agreement/association/shape.ts';
import { differenceOfCategories, differenceOfNumbers } from '../agreement/association/standardisedDifference.ts';
import { type Estimate, valueIn } from '../agreement/estimate.ts';
import { quantile } from '../agreement/resampling/quantile.ts';
import { type NamedStatistic, undefinedReason } from '../agreement/statisticRow.ts';
import type { RowColumn } from '../tables/patientColumns.ts';
import { meanAndSd, medianAndQuartiles } from './spread.ts';

export interface BaselineAsked {
  readonly title: string;
  readonly characteristics: readonly RowColumn[];
  /** What a row is: "patient", or "row" where patients have several. */
  readonly noun: string;
  /** The group of each row; undefined without groups. */
  readonly groups:
    | { readonly name: string; readonly of: readonly (string | undefined)[]; readonly names: readonly string[] }
    | undefined;
  /** How numbers are summarised; by their shape where undefined. */
  readonly numbers: 'median' | 'mean' | undefined;
  readonly tests: boolean;
  readonly differences: boolean;
  readonly notes: readonly string[];
  readonly provenance: Provenance;
}

/** What stands before the name of a category: it belongs to the line above. */
const INDENT = '\u2003';

/** Names of columns that no group may take. */
const RESERVED: readonly string[] = ['characteristic', 'all', 'smd', 'p', 'p_holm'];

interface Column {
  readonly label: string;
  readonly rows: readonly number[];
}

export function baselineTable(asked: BaselineAsked): TableView {
  const { characteristics, groups, noun } = asked;
  const count = characteristics[0]?.cells.length ?? 0;
  const everybody = Array.from({ length: count }, (_, row) => row);
  const own = (groups?.names ?? []).map((name): Column => {
    const rows = everybody.filter((row) => groups?.of[row] === name);
    return { label: name, rows };
  });
  const columns = [{ label: 'All', rows: everybody }, ...own];
  const summaries = characteristics.map((one) => summaryOf(one, columns, asked));
  const tests = asked.tests ? summaries.map(({ test }) => test) : [];
  const adjusted = holm(tests.map((test) => test?.p && valueIn(test.p)));
  const rows = summaries.flatMap(({ lines, test, difference }, n) =>
    lines.map((line, at): CellValue[] => [
      ...line,
      ...(asked.differences ? [at === 0 ? (valueIn(difference) ?? null) : null] : []),
      ...(asked.tests
        ? [at === 0 ? ((test.p && valueIn(test.p)) ?? null) : null, at === 0 ? (adjusted[n] ?? null) : null]
        : []),
    ]),
  );
  return {
    type: 'table',
    title: asked.title,
    columns: [
      { name: 'characteristic', label: 'Characteristic', kind: 'text' },
      ...columns.map(
        ({ label, rows: of }, n): TableColumn => ({
          name: n === 0 ? 'all' : RESERVED.includes(label) ? `${label}_` : label,
          label: n === 0 ? `All (n ${of.length})` : `${label} (n ${of.length})`,
          kind: 'text',
        }),
      ),
      ...(asked.differences
        ? [
            {
              name: 'smd',
              label: 'SMD',
              kind: 'number',
              digits: 2,
              description: 'Largest standardised difference between two groups',
            } as const,
          ]
        : []),
      ...(asked.tests
        ? [
            { name: 'p', label: 'p', kind: 'p-value', digits: 3 } as const,
            {
              name: 'p_holm',
              label: 'p (Holm)',
              kind: 'p-value',
              digits: 3,
              description: 'Adjusted for the number of characteristics',
            } as const,
          ]
        : []),
    ],
    rows,
    totalRows: rows.length,
    notes: [
      ...notesOnNumbers(characteristics, asked),
      ...(characteristics.some(({ kind }) => kind === 'category')
        ? [`Categories: n (% of the ${noun}s with a value).`]
        : []),
      ...(asked.tests ? [testNote(summaries)] : []),
      ...(asked.differences
        ? [
            `SMD: standardised difference, of means (Austin 2009) and of categories (Yang and Dalton 2012); of several groups the largest of all pairs. Above 0.1 groups are often called unlike.${without('SMD', summaries, ({ difference }) => difference)}`,
          ]
        : []),
      ...asked.notes,
    ],
    messages: [],
    researchOnly: false,
    provenance: asked.provenance,
  };
}

interface Summary {
  readonly name: string;
  /** A line for the characteristic, one for each of its categories, and one for missing values, where there are any. */
  readonly lines: readonly CellValue[][];
  readonly test: NamedStatistic;
  readonly difference: Estimate;
}

function summaryOf(one: RowColumn, columns: readonly Column[], asked: BaselineAsked): Summary {
  const groups = columns.slice(1);
  const missing = columns.map(({ rows }) => rows.filter((row) => one.cells[row] === undefined).length);
  const missingLine = missing.some((count) => count > 0) ? [[`${INDENT}missing`, ...missing.map(String)]] : [];
  if (one.kind === 'number') {
    const values = (rows: readonly number[]) => rows.flatMap((row) => one.cells[row] ?? []);
    const isMean = summarisedByMean(one, asked);
    const digits = digitsOf(values(columns[0]!.rows));
    const cell = isMean ? meanAndSd : medianAndQuartiles;
    const grouped = groups.map(({ rows }) => values(rows));
    return {
      name: one.name,
      lines: [
        [
          `${one.name}, ${isMean ? 'mean ± SD' : 'median [IQR]'}`,
          ...columns.map(({ rows }) => cell(values(rows), digits)),
        ],
        ...missingLine,
      ],
      test: isMean ? welchTest(grouped) : rankTest(grouped),
      difference: differenceOfNumbers(grouped),
    };
  }
  const count = (rows: readonly number[], level: string) => rows.filter((row) => one.cells[row] === level).length;
  const known = columns.map(({ rows }) => rows.filter((row) => one.cells[row] !== undefined).length);
  const line = (label: string, level: string): CellValue[] => [
    label,
    ...columns.map(({ rows }, n) => shareText(count(rows, level), known[n]!)),
  ];
  const [, yes] = one.levels;
  const isYesNo = one.levels.length === 2 && one.levels[0]!.toLowerCase() === 'no' && yes!.toLowerCase() === 'yes';
  return {
    name: one.name,
    lines: [
      ...(isYesNo
        ? [line(`${one.name}, n (%)`, yes!)]
        : [
            [`${one.name}, n (%)`, ...columns.map(() => null)],
            ...one.levels.map((level) => line(`${INDENT}${level}`, level)),
          ]),
      ...missingLine,
    ],
    test: countsTest(one.levels.map((level) => groups.map(({ rows }) => count(rows, level)))),
    difference: differenceOfCategories(groups.map(({ rows }) => one.levels.map((level) => count(rows, level)))),
  };
}

function summarisedByMean(one: RowColumn, { numbers }: Pick<BaselineAsked, 'numbers'>): boolean {
  if (one.kind !== 'number') return false;
  if (numbers !== undefined) return numbers === 'mean';
  const skew = skewness(one.cells.flatMap((cell) => cell ?? []));
  return skew !== undefined && Math.abs(skew) <= HIGHLY_SKEWED;
}

function notesOnNumbers(characteristics: readonly RowColumn[], asked: BaselineAsked): string[] {
  const numbers = characteristics.filter(({ kind }) => kind === 'number');
  if (numbers.length === 0) return [];
  const quartiles = 'quartiles by linear interpolation';
  if (asked.numbers === 'median') return [`Numbers: median [first; third quartile] (${quartiles}).`];
  if (asked.numbers === 'mean') return ['Numbers: mean ± standard deviation.'];
  const [byMean, byMedian] = [true, false].map((isMean) =>
    numbers.filter((one) => summarisedByMean(one, asked) === isMean).map(({ name }) => name),
  );
  return [
    `By their shape: ${[
      ...(byMean!.length ? [`mean ± standard deviation of ${allOf(byMean!)}`] : []),
      ...(byMedian!.length
        ? [
            `median [first; third quartile] (${quartiles}) of ${allOf(byMedian!)}, whose skewness is beyond ±${HIGHLY_SKEWED} or cannot be told`,
          ]
        : []),
    ].join('; ')}. \`numbers median\` or \`numbers mean\` decides for all.`,
  ];
}

function testNote(summaries: readonly Summary[]): string {
  const tested = summaries.filter(({ test }) => undefinedReason([test.p]) === undefined);
  const used = Map.groupBy(tested, ({ test }) => test.name.replace(/, .*$/, ''));
  const parts = [...used].map(([name, own]) => {
    const doubtful = own.filter(({ test }) => test.remark !== undefined).map((one) => one.name);
    return `${name} for ${allOf(own.map((one) => one.name))}${doubtful.length ? ` (of ${allOf(doubtful)} with expected counts below 5, so that p is approximate)` : ''}`;
  });
  return `${parts.length ? `p: ${parts.join('; ')}.` : ''}${without('p', summaries, ({ test }) => test.p)}`.trim();
}

/** Why characteristics lack it: a sentence for each reason, to follow another sentence. */
function without(what: string, summaries: readonly Summary[], of: (summary: Summary) => Estimate | undefined): string {
  const reasons = Map.groupBy(summaries, (summary) => undefinedReason([of(summary)]));
  return [...reasons]
    .flatMap(([reason, own]) =>
      reason === undefined ? [] : [` No ${what} of ${allOf(own.map(({ name }) => name))}: ${reason}.`],
    )
    .join('');
}

/** As many decimals as the spread deserves. */
function digitsOf(values: readonly number[]): number {
  if (values.length < 2) return 1;
  const sorted = [...values].sort((a, b) => a - b);
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25) || sorted.at(-1)! - sorted[0]!;
  return spread >= 100 ? 0 : spread >= 1 || spread === 0 ? 1 : Math.min(4, 1 - Math.floor(Math.log10(spread)));
}

function shareText(count: number, of: number): string {
  return of === 0 ? '0' : `${count} (${formatNumber((100 * count) / of, 1)})`;
}
