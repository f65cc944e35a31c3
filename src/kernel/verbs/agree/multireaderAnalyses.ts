/** Of a class in a region: which statistics of readers against the truth make sense, and their comparison between two conditions. */
import type { ColumnTable } from 'arquero';
import type { Region } from '../../../protocol/names.ts';
import { kappaStatistic } from '../../agreement/categories/kappaValue.ts';
import type { Weights } from '../../agreement/categories/weights.ts';
import { spearmanStatistic } from '../../agreement/correlation/spearman.ts';
import { defined } from '../../agreement/estimate.ts';
import { aucStatistic } from '../../agreement/multireader/empiricalAuc.ts';
import {
  type Inference,
  type MultireaderAnalysis,
  obuchowskiRockette,
} from '../../agreement/multireader/obuchowskiRockette.ts';
import { type ReaderCell, readerCell } from '../../agreement/multireader/readerCell.ts';
import type { Statistic } from '../../agreement/resampling/resample.ts';
import type { NamedStatistic } from '../../agreement/statisticRow.ts';
import { numberInCell } from '../../tables/cellNumber.ts';
import { rowsOf } from '../../tables/rows.ts';
import type { Scale } from '../../tables/scale.ts';
import { regionClassKey, type ScoreRow } from '../../tables/scores.ts';
import { categoryIn } from './pairing.ts';
import type { Reading } from './readings.ts';

export type MultireaderStatistic = 'rho' | 'kappa' | 'auc';

export interface MultireaderReadings {
  readonly truth: Reading;
  readonly readers: readonly {
    readonly name: string;
    readonly readings: readonly [Reading, Reading];
    readonly tables: readonly [ColumnTable, ColumnTable];
  }[];
  readonly patients: readonly string[];
  readonly cutPoints: readonly number[];
  readonly scale: Scale;
}

export interface Compared {
  readonly region: Region;
  readonly class: string;
  readonly statistic: MultireaderStatistic;
  /** Who has read under both conditions, with what each achieves. */
  readonly readers: readonly { readonly name: string; readonly values: readonly [number, number] | undefined }[];
  /** Cases with a true value that a reader or more has read under both conditions. */
  readonly n: number;
  /** Readings of such a case that a reader lacks. */
  readonly missing: number;
  readonly isSplitPlot: boolean;
  /** Readers whose confidence says how sure a yes or a no is. */
  readonly byConfidence: readonly string[];
  readonly analysis: MultireaderAnalysis | undefined;
  /** Why there is none. */
  readonly reason: string | undefined;
}

interface Plan {
  readonly weights: Weights;
  readonly confidence: number;
}

/** What one reader has of the cases, by their numbers; both conditions are there. */
interface CasesRead {
  readonly name: string;
  readonly cases: readonly number[];
  readonly truths: readonly ScoreRow[];
  readonly rows: readonly [readonly ScoreRow[], readonly ScoreRow[]];
  readonly tables: readonly [ColumnTable, ColumnTable];
}

export function analysesAt(
  readings: MultireaderReadings,
  place: { readonly region: Region; readonly class: string },
  plan: Plan,
): Compared[] {
  const read = readings.readers.map((reader) => casesRead(readings, reader, place)).filter(({ cases }) => cases.length);
  if (read.length === 0) return [];
  return statisticsFor(read, readings).map((statistic) => analysisOf(statistic, { read, readings, place, plan }));
}

function casesRead(
  { truth, patients }: MultireaderReadings,
  { name, readings, tables }: MultireaderReadings['readers'][number],
  { region, class: asked }: { readonly region: Region; readonly class: string },
): CasesRead {
  const [true_, first, second] = [truth, ...readings].map(({ scores }) =>
    scores.byPlace.get(regionClassKey(region, asked)),
  );
  const both = patients.flatMap((patient, n) => {
    const [t, a, b] = [true_?.get(patient), first?.get(patient), second?.get(patient)];
    return t && a && b ? [{ n, t, a, b }] : [];
  });
  return {
    name,
    tables,
    cases: both.map(({ n }) => n),
    truths: both.map(({ t }) => t),
    rows: [both.map(({ a }) => a), both.map(({ b }) => b)],
  };
}

/**
 * Of a truth with two values the area under the curve; κ too where readers have no more than two. Of others ρ and κ,
 * which would compare grades with a yes or a no elsewhere.
 */
function statisticsFor(read: readonly CasesRead[], { cutPoints, scale }: MultireaderReadings): MultireaderStatistic[] {
  const categories = (rows: readonly ScoreRow[]) => rows.map((row) => categoryIn(row, cutPoints, scale));
  const truths = new Set(read.flatMap(({ truths: own }) => categories(own)));
  if (truths.size > 2) return ['rho', 'kappa'];
  const used = new Set(read.flatMap(({ rows }) => rows.flatMap(categories)));
  return used.size > 2 ? ['auc'] : ['auc', 'kappa'];
}

interface Analysing {
  readonly read: readonly CasesRead[];
  readonly readings: MultireaderReadings;
  readonly place: { readonly region: Region; readonly class: string };
  readonly plan: Plan;
}

function analysisOf(statistic: MultireaderStatistic, { read, readings, place, plan }: Analysing): Compared {
  const confident = statistic === 'auc' ? read.filter((one) => isYesNo(one, readings) && hasConfidence(one)) : [];
  const cells = read.map((one) =>
    ([0, 1] as const).map((n) =>
      readerCell(one.cases, statisticOf(statistic, one, n, { readings, plan, byConfidence: confident.includes(one) })),
    ),
  );
  const reason = cells.flat().flatMap((cell) => ('reason' in cell ? [cell.reason] : []))[0];
  const whole = cells.flatMap(([a, b]) => (isCell(a) && isCell(b) ? [[a, b] as const] : []));
  const cases = new Set(read.flatMap((one) => one.cases));
  return {
    ...place,
    statistic,
    readers: read.map(({ name }, n) => {
      const [a, b] = cells[n]!;
      return { name, values: isCell(a) && isCell(b) ? ([a.value, b.value] as const) : undefined };
    }),
    n: cases.size,
    missing: readings.readers.length * cases.size - read.reduce((sum, one) => sum + one.cases.length, 0),
    isSplitPlot: read.some((a, i) => read.slice(i + 1).some((b) => !a.cases.some((n) => b.cases.includes(n)))),
    byConfidence: confident.map(({ name }) => name),
    analysis: reason === undefined ? obuchowskiRockette(whole, plan.confidence) : undefined,
    reason,
  };
}

function isCell(cell: ReaderCell | { readonly reason: string } | undefined): cell is ReaderCell {
  return cell !== undefined && 'value' in cell;
}

function statisticOf(
  statistic: MultireaderStatistic,
  one: CasesRead,
  n: 0 | 1,
  {
    readings: { cutPoints, scale },
    plan,
    byConfidence,
  }: { readonly readings: MultireaderReadings; readonly plan: Plan; readonly byConfidence: boolean },
): Statistic {
  const rows = one.rows[n];
  const category = (row: ScoreRow) => categoryIn(row, cutPoints, scale);
  const value = (row: ScoreRow) => row.percent ?? row.score!;
  if (statistic === 'rho') return spearmanStatistic(rows.map(value), one.truths.map(value));
  if (statistic === 'kappa')
    return kappaStatistic(rows.map(category), one.truths.map(category), scale.categories, plan.weights);
  const highest = one.truths.reduce((most, row) => Math.max(most, category(row)), 0);
  const ratings = byConfidence ? signedConfidence(one, n) : rows.map(value);
  return aucStatistic(
    ratings,
    one.truths.map((row) => category(row) === highest),
  );
}

function isYesNo({ rows }: CasesRead, { cutPoints, scale }: MultireaderReadings): boolean {
  return new Set(rows.flat().map((row) => categoryIn(row, cutPoints, scale))).size <= 2;
}

/** In both conditions, of each of these cases. */
function hasConfidence(one: CasesRead): boolean {
  return ([0, 1] as const).every((n) => {
    const known = confidenceIn(one.tables[n]);
    return one.rows[n].every(({ patient }) => known.has(patient));
  });
}

/** From a sure no to a sure yes. */
function signedConfidence(one: CasesRead, n: 0 | 1): number[] {
  const known = confidenceIn(one.tables[n]);
  return one.rows[n].map(({ patient, score = 0 }) => (score > 0 ? 1 : -1) * known.get(patient)!);
}

/** What was answered to `ask confidence`, by patient. */
function confidenceIn(table: ColumnTable): Map<string, number> {
  const rows = table.columnNames().includes('class') ? rowsOf(table) : [];
  return new Map(
    rows
      .filter((row) => row.class === 'confidence')
      .toReversed()
      .flatMap((row) => {
        const number = numberInCell(row.score);
        return typeof number === 'number' ? [[String(row.patient ?? '').trim(), number] as const] : [];
      }),
  );
}

/** As they are printed. */
export const SIGNS: Readonly<Record<MultireaderStatistic, string>> = { rho: 'ρ', kappa: 'κ', auc: 'AUC' };
const COMPONENTS = {
  condition: 'MS(condition)',
  conditionByReader: 'MS(condition × reader)',
  variance: 'variance (error)',
  cov1: 'Cov1 (same reader, other condition)',
  cov2: 'Cov2 (other reader, same condition)',
  cov3: 'Cov3 (other reader, other condition)',
} as const;

/** Everything that is known of a comparison, for `describe`. */
export function detailsOf(
  { statistic, analysis, readers, n }: Compared,
  names: readonly [string, string],
): NamedStatistic[] {
  if (!analysis) return [];
  const sign = SIGNS[statistic];
  const named = (name: string, { value, se, ciLow, ciHigh, p, test }: Inference): NamedStatistic => ({
    name,
    n,
    value,
    se,
    interval: { ciLow, ciHigh },
    by: test?.name === 'z' ? 'z, jackknife covariances' : 't, jackknife covariances',
    ...(test ? { p, test } : {}),
  });
  const { difference, conditions, components } = analysis;
  return [
    named(`Difference in ${sign}, readers and cases random`, difference.both),
    named(`Difference in ${sign}, readers fixed`, difference.cases),
    named(`Difference in ${sign}, cases fixed`, difference.readers),
    ...conditions.map((own, i) => named(`${sign} ${names[i]}`, own)),
    ...readers.flatMap(({ name, values }, i) => [
      ...(values ?? []).map((value, j) => ({ name: `${sign} of ${name}, ${names[j]}`, n, value: defined(value) })),
      named(`Difference in ${sign} of ${name}`, analysis.readers[i]!),
    ]),
    ...Object.entries(COMPONENTS).flatMap(([key, name]) => {
      // SAFETY: the keys are those of the table above.
      const value = components[key as keyof typeof COMPONENTS];
      return value === undefined ? [] : [{ name: `${name} of ${sign}`, n, value: defined(value) }];
    }),
  ];
}
