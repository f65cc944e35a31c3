/** `agree … on COLUMN` of three sides or more: intraclass correlations and Krippendorff's α of numbers as they are. */
import { from } from 'arquero';
import { completeCases, type Readings } from '../../agreement/completeCases.ts';
import { intraclass } from '../../agreement/continuous/intraclass.ts';
import { pearson } from '../../agreement/correlation/pearson.ts';
import { valueIn } from '../../agreement/estimate.ts';
import { FISHER, intraclassStatistics, repeatabilityStatistics } from '../../agreement/namedStatistics.ts';
import { krippendorffStatistic } from '../../agreement/readers/coefficientStatistics.ts';
import { krippendorffAlpha } from '../../agreement/readers/krippendorff.ts';
import { type NamedStatistic, statisticRow, undefinedReason } from '../../agreement/statisticRow.ts';
import { UserError } from '../../base/userError.ts';
import type { Measures } from '../../tables/measures.ts';
import { emptyWhere, placeAmong, sentencesOf } from '../../values/remarks.ts';
import { statisticsTable } from '../../values/statistics.ts';
import { measureHeadings } from '../../views/measureHeadings.ts';
import { tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';
import { classesOf, measuresIn, regionsOf } from './agreeMeasure.ts';
import { provenanceOf, type Side } from './agreeSides.ts';
import { bootstrapOf } from './asked.ts';
import type { AgreeArguments } from './clauses.ts';

interface Place {
  readonly region: string;
  readonly class: string;
  readonly readings: Readings;
}

export function agreeMeasureMany(sides: readonly Side[], column: string, asked: AgreeArguments): VerbResult {
  const read = sides.map((side) => measuresIn(side, column));
  const regions = regionsOf(sides, read, asked);
  const classes = classesOf(sides, read, asked);
  const places = regions.flatMap((region) => classes.map((name) => placeOf(sides, read, region, name)));
  const confidence = asked.level / 100;
  const results = places.map((place) => rowOf(place, confidence));
  if (results.every(({ row }) => row.n === 0))
    throw new UserError(
      'no-common-patient',
      `No patient has a ${column} in all of ${sides.map(({ name }) => `\`${name}\``).join(', ')}. Write the same labels in all tables.`,
    );
  const table = from(results.map(({ row }) => row));
  const provenance = sides.slice(1).reduce(
    (joined, side) =>
      provenanceOf({ value: { provenance: joined } }, side, {
        measuredTogether: column,
        readingsMeasured: sides.length,
        level: asked.level,
      }),
    sides[0]!.value.provenance,
  );
  const plan = { ...bootstrapOf(asked), confidence };
  const shown = Number(asked.level.toPrecision(6));
  return {
    value: {
      kind: 'table',
      table,
      cutPoints: undefined,
      statistics: (left) => {
        // SAFETY: some or all of the rows that `rowOf` made.
        const rows = left.objects() as { region: string; class: string }[];
        const kept = places.filter((place) =>
          rows.some((row) => row.region === place.region && row.class === place.class),
        );
        return statisticsTable(
          kept.flatMap((place) => statisticsOf(place, sides, plan).map((statistic) => statisticRow(place, statistic))),
        );
      },
      provenance,
    },
    remarks: read.flatMap(({ remarks }) => remarks),
    view: () =>
      tableView(classes[0] === '' ? table.select(table.columnNames((name) => name !== 'class')) : table, {
        title: `${column} of ${sides.map(({ name }) => name).join(', ')}`,
        notes: [
          `ICC(2,1) takes the patients whom all sides have, with ${shown} % intervals; Krippendorff’s α those of two sides or more. \`describe\` lists every form of the intraclass correlation, intervals of α, the within-patient SD and r of every pair.`,
          ...sentencesOf(
            results.flatMap(({ row, reasons }) => reasons.map((reason) => emptyWhere(reason, placeAmong(row, places)))),
          ),
        ],
        researchOnly: true,
        provenance,
        columns: measureHeadings(asked.level),
      }),
  };
}

function placeOf(sides: readonly Side[], read: readonly Measures[], region: string, name: string): Place {
  const bySide = read.map(({ rows }, n) => {
    const own = new Map<string, number>();
    for (const row of rows) {
      if (row.region !== region || (name !== '' && row.class !== name)) continue;
      if (own.has(row.patient))
        throw new UserError(
          'repeated-score',
          `\`${sides[n]!.name}\` measured ${row.patient} several times; repeated measurements are compared of two sides at a time.`,
        );
      own.set(row.patient, row.value);
    }
    return own;
  });
  const patients = [...new Set(bySide.flatMap((own) => [...own.keys()]))];
  return { region, class: name, readings: patients.map((patient) => bySide.map((own) => own.get(patient))) };
}

function rowOf({ region, class: name, readings }: Place, confidence: number) {
  const { rows, missing } = completeCases(readings);
  const { icc21 } = intraclass(rows, confidence);
  const alpha = krippendorffAlpha(readings, 'interval').alpha;
  const reasons = [icc21.icc, icc21.ciLow, alpha].flatMap((estimate) => undefinedReason([estimate]) ?? []);
  return {
    row: {
      region,
      class: name,
      n: rows.length,
      missing,
      icc: valueIn(icc21.icc),
      icc_ci_low: valueIn(icc21.ciLow),
      icc_ci_high: valueIn(icc21.ciHigh),
      alpha_interval: valueIn(alpha),
    },
    reasons: [...new Set(reasons)],
  };
}

function statisticsOf(
  { readings }: Place,
  sides: readonly Side[],
  plan: { readonly repetitions: number; readonly seed: number; readonly confidence: number },
): NamedStatistic[] {
  const { rows } = completeCases(readings);
  const n = rows.length;
  const pairs = sides.flatMap((left, i) => sides.slice(i + 1).map((right, j) => ({ left, right, i, j: i + 1 + j })));
  return [
    ...intraclassStatistics(rows, undefined, plan.confidence).map((icc) => ({ ...icc, n })),
    ...(['interval', 'ordinal'] as const).map((level) => krippendorffStatistic(readings, level, plan)),
    ...repeatabilityStatistics(rows, { times: undefined, confidence: plan.confidence }).map((own) => ({ ...own, n })),
    ...pairs.map(({ left, right, i, j }) => {
      const both = completeCases(readings.map((row) => [row[i], row[j]])).rows;
      const r = pearson(
        both.map((row) => row[0]!),
        both.map((row) => row[1]!),
        plan.confidence,
      );
      return {
        name: `Pearson r, ${left.name} and ${right.name}`,
        n: both.length,
        value: r.coefficient,
        interval: r,
        by: FISHER,
        p: r.p,
        test: r.test,
      };
    }),
  ];
}
