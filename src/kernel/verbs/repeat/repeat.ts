/** `repeat`: how far repeated scans of the same patients scatter, and what another kernel, dose or thickness changes. */
import { from } from 'arquero';
import { REGIONS } from '../../../protocol/names.ts';
import { regionInText } from '../../../protocol/words/displayNames.ts';
import { allOf } from '../../../protocol/words/lists.ts';
import { intraclass } from '../../agreement/continuous/intraclass.ts';
import type { MeasureGroup } from '../../agreement/continuous/measurePairs.ts';
import { limitsOfGroup, measureStatistics } from '../../agreement/continuous/measureStatistics.ts';
import { repeatability } from '../../agreement/continuous/repeatability.ts';
import { variationCoefficient } from '../../agreement/continuous/variationCoefficient.ts';
import { type Estimate, type Interval, valueIn } from '../../agreement/estimate.ts';
import { intraclassStatistics, repeatabilityStatistics } from '../../agreement/namedStatistics.ts';
import { type NamedStatistic, statisticRow, undefinedReason } from '../../agreement/statisticRow.ts';
import { counted } from '../../base/counted.ts';
import { UserError } from '../../base/userError.ts';
import { column } from '../../language/clauses/column.ts';
import { list } from '../../language/clauses/list.ts';
import { name } from '../../language/clauses/name.ts';
import { number } from '../../language/clauses/number.ts';
import { optional, withDefault } from '../../language/declaration.ts';
import { rowsOf } from '../../tables/rows.ts';
import { emptyWhere, type RowPlace, sentencesOf } from '../../values/remarks.ts';
import { statisticsTable } from '../../values/statistics.ts';
import type { AskedFigure, TableValue } from '../../values/value.ts';
import { type MeasureDrawing, measureDifferences, measureScatter } from '../../views/figures/measureFigures.ts';
import { tableView } from '../../views/tableView.ts';
import { declareVerb } from '../verb.ts';
import { type RepeatedPlace, type RepeatedScans, repeatedScans } from './repeatedScans.ts';

export const repeat = declareVerb({
  name: 'repeat',
  summary: 'Says how far repeated scans of the same patients scatter.',
  documentation:
    'A row per region and class, or per column of numbers, of patients who were scanned several times in the same state. Without `by`, scans of one day are repeats: visits of the same `days`, or several series of one visit. `by` a column says what tells them apart: `by kernel`, `by slice_thickness` and `by scanner` compare reconstructions of the same patients, `by visit` takes all visits for repeats. The within-patient SD (`wsd`), the repeatability coefficient (1.96·√2·SD: two scans of an unchanged patient differ by less in 95 %), the coefficient of variation within patients, the intraclass correlation (absolute agreement), and of two scans the bias (second minus first) with the limits of agreement. `change … beyond` takes the result. `plot` draws `bland-altman` and `scatter`; `describe` lists every form.',
  examples: ['repeat ai as retest', 'repeat ai by kernel as kernels', 'repeat lung_function by visit on fvc as stable'],
  subject: {
    type: name('measurements', 'table'),
    noun: 'the name of a table with several scans of each patient',
    documentation: 'Measurements, or a table with `patient` and what tells the scans apart.',
  },
  clauses: {
    by: optional(
      column(),
      'The column in which the scans of a patient differ, such as `kernel` or `visit`; without it, scans of one day are compared.',
    ),
    on: optional(
      list(column()),
      'The columns that are compared, instead of percent or of all numbers; several have a row each, told by `measure`.',
    ),
    level: withDefault(
      number({ units: ['%'], minimum: 50, maximum: 99.9 }),
      95,
      'The confidence of the intervals in percent.',
    ),
  },
  gives: ['table'],
  alwaysShown: false,
  async run({ subject, by, on, level }) {
    const scans = repeatedScans(subject, by, on);
    const confidence = level / 100;
    const provenance = {
      ...subject.value.provenance,
      parameters: {
        ...subject.value.provenance.parameters,
        repeatedBy: by ?? 'day',
        repeatedOf: [...new Set(scans.places.map(({ measure }) => measure))],
        level,
      },
    };
    const results = scans.places.map((place) => ({ place, ...rowOf(place, scans, confidence) }));
    const value: TableValue = {
      kind: 'table',
      table: from(results.map(({ row }) => row)),
      cutPoints: undefined,
      statistics: (shown) =>
        statisticsTable(
          placesLeft(scans, shown).flatMap((place) =>
            statisticsOf(place, scans, confidence).map((statistic) => statisticRow(groupOf(place), statistic)),
          ),
        ),
      ...(scans.scans.length === 2 && { figures: figuresOf(scans, confidence, provenance) }),
      provenance,
    };
    return {
      value,
      remarks: scans.remarks,
      view: () =>
        tableView(value.table, {
          title: `Repeated scans of ${subject.name}${by ? ` by ${by}` : ''}: ${counted(Math.max(...scans.places.map(({ patients }) => patients.length)), 'patient')}, ${allOf(scans.scans)}`,
          notes: [
            `Within-patient SD and repeatability: everything that differs between the scans counts. Intervals: ${Number(level.toPrecision(6))} %, by χ², F and t. Coefficient of variation: of patients whose mean is above 0, by root mean square.`,
            ...(scans.scans.length === 2 ? [`Bias and limits: ${scans.scans[1]} minus ${scans.scans[0]}.`] : []),
            ...sentencesOf(
              results.flatMap(({ place, reasons }) =>
                reasons.map((reason) => emptyWhere(reason, placeIn(place, scans))),
              ),
            ),
          ],
          researchOnly: true,
          provenance,
          columns: HEADINGS,
        }),
    };
  },
});

function rowOf(place: RepeatedPlace, { scans, hasRegions, hasClasses, places }: RepeatedScans, confidence: number) {
  const readings = place.patients.map(({ values }) => values);
  const { withinPatientSd, repeatabilityCoefficient } = repeatability(readings, confidence);
  const { icc21 } = intraclass(readings, confidence);
  const variation = variationCoefficient(readings);
  const isPair = scans.length === 2;
  const limits = isPair ? limitsOfGroup(groupOf(place), confidence) : undefined;
  const all = readings.flat();
  const several = new Set(places.map(({ measure }) => measure)).size > 1;
  const reasons = [
    withinPatientSd.value,
    icc21.icc,
    variation,
    ...(limits ? [limits.bias.value, limits.bias.ciLow, limits.lower.value] : []),
  ];
  return {
    row: {
      ...(hasRegions && { region: place.region }),
      ...(hasClasses && { class: place.class }),
      ...(several && { measure: place.measure }),
      n: readings.length,
      missing: place.missing,
      mean: all.length ? all.reduce((a, b) => a + b, 0) / all.length : undefined,
      ...columnsOf('wsd', withinPatientSd.value, withinPatientSd),
      ...columnsOf('repeatability', repeatabilityCoefficient.value, repeatabilityCoefficient),
      wcv_percent: valueIn(variation),
      ...columnsOf('icc', icc21.icc, icc21),
      ...(limits && {
        ...columnsOf('bias', limits.bias.value, limits.bias),
        bias_p: valueIn(limits.biasP),
        lower_limit: valueIn(limits.lower.value),
        upper_limit: valueIn(limits.upper.value),
      }),
    },
    reasons: [...new Set(reasons.flatMap((estimate) => undefinedReason([estimate]) ?? []))],
  };
}

function columnsOf<N extends string>(own: N, value: Estimate, { ciLow, ciHigh }: Interval) {
  // SAFETY: the keys are those of the type, made from the same name.
  return {
    [own]: valueIn(value),
    [`${own}_ci_low`]: valueIn(ciLow),
    [`${own}_ci_high`]: valueIn(ciHigh),
  } as Record<N | `${N}_ci_low` | `${N}_ci_high`, number | undefined>;
}

/** As the table tells its rows apart. */
function placeIn(
  { region, class: own, measure }: RepeatedPlace,
  { hasRegions, places }: Pick<RepeatedScans, 'hasRegions' | 'places'>,
): RowPlace {
  const several = new Set(places.map((place) => place.measure)).size > 1;
  return { region: hasRegions ? region : '', class: own, measure: several ? measure : '' };
}

/** The second scan on the left, so that differences are second minus first. */
function groupOf({
  region,
  class: own,
  measure,
  patients,
  missing,
}: RepeatedPlace): MeasureGroup & { readonly measure: string } {
  return {
    region,
    class: own,
    measure,
    patients: patients.map(({ patient, values }) => ({ patient, left: [values[1]!], right: [values[0]!] })),
    missing,
    repetition: 'none',
  };
}

function statisticsOf(place: RepeatedPlace, { scans }: RepeatedScans, confidence: number): NamedStatistic[] {
  if (scans.length === 2) return measureStatistics(groupOf(place), confidence);
  const readings = place.patients.map(({ values }) => values);
  return [
    ...intraclassStatistics(readings, undefined, confidence),
    ...repeatabilityStatistics(readings, { times: undefined, confidence }),
  ].map((statistic) => ({ ...statistic, n: readings.length }));
}

function placesLeft({ places }: RepeatedScans, table: TableValue['table']): readonly RepeatedPlace[] {
  const rows = rowsOf(table);
  return places.filter((place) =>
    rows.some(
      (row) =>
        (row.region ?? place.region) === place.region &&
        (row.class ?? place.class) === place.class &&
        (row.measure ?? place.measure) === place.measure,
    ),
  );
}

function figuresOf(
  scans: RepeatedScans,
  confidence: number,
  provenance: MeasureDrawing['provenance'],
): NonNullable<TableValue['figures']> {
  const drawn = (table: TableValue['table'], { classes, region }: AskedFigure): [MeasureGroup[], MeasureDrawing] => {
    const left = placesLeft(scans, table);
    const shown = region ?? (left.find((place) => place.region === 'total') ?? left[0])?.region;
    const places = left.filter((place) => place.region === shown && (!classes || classes.includes(place.class)));
    const [first] = places;
    if (!first)
      throw new UserError(
        'not-compared',
        `There are no repeated scans of ${[classes?.join(', '), shown].filter(Boolean).join(' in ')} to draw.`,
      );
    const same = places.filter(({ measure }) => measure === first.measure);
    const place = scans.hasRegions ? REGIONS.find((own) => own === shown) : undefined;
    const names = { left: scans.scans[1]!, right: scans.scans[0]! };
    return [
      same.map(groupOf),
      { names, column: first.measure, place: place ? regionInText(place) : '', confidence, provenance },
    ];
  };
  return {
    'bland-altman': (table, asked) => measureDifferences(...drawn(table, asked), asked.scale),
    scatter: (table, asked) => measureScatter(...drawn(table, asked)),
  };
}

const VALUE = { kind: 'number', digits: 2 } as const;
const ends = (own: string, sign: string) => ({
  [`${own}_ci_low`]: { ...VALUE, label: `${sign} low`, description: 'Lower bound of the confidence interval' },
  [`${own}_ci_high`]: { ...VALUE, label: `${sign} high`, description: 'Upper bound of the confidence interval' },
});
const HEADINGS = {
  mean: { ...VALUE, label: 'Mean' },
  wsd: { ...VALUE, label: 'SD within', description: 'Within-patient standard deviation' },
  ...ends('wsd', 'SD within'),
  repeatability: {
    ...VALUE,
    label: 'Repeatability',
    description: 'Repeatability coefficient: 1.96·√2·within-patient standard deviation',
  },
  ...ends('repeatability', 'Repeatability'),
  wcv_percent: {
    kind: 'number',
    digits: 1,
    unit: '%',
    label: 'CV within',
    description: 'Within-patient coefficient of variation',
  },
  icc: { ...VALUE, label: 'ICC(2,1)', description: 'Intraclass correlation, absolute agreement of single scans' },
  ...ends('icc', 'ICC'),
  bias: { ...VALUE, label: 'Bias', description: 'Mean of second minus first' },
  ...ends('bias', 'Bias'),
  bias_p: { kind: 'p-value', digits: 3, label: 'p (bias)', description: 'Is the bias 0?' },
  lower_limit: { ...VALUE, label: 'Lower limit', description: 'Lower 95 % limit of agreement' },
  upper_limit: { ...VALUE, label: 'Upper limit', description: 'Upper 95 % limit of agreement' },
} as const;
