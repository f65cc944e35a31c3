/** `agree` of Fleiss' own form: how many readers put each patient into each category, in the place of readings. */

import { type ColumnTable, from } from 'arquero';
import type { Provenance } from '../../../protocol/view.ts';
import { fromTo } from '../../../protocol/words/lists.ts';
import type { NamedWeights } from '../../agreement/categories/weights.ts';
import { valueIn } from '../../agreement/estimate.ts';
import { coefficientsOfCounts, type ReaderCoefficients } from '../../agreement/readers/chanceCorrected.ts';
import {
  coefficientStatistics,
  fleissStatistic,
  krippendorffStatistic,
} from '../../agreement/readers/coefficientStatistics.ts';
import { type FleissAgreement, fleissKappa } from '../../agreement/readers/fleiss.ts';
import type { BootstrapPlan } from '../../agreement/resampling/bootstrap.ts';
import { type NamedStatistic, statisticRow, undefinedReason } from '../../agreement/statisticRow.ts';
import { classOf } from '../../base/labels.ts';
import { UserError } from '../../base/userError.ts';
import { rowsOf } from '../../tables/rows.ts';
import type { Named } from '../../values/named.ts';
import { statisticsTable } from '../../values/statistics.ts';
import { tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';

/** Of a table with a row per patient and category. */
const LONG_FORM = ['patient', 'category', 'count'] as const;

interface CategoryCounts {
  /** In their order on the scale. */
  readonly categories: readonly string[];
  /** [patient][category]. */
  readonly counts: readonly (readonly number[])[];
}

/** How a statement wants them compared. */
interface Asked {
  readonly weights: NamedWeights;
  readonly bootstrap: BootstrapPlan;
  readonly confidence: number;
}

/** Whether the table has `patient, category, count`, or `patient` and else only whole numbers in columns that are no class. */
export function holdsCategoryCounts(table: ColumnTable): boolean {
  const columns = table.columnNames();
  if (LONG_FORM.every((column) => columns.includes(column))) return true;
  const rest = columns.filter((column) => column !== 'patient');
  return (
    columns.includes('patient') &&
    rest.length >= 2 &&
    rest.every((column) => !isReading(column) && Array.from(table.array(column), isCount).every(Boolean))
  );
}

/** `ggo`, `ggo_RLL`, `score`, `volume_ml`: columns that have a meaning of their own. */
function isReading(column: string): boolean {
  const known = ['reader', 'region', 'series', 'visit', 'days', 'score', 'percent', 'class', 'volume_ml'];
  return classOf(column.replace(/_[^_]+$/, '')) !== undefined || known.includes(column.trim().toLowerCase());
}

function isCount(cell: unknown): boolean {
  return Number.isInteger(cell) && Number(cell) >= 0;
}

export function agreeCategoryCounts({ name, value }: Named<'table'>, asked: Asked): VerbResult {
  const { categories, counts } = countsIn(value.table, name);
  const readers = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const coefficients = coefficientsOfCounts(counts, categories.length, asked.weights.weights, asked.confidence);
  const fleiss = fleissKappa(counts, asked.confidence);
  const table = from([rowOf(name, readers, coefficients, fleiss)]);
  const provenance: Provenance = {
    ...value.provenance,
    parameters: {
      ...value.provenance.parameters,
      categoryCounts: true,
      weights: asked.weights.name,
      level: 100 * asked.confidence,
    },
  };
  const level = Number((100 * asked.confidence).toPrecision(6));
  const reason = undefinedReason([coefficients.fleiss.value, coefficients.gwet.value, fleiss.overall.kappa]);
  return {
    value: {
      kind: 'table',
      table,
      cutPoints: undefined,
      statistics: () =>
        statisticsTable(
          statisticsOf({ categories, counts }, coefficients, fleiss, asked).map((statistic) =>
            statisticRow({ region: 'total', class: name }, statistic),
          ),
        ),
      provenance,
    },
    view: () =>
      tableView(table.select(table.columnNames((column) => column !== 'region' && column !== 'class')), {
        title: `Agreement in the counts of ${name}`,
        notes: [
          `${categories.length} categories in this order: ${categories.join(', ')}. Intervals are ${level} % confidence intervals. \`describe\` lists Brennan and Prediger’s coefficient, κ of each category and intervals of α; Conger’s κ needs readings by reader.`,
          ...(reason === undefined ? [] : [`Empty where ${reason}.`]),
        ],
        researchOnly: true,
        provenance,
        columns: HEADINGS,
      }),
  };
}

const HEADINGS = {
  n: { label: 'n', kind: 'number', digits: 0, description: 'Patients with at least one reading' },
  readings: { label: 'Readings', kind: 'text', description: 'Of each patient' },
  ac: { label: 'Gwet’s AC', kind: 'number', digits: 2, description: 'AC1 without weights, AC2 with them' },
  ac_ci_low: { label: 'AC low', kind: 'number', digits: 2 },
  ac_ci_high: { label: 'AC high', kind: 'number', digits: 2 },
} as const;

function rowOf(
  name: string,
  readers: readonly number[],
  { patients, percentAgreement, gwet, fleiss: weighted }: ReaderCoefficients,
  fleiss: FleissAgreement,
) {
  const [fewest, most] = [Math.min(...readers), Math.max(...readers)];
  const share = valueIn(percentAgreement.value);
  return {
    region: 'total',
    class: name,
    n: patients,
    readings: fromTo(fewest, most),
    percent_agreement: share === undefined ? undefined : 100 * share,
    fleiss_kappa: valueIn(weighted.value),
    fleiss_ci_low: valueIn(weighted.ciLow),
    fleiss_ci_high: valueIn(weighted.ciHigh),
    fleiss_p: valueIn(fleiss.overall.p),
    ac: valueIn(gwet.value),
    ac_ci_low: valueIn(gwet.ciLow),
    ac_ci_high: valueIn(gwet.ciHigh),
  };
}

function statisticsOf(
  { categories, counts }: CategoryCounts,
  coefficients: ReaderCoefficients,
  fleiss: FleissAgreement,
  { weights, bootstrap, confidence }: Asked,
): NamedStatistic[] {
  const readings = counts.map((row) => row.flatMap((count, category) => new Array<number>(count).fill(category)));
  return [
    ...coefficientStatistics(coefficients, weights.name),
    ...fleiss.byCategory.map((kappa, n) => ({
      ...fleissStatistic(`Fleiss’ κ of ${categories[n]}`, kappa),
      n: fleiss.patients,
    })),
    ...(['nominal', 'ordinal', 'interval'] as const).map((level) =>
      krippendorffStatistic(readings, level, { ...bootstrap, confidence }),
    ),
  ];
}

function countsIn(table: ColumnTable, name: string): CategoryCounts {
  const columns = table.columnNames();
  const rows = rowsOf(table);
  if (!LONG_FORM.every((column) => columns.includes(column))) {
    const categories = columns.filter((column) => column !== 'patient');
    return { categories, counts: rows.map((row) => categories.map((category) => Number(row[category]))) };
  }
  const bad = rows.findIndex(({ count }) => !isCount(count));
  if (bad >= 0)
    throw new UserError(
      'bad-count',
      `Row ${bad + 1} of \`${name}\` has ${rows[bad]!.count} as count; a whole number from 0 is needed.`,
    );
  const categories = [...new Set(rows.map(({ category }) => category))];
  if (categories.every((category) => typeof category === 'number')) categories.sort((a, b) => Number(a) - Number(b));
  const byPatient = Map.groupBy(rows, ({ patient }) => String(patient));
  return {
    categories: categories.map(String),
    counts: [...byPatient.values()].map((own) =>
      categories.map((category) =>
        own.reduce((sum, row) => sum + (row.category === category ? Number(row.count) : 0), 0),
      ),
    ),
  };
}
