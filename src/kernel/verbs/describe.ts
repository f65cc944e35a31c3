/** `describe`: what was found, series by series; the flags of what was measured; or what a table holds, column by column. */
import type { ColumnTable } from 'arquero';
import type { TableView } from '../../protocol/view.ts';
import { counted } from '../base/counted.ts';
import { naturally } from '../base/naturally.ts';
import { name } from '../language/clauses/name.ts';
import { cohortFlags } from '../values/flags.ts';
import { sentencesOf } from '../values/remarks.ts';
import { statisticsOf } from '../values/statistics.ts';
import type { AgreementValue, MeasurementsValue, TableValue } from '../values/value.ts';
import { cohortView, NO_FLAG, unusedMessages } from '../views/cohortView.ts';
import { tableView } from '../views/tableView.ts';
import { declareVerb } from './verb.ts';

export const describe = declareVerb({
  name: 'describe',
  summary: 'Says what a cohort or table holds.',
  documentation:
    'For a cohort: a row per CT series with its slices, spacing, kernel, scanner and patient position, and its flags (few or missing slices, prone position and the like); nothing is dropped silently. For measurements: a row per CT and flag with the reason, `none` where there is no flag. For an agreement: every further statistic of each class and region (correlations, κ with all weights, AC1 and AC2, agreement within categories, tests of margins; where both sides are in the same unit also intraclass and concordance correlations, limits of agreement and repeatability). For an agreement of several readers: Fleiss’ κ of each category, Krippendorff’s α with intervals, every intraclass correlation, κ of each pair. For a table: a row per column.',
  examples: ['describe cohort', 'describe ai'],
  subject: {
    type: name('cohort', 'table', 'measurements', 'agreement'),
    noun: 'the name of a cohort or table',
    documentation: 'What to describe.',
  },
  clauses: {},
  gives: [],
  alwaysShown: true,
  async run({ subject: { name, value } }) {
    if (value.kind === 'measurements') return { view: () => flagsView(name, value) };
    if (value.kind === 'agreement')
      return {
        view: () => statisticsView(name, statisticsOf(value), value.pairs.length, sentencesOf(value.remarks), value),
      };
    if (value.kind === 'table' && value.statistics) {
      const { statistics, table } = value;
      return { view: () => statisticsView(name, statistics(table), table.numRows(), [], value) };
    }
    if (value.kind !== 'cohort')
      return { view: () => ({ ...columnsView(name, value.table), provenance: value.provenance }) };
    return {
      view: () => cohortView(value.cohort, name),
      messages: unusedMessages(value.cohort),
      flags: cohortFlags(value.cohort),
    };
  },
});

function flagsView(name: string, { table, measured, flags, provenance }: MeasurementsValue): TableView {
  const flagged = flags.map(({ patient, series, code, message }) => [patient, series, code, message] as const);
  const sound = measured
    .filter((m) => !flags.some(({ patient, series }) => patient === m.patient && series === m.series.id))
    .map((m) => [m.patient, m.series.id, NO_FLAG, null] as const);
  const rows = [...flagged, ...sound].sort((a, b) => naturally(a[0], b[0]) || naturally(a[1], b[1]));
  return {
    type: 'table',
    title: `${name}: ${counted(measured.length, 'measured CT')}, ${counted(flags.length, 'flag')}`,
    columns: [
      { name: 'patient', label: 'Patient', kind: 'text' },
      { name: 'series', label: 'Series', kind: 'text' },
      { name: 'flag', label: 'Flag', kind: 'text' },
      { name: 'reason', label: 'Reason', kind: 'prose' },
    ],
    rows,
    totalRows: rows.length,
    notes: [
      'A flag asks you to look; it excludes nothing. No flag does not say that a segmentation is right.',
      `The table itself has ${counted(table.numRows(), 'row')} with the columns ${table.columnNames().join(', ')}.`,
    ],
    messages: [],
    researchOnly: true,
    provenance,
  };
}

function statisticsView(
  name: string,
  table: ColumnTable,
  comparisons: number,
  notes: readonly string[],
  { provenance }: AgreementValue | TableValue,
): TableView {
  return tableView(table, {
    title: `${name}: ${counted(table.numRows(), 'statistic')} of ${counted(comparisons, 'comparison')}`,
    notes: ['`export … statistics` writes all of them.', ...notes],
    researchOnly: true,
    provenance: { ...provenance, parameters: { ...provenance.parameters, statistics: 'all' } },
  });
}

/** What a table holds, a row per column. */
export function columnsView(name: string, table: ColumnTable): TableView {
  const columns = table.columnNames();
  return {
    type: 'table',
    title: `${name}: ${table.numRows()} rows, ${columns.length} columns`,
    columns: [
      { name: 'column', label: 'Column', kind: 'text' },
      { name: 'filled', label: 'Filled', kind: 'number', digits: 0 },
      { name: 'different', label: 'Different values', kind: 'number', digits: 0 },
      { name: 'example', label: 'Examples', kind: 'text' },
    ],
    rows: columns.map((column) => {
      const cells = Array.from(table.array(column) as ArrayLike<unknown>).filter(
        (v) => v !== undefined && v !== null && v !== '',
      );
      const different = [...new Set(cells)];
      return [column, cells.length, different.length, different.slice(0, 4).map(shortly).join(', ')];
    }),
    totalRows: columns.length,
    notes: [],
    messages: [],
    researchOnly: false,
  };
}

/** Numbers in at most six digits: an example need not tell more. */
function shortly(value: unknown): string {
  return String(typeof value === 'number' ? Number(value.toPrecision(6)) : value);
}
