/** `agree` of three readings or more: Fleiss' κ, Krippendorff's α, the intraclass correlation, and κ of every pair. */
import { type ColumnTable, from } from 'arquero';
import type { Region } from '../../../protocol/names.ts';
import type { Provenance } from '../../../protocol/view.ts';
import type { NamedWeights } from '../../agreement/categories/weights.ts';
import { intraclass } from '../../agreement/continuous/intraclass.ts';
import { type Estimate, valueIn } from '../../agreement/estimate.ts';
import { homogeneity } from '../../agreement/homogeneity.ts';
import { readerCoefficients } from '../../agreement/readers/chanceCorrected.ts';
import { categoryCounts, fleissKappa } from '../../agreement/readers/fleiss.ts';
import {
  INCOMPLETE_METHODS,
  incompleteReadersIcc,
  incompleteReadersKappa,
} from '../../agreement/readers/incompleteStatistics.ts';
import { pairwiseKappa } from '../../agreement/readers/pairwiseKappa.ts';
import { readerStatistics } from '../../agreement/readers/readerStatistics.ts';
import { alphasOf, completeIn, pairedIn, type ReadersReadings } from '../../agreement/readers/readersReadings.ts';
import type { BootstrapPlan } from '../../agreement/resampling/bootstrap.ts';
import { statisticRow, undefinedReason } from '../../agreement/statisticRow.ts';
import { counted } from '../../base/counted.ts';
import { info } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import { categoryOf } from '../../tables/categories.ts';
import { categoryNames, type Scale, scaleInWords } from '../../tables/scale.ts';
import { regionClassKey, type Scores } from '../../tables/scores.ts';
import { emptyWhere, placeOf, type RowRemark, sentencesOf } from '../../values/remarks.ts';
import { statisticsTable } from '../../values/statistics.ts';
import { type TableViewParts, tableView } from '../../views/tableView.ts';
import type { Groups } from '../groupsIn.ts';
import type { VerbResult } from '../verb.ts';

export interface Reader {
  readonly name: string;
  readonly scores: Scores;
}

export interface ReadersQuestion {
  readonly readers: readonly Reader[];
  /** Everybody who counts, read or not. */
  readonly patients: readonly string[];
  /** Groups of patients, each with rows of its own; all together where there is none. */
  readonly grouping?: Groups;
  readonly regions: readonly Region[];
  readonly classes: readonly string[];
  readonly cutPoints: readonly number[];
  readonly scale: Scale;
  readonly weights: NamedWeights;
  /** Of the intervals of Krippendorff's α, which has no formula for one. */
  readonly bootstrap: BootstrapPlan;
  readonly provenance: Provenance;
}

/** A row per region and class, as a table. */
export function agreeReaders(question: ReadersQuestion): VerbResult {
  const { readers, regions, classes, grouping } = question;
  const rows = regions.flatMap((region) => classes.flatMap((name) => rowsAt(region, name, question)));
  if (rows.every(({ n }) => n === 0))
    throw new UserError(
      'no-common-patient',
      `No patient was read by two of ${readers.map(({ name }) => `\`${name}\``).join(', ')}. Write the same labels in all tables.`,
    );
  const table = from(
    rows.map(({ remarks: _, se: __, group, fleiss_p_groups, region, class: own, ...row }) => ({
      region,
      class: own,
      ...(grouping ? { group, fleiss_p_groups } : {}),
      ...row,
    })),
  );
  const isIncomplete = rows.some(({ remarks }) => remarks.some(({ code }) => code === 'incomplete-design'));
  const provenance = isIncomplete
    ? { ...question.provenance, parameters: { ...question.provenance.parameters, incomplete: true } }
    : question.provenance;
  const notes = [
    noteOf(question),
    ...(grouping ? [BETWEEN] : []),
    ...sentencesOf(rows.flatMap(({ remarks }) => remarks)),
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
        title: `Agreement of ${counted(readers.length, 'reading')}${grouping ? ` by ${grouping.name}` : ''}: ${readers.map(({ name }) => name).join(', ')}`,
        notes,
        researchOnly: true,
        provenance,
        columns: {
          ...pairwiseHeadings(readers, question.weights),
          ...gwetHeadings(question.weights.name),
          ...(grouping ? groupHeadings(grouping) : {}),
        },
      }),
  };
}

/** What is taken of whom, and of what. */
function noteOf({ readers, scale, weights, cutPoints }: ReadersQuestion): string {
  const [some, all] = [readers.some(inPercent), readers.every(inPercent)];
  const compared = all
    ? ` The intraclass correlation and α ordinal and interval compare percentages, κ and α nominal their categories at the cut points ${cutPoints.join(', ')}.`
    : some
      ? ` Percentages stand beside scores: all are compared as categories, at the cut points ${cutPoints.join(', ')}.`
      : '';
  const weighted = weights.name === 'none' ? 'unweighted' : `with ${weights.name} weights`;
  return `Scale ${scaleInWords(scale)}. Fleiss’ κ (unweighted) and the intraclass correlation ICC(2,1) take the patients whom all have read, with 95 % intervals (Gwet 2021; F). Krippendorff’s α, Gwet’s coefficient and the percent agreement take all patients with two readings or more, κ of a pair (${weighted}) those whom both have read.${compared} \`describe\` lists intervals of all, κ of each category, Brennan and Prediger’s and Conger’s coefficient and every form of the intraclass correlation.`;
}

function inPercent({ scores }: Reader): boolean {
  return scores.rows.some(({ percent }) => percent !== undefined);
}

/** The rows of the table that are left, with every statistic of theirs. */
function statisticsOfReaders(table: ColumnTable, question: ReadersQuestion): ColumnTable {
  return statisticsTable(
    // SAFETY: some or all of the rows that `rowOf` made.
    (table.objects() as { region: Region; class: string; group?: string }[]).flatMap((place) =>
      readerStatistics(
        readingsOf(place.region, place.class, ofGroup(question, place.group)),
        question.weights,
        question.bootstrap,
      ).map((statistic) =>
        statisticRow(
          place,
          place.group === undefined ? statistic : { ...statistic, name: `${place.group}, ${statistic.name}` },
        ),
      ),
    ),
  );
}

type GroupRow = ReturnType<typeof rowOf> & {
  readonly group?: string;
  readonly fleiss_p_groups?: number | undefined;
};

/** One row, or one of each group with the test between them. */
function rowsAt(region: Region, name: string, question: ReadersQuestion): GroupRow[] {
  const { grouping } = question;
  if (!grouping) return [rowOf(region, name, question)];
  const rows = grouping.groups.map((group) => ({ group, ...rowOf(region, name, ofGroup(question, group)) }));
  const { p } = homogeneity(
    rows.map(({ fleiss_kappa: value, se }) => ({ value, variance: se === undefined ? undefined : se ** 2 })),
  );
  const reason = undefinedReason([p]);
  return rows.map(({ remarks, ...row }, n) => ({
    ...row,
    fleiss_p_groups: valueIn(p),
    remarks: [
      ...remarks.map((remark) => ({ ...remark, place: `${remark.place}, ${grouping.name} ${row.group}` })),
      ...(reason && n === 0 ? [emptyWhere(reason, { region, class: name }, 'p of Fleiss’ κ between groups')] : []),
    ],
  }));
}

/** The patients of one group; everybody where none is named. */
function ofGroup(question: ReadersQuestion, group: string | undefined): ReadersQuestion {
  const { grouping, patients } = question;
  if (!grouping || group === undefined) return question;
  return { ...question, patients: patients.filter((patient) => grouping.groupOf.get(patient) === group) };
}

const BETWEEN =
  'p between groups: χ² test of homogeneity of Fleiss’ κ with its large-sample variances (Fleiss, Levin and Paik 2003); small p say that agreement differs between the groups.';

function groupHeadings({ name }: Groups): NonNullable<TableViewParts['columns']> {
  return {
    group: { label: name, kind: 'text' },
    fleiss_p_groups: { label: 'p (Fleiss’ κ between groups)', kind: 'p-value', digits: 3 },
  };
}

function rowOf(region: Region, name: string, question: ReadersQuestion) {
  const { readers, weights } = question;
  const readings = readingsOf(region, name, question);
  const complete = completeIn(readings);
  const paired = pairedIn(readings);
  // A few patients whom all happen to have read say little of a design in which nobody was to read all.
  const isIncomplete = 2 * complete.values.length < paired;
  const fleiss = isIncomplete
    ? incompleteReadersKappa(readings)
    : fleissKappa(categoryCounts(complete.categories, readings.categories)).overall;
  const { icc21 } = isIncomplete ? incompleteReadersIcc(readings).icc : intraclass(complete.values);
  const pairwise = pairwiseKappa(readings.ofCategories, readings.categories, weights.weights);
  const coefficients = readerCoefficients(readings.ofCategories, readings.categories, weights.weights);
  const [nominal, ordinal, interval] = alphasOf(readings).map(({ alpha }) => alpha.alpha);
  const reasons = [fleiss.kappa, fleiss.ciLow, nominal, icc21.icc, icc21.ciLow, pairwise.mean].map((estimate) =>
    undefinedReason([estimate]),
  );
  const n = isIncomplete ? paired : complete.values.length;
  return {
    region,
    class: name,
    n,
    missing: readings.ofValues.length - n,
    se: valueIn(fleiss.se),
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
    remarks: [
      ...[...new Set(reasons.filter((reason) => reason !== undefined))].map((reason) =>
        emptyWhere(reason, { region, class: name }),
      ),
      ...(isIncomplete ? [incompleteRemark(region, name, complete.values.length, paired)] : []),
    ],
  };
}

function incompleteRemark(region: Region, name: string, complete: number, paired: number): RowRemark {
  return {
    ...info(
      'incomplete-design',
      `all with two readings or more are taken, by methods for incomplete readings: ${INCOMPLETE_METHODS}`,
    ),
    place: placeOf({ region, class: name }),
    detail: `all have read ${complete} of ${paired} patients`,
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

function pairwiseHeadings(readers: readonly Reader[], { name }: NamedWeights): NonNullable<TableViewParts['columns']> {
  const [weighted, words] = name === 'none' ? ['', 'Unweighted'] : [` (${name})`, `With weights ${name}`];
  const pairs = readers.flatMap((left, n) =>
    readers.slice(n + 1).map((right) => [columnOf(left, right), `κ${weighted} ${left.name}, ${right.name}`] as const),
  );
  return Object.fromEntries(
    [...pairs, ['mean_pairwise_kappa', `Mean pairwise κ${weighted}`] as const].map(([column, label]) => [
      column,
      {
        label,
        kind: 'number',
        digits: 2,
        description: `${words}${column === 'mean_pairwise_kappa' ? '; Light’s κ' : ''}`,
      },
    ]),
  );
}

/** By patient and reader; undefined where a reader has none. */
function readingsOf(
  region: Region,
  name: string,
  { readers, patients, cutPoints, scale }: ReadersQuestion,
): ReadersReadings {
  const byReader = readers.map(({ scores }) => scores.byPlace.get(regionClassKey(region, name)));
  const rows = patients.map((patient) => byReader.map((scores) => scores?.get(patient)));
  const ofCategories = rows.map((row) =>
    row.map((own) => own && (own.percent === undefined ? own.score! - scale.low : categoryOf(own.percent, cutPoints))),
  );
  const isPercent = readers.every(inPercent);
  return {
    names: readers.map((reader) => reader.name),
    ofCategories,
    ofValues: isPercent ? rows.map((row) => row.map((own) => own?.percent)) : ofCategories,
    unit: isPercent ? 'percent' : 'category',
    categories: scale.categories,
    categoryNames: categoryNames(scale),
  };
}
