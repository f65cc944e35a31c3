/** `agree … between COLUMN against TRUTH`: what readers achieve under two conditions, such as without and with AI. */
import { table as arqueroTable, type ColumnTable, from } from 'arquero';
import type { Region } from '../../../protocol/names.ts';
import type { Remark } from '../../../protocol/remark.ts';
import { benjaminiHochberg, holm } from '../../agreement/adjustedP.ts';
import { valueIn } from '../../agreement/estimate.ts';
import { statisticRow, undefinedReason } from '../../agreement/statisticRow.ts';
import { UserError } from '../../base/userError.ts';
import { type Scale, scaleOfCuts } from '../../tables/scale.ts';
import { emptyWhere, sentencesOf } from '../../values/remarks.ts';
import { statisticsTable } from '../../values/statistics.ts';
import type { AskedFigure, TableValue } from '../../values/value.ts';
import { readersFigure } from '../../views/figures/readersFigure.ts';
import { multireaderHeadings } from '../../views/multireaderHeadings.ts';
import { tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';
import { cutPointsOf, provenanceOf, type Side } from './agreeSides.ts';
import { regionsOf, weightsOf } from './asked.ts';
import type { AgreeArguments } from './clauses.ts';
import { type Conditions, conditionsOf } from './conditions.ts';
import { matchPatients } from './matchPatients.ts';
import { analysesAt, type Compared, detailsOf, type MultireaderReadings, SIGNS } from './multireaderAnalyses.ts';
import { classesCompared, type Reading, readingsOf } from './readings.ts';
import { declaredScale, scaleAsked } from './scaleAsked.ts';

export function agreeMultireader(
  sides: readonly Side[],
  column: string,
  truth: Side,
  asked: AgreeArguments,
): VerbResult {
  const conditions = conditionsOf(sides, column);
  const { readings, classes, cutPoints, remarks } = readingsIn(conditions, truth, asked);
  const weights = weightsOf(asked);
  const confidence = asked.level / 100;
  const plan = { weights: weights.weights, confidence };
  const all = [readings.truth, ...readings.readers.flatMap((reader) => reader.readings)];
  const compared = regionsOf(asked, all).flatMap((region: Region) =>
    classes.flatMap((name) => analysesAt(readings, { region, class: name }, plan)),
  );
  if (compared.every(({ analysis }) => !analysis))
    throw new UserError(
      'no-pairs',
      `Nothing can be compared: ${compared[0]?.reason ?? `\`${truth.name}\` has no value of ${classes.join(', ')} for a patient who was read under both conditions`}.`,
    );
  const provenance = [...sides, truth].slice(1).reduce(
    (joined, side) =>
      provenanceOf({ value: { provenance: joined } }, side, {
        between: column,
        truth: truth.name,
        weights: weights.name,
        level: asked.level,
        ...(cutPoints.length ? { cutPoints } : {}),
      }),
    [...sides, truth][0]!.value.provenance,
  );
  const table = tableOf(compared);
  const kept = (left: ColumnTable) => {
    // SAFETY: some or all of the rows that `tableOf` made.
    const rows = left.objects() as { region: string; class: string; statistic: string }[];
    return compared.filter((one) =>
      rows.some((row) => row.region === one.region && row.class === one.class && row.statistic === one.statistic),
    );
  };
  const value: TableValue = {
    kind: 'table',
    table,
    cutPoints: undefined,
    statistics: (left) =>
      statisticsTable(
        kept(left).flatMap((one) => detailsOf(one, conditions.names).map((detail) => statisticRow(one, detail))),
      ),
    figures: {
      readers: (left: ColumnTable, drawn: AskedFigure) =>
        readersFigure(kept(left), drawn, { names: conditions.names, level: asked.level, provenance }),
    },
    provenance,
  };
  return {
    value,
    remarks: [...conditions.remarks, ...remarks],
    view: () =>
      tableView(withSigns(table), {
        title: `${conditions.readers.map(({ name }) => name).join(', ')}: ${conditions.names[1]} and ${conditions.names[0]}, against ${truth.name}`,
        notes: notesOf(compared, readings, asked.level),
        researchOnly: true,
        provenance,
        columns: multireaderHeadings(conditions.names, asked.level),
      }),
  };
}

interface Read {
  readonly readings: MultireaderReadings;
  readonly classes: readonly string[];
  /** None where nothing is in percent. */
  readonly cutPoints: readonly number[];
  readonly remarks: readonly Remark[];
}

function readingsIn(conditions: Conditions, truth: Side, asked: AgreeArguments): Read {
  const sides = [truth, ...conditions.readers.flatMap((reader) => reader.sides)];
  const cutPoints = sides.slice(1).map((side) => cutPointsOf(truth, side))[0]!;
  const usual = declaredScale(asked) ?? scaleOfCuts(cutPoints);
  const all = readingsOf(sides, usual, asked);
  const [reference, ...others] = all;
  const { classes, remarks } = classesCompared(asked, all);
  const hasPercentages = all.some(({ scores }) => scores.rows.some(({ percent }) => percent !== undefined));
  const scale: Scale = scaleAsked(asked, cutPoints, hasPercentages);
  const readers = conditions.readers.map(({ name, sides: own }, n) => ({
    name,
    readings: [others[2 * n]!, others[2 * n + 1]!] as const,
    tables: [own[0].value.table, own[1].value.table] as const,
  }));
  const matched = readers.map(({ name, readings }) => matchPatients(reference!, bothOf(name, readings)));
  return {
    readings: {
      truth: reference!,
      readers,
      patients: [...new Set(matched.flatMap(({ patients }) => patients))],
      cutPoints,
      scale,
    },
    classes,
    cutPoints: hasPercentages ? cutPoints : [],
    remarks: [...remarks, ...matched.flatMap((own) => own.remarks), ...all.flatMap(({ scores }) => scores.remarks)],
  };
}

/** Whom a reader has read under either condition. */
function bothOf(name: string, [a, b]: readonly [Reading, Reading]) {
  return {
    name,
    excluded: a.excluded,
    scores: {
      rows: [...a.scores.rows, ...b.scores.rows],
      patients: new Set([...a.scores.patients, ...b.scores.patients]),
    },
  };
}

function tableOf(compared: readonly Compared[]): ColumnTable {
  const rows = compared.map((one) => {
    const { analysis } = one;
    const difference = analysis && mainOf(one);
    const [first, second] = analysis?.conditions ?? [];
    return {
      region: one.region,
      class: one.class,
      statistic: one.statistic,
      first: first && valueIn(first.value),
      first_ci_low: first && valueIn(first.ciLow),
      first_ci_high: first && valueIn(first.ciHigh),
      second: second && valueIn(second.value),
      second_ci_low: second && valueIn(second.ciLow),
      second_ci_high: second && valueIn(second.ciHigh),
      difference: difference && valueIn(difference.value),
      difference_ci_low: difference && valueIn(difference.ciLow),
      difference_ci_high: difference && valueIn(difference.ciHigh),
      p: difference && valueIn(difference.p),
      df: difference?.test?.degreesOfFreedom?.[0],
      readers: one.readers.length,
      n: one.n,
      missing: one.missing,
    };
  });
  const adjusted = new Map(
    [...Map.groupBy(rows, ({ statistic }) => statistic).values()].flatMap((same) => {
      const p = same.map((row) => row.p);
      const [byHolm, byRate] = [holm(p), benjaminiHochberg(p)];
      return same.map((row, n) => [row, { p_holm: byHolm[n], p_bh: byRate[n] }] as const);
    }),
  );
  return from(rows.map((row) => ({ ...row, ...adjusted.get(row) })));
}

/** Statistics as they are printed; in files and expressions they have their names. */
function withSigns(table: ColumnTable): ColumnTable {
  // SAFETY: the column is made of these names.
  const names = Array.from(table.array('statistic')) as (keyof typeof SIGNS)[];
  return table.assign(arqueroTable({ statistic: names.map((name) => SIGNS[name]) }));
}

/** For readers and cases like these; of a single reader for cases alone. */
function mainOf({ analysis, readers }: Compared) {
  return readers.length > 1 ? analysis?.difference.both : analysis?.difference.cases;
}

function notesOf(compared: readonly Compared[], { readers }: MultireaderReadings, level: number): string[] {
  const shown = Number(level.toPrecision(6));
  const compares = new Set(compared.flatMap((one) => one.readers.map(({ name }) => name)));
  const without = readers.flatMap(({ name }) => (compares.has(name) ? [] : [name]));
  const several = compares.size > 1;
  const lacking = compared.filter(({ missing }) => missing > 0);
  const isSplit = compared.some(({ isSplitPlot }) => isSplitPlot);
  return [
    several
      ? `Second minus first condition, for readers and cases like these: Obuchowski and Rockette’s analysis of variance with jackknife covariances and Hillis’s degrees of freedom; ${shown} % intervals. \`describe\` lists the same for these readers or these cases alone, each reader, and the components of variance.`
      : `Second minus first condition of one reader, for cases like these, by jackknife; ${shown} % intervals. Nothing is said of other readers.`,
    ...(without.length ? [`Left out, with no case under both conditions: ${without.join(', ')}.`] : []),
    ...(lacking.length
      ? [
          `Missing are readings of a case that a reader lacks under either condition. ${isSplit ? 'Some readers have no case in common (a split-plot design): ' : ''}Covariances are of the cases that readers share.`,
        ]
      : []),
    ...(readers.some(({ name }) => compared.some(({ byConfidence }) => byConfidence.includes(name)))
      ? ['Areas under the curve are of the answer yes or no with the reader’s confidence in it.']
      : []),
    ...sentencesOf(
      compared.flatMap((one) => {
        const why = one.reason ?? undefinedReason([mainOf(one)?.p]);
        return why === undefined ? [] : [emptyWhere(why, one, SIGNS[one.statistic])];
      }),
    ),
  ];
}
