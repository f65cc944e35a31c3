/** `agree` of three readings or more: Fleiss' κ, Krippendorff's α, the intraclass correlation, and κ of every pair. */
import { type ColumnTable, from } from 'arquero';
import type { Region } from '../../../protocol/names.ts';
import type { Provenance } from '../../../protocol/view.ts';
import type { NamedWeights } from '../../agreement/categories/weights.ts';
import { completeCases, type Readings } from '../../agreement/completeCases.ts';
import { intraclass } from '../../agreement/continuous/intraclass.ts';
import { type Estimate, valueIn } from '../../agreement/estimate.ts';
import { readerCoefficients } from '../../agreement/readers/chanceCorrected.ts';
import { categoryCounts, fleissKappa } from '../../agreement/readers/fleiss.ts';
import { krippendorffAlpha } from '../../agreement/readers/krippendorff.ts';
import { pairwiseKappa } from '../../agreement/readers/pairwiseKappa.ts';
import { readerStatistics } from '../../agreement/readers/readerStatistics.ts';
import type { BootstrapPlan } from '../../agreement/resampling/bootstrap.ts';
import { statisticRow, undefinedReason } from '../../agreement/statisticRow.ts';
import { counted } from '../../base/counted.ts';
import { UserError } from '../../base/userError.ts';
import { categoryOf } from '../../tables/categories.ts';
import { regionClassKey, type Scores } from '../../tables/scores.ts';
import { emptyWhere, sentencesOf } from '../../values/remarks.ts';
import { statisticsTable } from '../../values/statistics.ts';
import { tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';

export interface Reader {
  readonly name: string;
  readonly scores: Scores;
}

export interface ReadersQuestion {
  readonly readers: readonly Reader[];
  readonly regions: readonly Region[];
  readonly classes: readonly string[];
  readonly cutPoints: readonly number[];
  readonly weights: NamedWeights;
  /** Of the intervals of Krippendorff's α, which has no formula for one. */
  readonly bootstrap: BootstrapPlan;
  readonly provenance: Provenance;
}

/** A row per region and class, as a table. κ and the intraclass correlation take the patients whom all have read. */
export function agreeReaders(question: ReadersQuestion): VerbResult {
  const { readers, regions, classes, provenance } = question;
  const rows = regions.flatMap((region) => classes.map((name) => rowOf(region, name, question)));
  if (rows.every(({ n }) => n === 0))
    throw new UserError(
      'no-common-patient',
      `No patient was read by all of ${readers.map(({ name }) => `\`${name}\``).join(', ')}. Write the same labels in all tables.`,
    );
  const table = from(rows.map(({ remarks: _, ...row }) => row));
  const notes = [
    'Fleiss’ κ and the intraclass correlation ICC(2,1) take the patients whom all have read, with 95 % intervals (Gwet 2021; F). Krippendorff’s α, Gwet’s coefficient and the percent agreement take all patients with two readings or more, κ of a pair those whom both have read. `describe` lists intervals of all, κ of each category, Brennan and Prediger’s and Conger’s coefficient and every form of the intraclass correlation.',
    ...rows.flatMap(({ remarks }) => remarks.flatMap((remark) => sentencesOf([remark]))),
  ];
  return {
    value: {
      kind: 'table',
      table,
      cutPoints: undefined,
      statistics: (shown) => statisticsOfReaders(shown, question),
      provenance,
    },
    view: () =>
      tableView(table, {
        title: `Agreement of ${counted(readers.length, 'reading')}: ${readers.map(({ name }) => name).join(', ')}`,
        notes,
        researchOnly: true,
        provenance,
        columns: { ...pairwiseHeadings(readers), ...gwetHeadings(question.weights.name) },
      }),
  };
}

/** The rows of the table that are left, with every statistic of theirs. */
function statisticsOfReaders(table: ColumnTable, question: ReadersQuestion): ColumnTable {
  const { readers, cutPoints, weights, bootstrap } = question;
  const names = readers.map(({ name }) => name);
  return statisticsTable(
    // SAFETY: some or all of the rows that `rowOf` made.
    (table.objects() as { region: Region; class: string }[]).flatMap((place) =>
      readerStatistics(
        { names, readings: readingsOf(place.region, place.class, readers, cutPoints) },
        cutPoints.length + 1,
        weights,
        bootstrap,
      ).map((statistic) => statisticRow(place, statistic)),
    ),
  );
}

function rowOf(region: Region, name: string, { readers, cutPoints, weights }: ReadersQuestion) {
  const categories = cutPoints.length + 1;
  const readings = readingsOf(region, name, readers, cutPoints);
  const { rows: complete, missing } = completeCases(readings);
  const fleiss = fleissKappa(categoryCounts(complete, categories)).overall;
  const { icc21 } = intraclass(complete);
  const pairwise = pairwiseKappa(readings, categories, weights.weights);
  const coefficients = readerCoefficients(readings, categories, weights.weights);
  const [nominal, ordinal, interval] = (['nominal', 'ordinal', 'interval'] as const).map(
    (level) => krippendorffAlpha(readings, level).alpha,
  );
  const reasons = [fleiss.kappa, fleiss.ciLow, nominal, icc21.icc, icc21.ciLow, pairwise.mean].map((estimate) =>
    undefinedReason([estimate]),
  );
  return {
    region,
    class: name,
    n: complete.length,
    missing,
    fleiss_kappa: valueIn(fleiss.kappa),
    fleiss_ci_low: valueIn(fleiss.ciLow),
    fleiss_ci_high: valueIn(fleiss.ciHigh),
    fleiss_p: valueIn(fleiss.p),
    alpha_nominal: valueIn(nominal!),
    alpha_ordinal: valueIn(ordinal!),
    alpha_interval: valueIn(interval!),
    icc: valueIn(icc21.icc),
    icc_ci_low: valueIn(icc21.ciLow),
    icc_ci_high: valueIn(icc21.ciHigh),
    percent_agreement: percentOf(coefficients.percentAgreement.value),
    ac: valueIn(coefficients.gwet.value),
    ac_ci_low: valueIn(coefficients.gwet.ciLow),
    ac_ci_high: valueIn(coefficients.gwet.ciHigh),
    mean_pairwise_kappa: valueIn(pairwise.mean),
    ...Object.fromEntries(
      pairwise.pairs.map(({ left, right, kappa }) => [columnOf(readers[left]!, readers[right]!), valueIn(kappa.kappa)]),
    ),
    remarks: [...new Set(reasons.filter((reason) => reason !== undefined))].map((reason) =>
      emptyWhere(reason, { region, class: name }),
    ),
  };
}

function percentOf(share: Estimate): number | undefined {
  const value = valueIn(share);
  return value === undefined ? undefined : 100 * value;
}

function columnOf(left: Reader, right: Reader): string {
  return `kappa_${left.name}_${right.name}`;
}

/** AC1 without weights, AC2 with them. */
function gwetHeadings(weights: string) {
  const sign = weights === 'none' ? 'AC1' : 'AC2';
  const heading = (label: string, description: string) => ({ label, kind: 'number', digits: 2, description }) as const;
  return {
    ac: heading(sign, `Gwet’s ${sign} of all readings`),
    ac_ci_low: heading(`${sign} low`, 'Lower bound of the 95 % confidence interval'),
    ac_ci_high: heading(`${sign} high`, 'Upper bound of the 95 % confidence interval'),
  };
}

function pairwiseHeadings(readers: readonly Reader[]) {
  return Object.fromEntries(
    readers.flatMap((left, n) =>
      readers
        .slice(n + 1)
        .map(
          (right) =>
            [columnOf(left, right), { label: `κ ${left.name}, ${right.name}`, kind: 'number', digits: 2 }] as const,
        ),
    ),
  );
}

/** Categories by patient and reader; undefined where a reader has none. */
function readingsOf(region: Region, name: string, readers: readonly Reader[], cutPoints: readonly number[]): Readings {
  const patients = [...new Set(readers.flatMap(({ scores }) => scores.rows.map((row) => row.patient)))];
  const byReader = readers.map(({ scores }) => scores.byPlace.get(regionClassKey(region, name)));
  return patients.map((patient) =>
    byReader.map((scores) => {
      const row = scores?.get(patient);
      return row?.percent === undefined ? row?.score : categoryOf(row.percent, cutPoints);
    }),
  );
}
