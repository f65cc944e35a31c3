/** Change in numbers of a paper: its mean with interval, the shares beyond the error of measurement, what is new and gone. */
import type { ColumnTable } from 'arquero';
import type { CellValue, Provenance, TableColumn, TableView } from '../../protocol/view.ts';
import { classLabel } from '../../protocol/words/displayNames.ts';
import { rankTest } from '../agreement/association/betweenGroups.ts';
import { wilsonInterval } from '../agreement/categories/proportionInterval.ts';
import { blandAltman } from '../agreement/continuous/blandAltman.ts';
import { defined, interval, valueIn } from '../agreement/estimate.ts';
import { limitStatistics } from '../agreement/namedStatistics.ts';
import { type NamedStatistic, statisticRow, undefinedReason } from '../agreement/statisticRow.ts';
import { type Row, rowsOf } from '../tables/rows.ts';
import { emptyWhere, sentencesOf } from '../values/remarks.ts';
import { statisticsTable } from '../values/statistics.ts';
import type { Grouping } from '../values/value.ts';
import { medianAndQuartiles } from './spread.ts';

/** All rows of one region, class and measure. */
export interface ChangeGroup {
  readonly region: string;
  /** Empty where there are none. */
  readonly class: string;
  readonly measure: string;
  readonly rows: readonly Row[];
}

/** In the order of the table. */
export function changeGroups(table: ColumnTable): ChangeGroup[] {
  const groups = Map.groupBy(rowsOf(table), (row) => JSON.stringify([row.region, row.class, row.measure]));
  return [...groups.values()].map((rows) => ({
    region: String(rows[0]!.region ?? 'total'),
    class: String(rows[0]!.class ?? ''),
    measure: String(rows[0]!.measure ?? ''),
    rows,
  }));
}

function numbersIn(rows: readonly Row[], column: string): number[] {
  return rows.flatMap((row) => (typeof row[column] === 'number' ? [row[column]] : []));
}

/** What `describe` lists of each place. */
export function changeStatistics(table: ColumnTable): ColumnTable {
  return statisticsTable(
    changeGroups(table).flatMap((group) =>
      ofGroup(group).map((statistic) =>
        statisticRow(
          {
            region: group.region,
            class: group.measure ? [group.class, group.measure].filter(Boolean).join(' ') : group.class,
          },
          statistic,
        ),
      ),
    ),
  );
}

function ofGroup({ rows }: ChangeGroup): NamedStatistic[] {
  const changes = numbersIn(rows, 'difference');
  const n = changes.length;
  const mean = blandAltman(
    changes,
    changes.map(() => 0),
  );
  const [bias] = limitStatistics('', mean, 0);
  return [
    { ...bias!, name: 'mean change', n },
    { name: 'SD of the changes', value: mean.sd, n },
    ...shares(rows, 'beyond', ['up', 'down'], (value) => `beyond the error of measurement, ${value}`),
    ...shares(rows, 'presence', ['new', 'gone'], (value) => value),
  ];
}

/** Percent of the patients, with Wilson’s interval. */
function shares(
  rows: readonly Row[],
  column: string,
  values: readonly string[],
  named: (value: string) => string,
): NamedStatistic[] {
  const known = rows.filter((row) => row[column] !== undefined && row[column] !== null);
  if (known.length === 0) return [];
  return values.map((value) => {
    const count = known.filter((row) => row[column] === value).length;
    const { low, high } = wilsonInterval(count / known.length, known.length, 0.95);
    return {
      name: `${named(value)} (%)`,
      value: defined((100 * count) / known.length),
      interval: interval(100 * low, 100 * high),
      by: 'Wilson',
      n: known.length,
    };
  });
}

interface Asked {
  readonly grouping: Grouping | undefined;
  readonly words: string;
  readonly threshold: string | undefined;
  readonly provenance: Provenance;
}

/** A row for each class, region and measure; groups of patients side by side where there are some. */
export function changeSummary(
  name: string,
  table: ColumnTable,
  { grouping, words, threshold, provenance }: Asked,
): TableView {
  const groups = changeGroups(table);
  const columns: readonly (readonly [TableColumn, (group: ChangeGroup) => string])[] = [
    [{ name: 'region', label: 'Region', kind: 'text' }, ({ region }) => region],
    [{ name: 'class', label: 'Class', kind: 'text' }, (group) => classLabel(group.class)],
    [{ name: 'measure', label: 'Measure', kind: 'text' }, ({ measure }) => measure],
  ];
  const shown = columns.filter(([{ name: column }]) => table.columnNames().includes(column));
  const cells = grouping ? byGroups(groups, grouping) : alone(groups);
  const places = groups.map((group) => ({
    ...group,
    region: table.columnNames().includes('region') ? group.region : '',
  }));
  return {
    type: 'table',
    title: `Change of ${name} ${words}${grouping ? ` by ${grouping.name}` : ''}`,
    columns: [...shown.map(([column]) => column), ...cells.columns],
    rows: groups.map((group, n) => [...shown.map(([, of]) => of(group)), ...cells.rows[n]!]),
    totalRows: groups.length,
    notes: [
      ...cells.notes,
      ...sentencesOf(
        cells.reasons.flatMap((reason, n) => (reason === undefined ? [] : [emptyWhere(reason, places[n]!)])),
      ),
      ...(threshold ? [`Beyond the error of measurement: more than ${threshold}.`] : []),
      'p is not adjusted for the number of rows.',
    ],
    messages: [],
    researchOnly: true,
    provenance,
  };
}

interface Cells {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly CellValue[])[];
  readonly notes: readonly string[];
  /** Why cells of a row are empty, where some are. */
  readonly reasons: readonly (string | undefined)[];
}

const P: TableColumn = { name: 'p', label: 'p', kind: 'p-value', digits: 3 };

function alone(groups: readonly ChangeGroup[]): Cells {
  const number = { kind: 'number', digits: 2 } as const;
  const counts = (['up', 'down', 'new', 'gone'] as const).filter((value) =>
    groups.some(({ rows }) => rows.some((row) => row[columnOf(value)] !== undefined)),
  );
  const estimates = groups.map(({ rows }) => {
    const changes = numbersIn(rows, 'difference');
    const { bias, biasP } = blandAltman(
      changes,
      changes.map(() => 0),
    );
    return [bias.value, bias.ciLow, bias.ciHigh, biasP];
  });
  return {
    columns: [
      { name: 'n', label: 'n', kind: 'number', digits: 0 },
      { name: 'median', label: 'Change, median [IQR]', kind: 'text' },
      { ...number, name: 'mean', label: 'Mean' },
      { ...number, name: 'mean_ci_low', label: 'Mean low', description: 'Lower bound of the 95 % confidence interval' },
      {
        ...number,
        name: 'mean_ci_high',
        label: 'Mean high',
        description: 'Upper bound of the 95 % confidence interval',
      },
      P,
      ...counts.map((value): TableColumn => ({ name: value, label: LABELS[value], kind: 'text' })),
    ],
    rows: groups.map(({ rows }, n) => [
      numbersIn(rows, 'difference').length,
      medianAndQuartiles(numbersIn(rows, 'difference'), 2),
      ...estimates[n]!.map((estimate) => valueIn(estimate) ?? null),
      ...counts.map((value) => countText(rows, value)),
    ]),
    notes: ['p: paired t test of a mean change of 0.'],
    reasons: estimates.map(undefinedReason),
  };
}

const LABELS = { up: 'Up beyond error', down: 'Down beyond error', new: 'New', gone: 'Gone' } as const;

function columnOf(value: keyof typeof LABELS): 'beyond' | 'presence' {
  return value === 'up' || value === 'down' ? 'beyond' : 'presence';
}

/** n (%), of those of whom it is known. */
function countText(rows: readonly Row[], value: keyof typeof LABELS): string | null {
  const known = rows.filter((row) => row[columnOf(value)] !== undefined && row[columnOf(value)] !== null);
  if (known.length === 0) return null;
  const count = known.filter((row) => row[columnOf(value)] === value).length;
  return `${count} (${((100 * count) / known.length).toFixed(0)} %)`;
}

function byGroups(groups: readonly ChangeGroup[], { groupOf, groups: names }: Grouping): Cells {
  const ofEach = groups.map(({ rows }) =>
    names.map((name) => rows.filter((row) => groupOf.get(String(row.patient)) === name)),
  );
  const most = names.map((_, g) => Math.max(0, ...ofEach.map((own) => own[g]!.length)));
  const tests = ofEach.map((own) => rankTest(own.map((rows) => numbersIn(rows, 'difference'))));
  return {
    columns: [
      ...names.map(
        (name, g): TableColumn => ({ name: `group_${name}`, label: `${name} (n ${most[g]})`, kind: 'text' }),
      ),
      { name: 'effect', label: names.length === 2 ? 'r' : 'ε²', kind: 'number', digits: 2 },
      P,
    ],
    rows: ofEach.map((own, n) => [
      ...own.map((rows) => medianAndQuartiles(numbersIn(rows, 'difference'), 2)),
      valueIn(tests[n]!.value) ?? null,
      (tests[n]!.p && valueIn(tests[n]!.p!)) ?? null,
    ]),
    notes: [`Change: median [first; third quartile]. Between groups: ${tests[0]?.name ?? 'no test'}.`],
    reasons: tests.map(({ value, p }) => undefinedReason([value, p])),
  };
}
