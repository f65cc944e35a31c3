/** `agree … on COLUMN`: two sides measured in the same unit, such as volumes, densities or lung function. */
import { type ColumnTable, from } from 'arquero';
import { REGIONS, TEXTURE_CLASSES } from '../../../protocol/names.ts';
import { regionInText } from '../../../protocol/words/displayNames.ts';
import { atMost } from '../../../protocol/words/lists.ts';
import type { MeasuredPatient, MeasureGroup, Repetition } from '../../agreement/continuous/measurePairs.ts';
import { measureRow, measureStatistics } from '../../agreement/continuous/measureStatistics.ts';
import { statisticRow } from '../../agreement/statisticRow.ts';
import { UserError } from '../../base/userError.ts';
import { type Measure, type Measures, measuresOf, numericColumns } from '../../tables/measures.ts';
import { emptyWhere, placeAmong, sentencesOf } from '../../values/remarks.ts';
import { statisticsTable } from '../../values/statistics.ts';
import type { AskedFigure, TableValue } from '../../values/value.ts';
import { type MeasureDrawing, measureDifferences, measureScatter } from '../../views/figures/measureFigures.ts';
import { measureHeadings } from '../../views/measureHeadings.ts';
import { tableView } from '../../views/tableView.ts';
import { isPlace, regionsInCommon } from '../places.ts';
import type { VerbResult } from '../verb.ts';
import { provenanceOf, type Side } from './agreeSides.ts';
import { classesAsked } from './asked.ts';
import type { AgreeArguments } from './clauses.ts';
import { matchPatients } from './matchPatients.ts';
import { excludedFrom } from './readings.ts';

/** `column` is the one that both sides have. */
export function agreeMeasure(left: Side, right: Side, column: string, asked: AgreeArguments): VerbResult {
  const sides = [measuresIn(left, column), measuresIn(right, column)] as const;
  const { patients, remarks: unmatched } = matchPatients(
    { name: left.name, scores: sides[0], excluded: excludedFrom(left) },
    { name: right.name, scores: sides[1], excluded: excludedFrom(right) },
  );
  const classes = classesOf([left, right], sides, asked);
  const groups = regionsOf([left, right], sides, asked).flatMap((region) =>
    classes.map((name) => measureGroup(sides, patients, { region, name })),
  );
  if (groups.every(({ patients }) => patients.length === 0))
    throw new UserError(
      'no-pairs',
      `\`${left.name}\` and \`${right.name}\` share patients but no ${column} of the same ${classes[0] ? 'region and class' : 'region'}${asked.by ? '' : '; `by region` compares the lobes too'}.`,
    );
  const confidence = asked.level / 100;
  const repetition = groups.find((group) => group.repetition !== 'none')?.repetition ?? 'none';
  const provenance = provenanceOf(left, right, {
    on: column,
    level: asked.level,
    repetition,
  });
  const drawing = { names: { left: left.name, right: right.name }, column, confidence, provenance };
  return resultOf(groups, repetition, drawing, [...unmatched, ...sides.flatMap(({ remarks }) => remarks)]);
}

function resultOf(
  groups: readonly MeasureGroup[],
  repetition: Repetition,
  drawing: Omit<MeasureDrawing, 'place'>,
  remarks: NonNullable<VerbResult['remarks']>,
): VerbResult {
  const { names, column, confidence, provenance } = drawing;
  const results = groups.map((group) => measureRow(group, confidence));
  const table = from(results.map(({ row }) => row));
  const hasClasses = groups.some((group) => group.class !== '');
  const notes = [
    `Intervals are ${Number((100 * confidence).toPrecision(6))} % confidence intervals; limits enclose 95 % of differences. \`describe\` lists Deming’s and Passing and Bablok’s regression, limits that follow the mean, prediction and tolerance intervals, and every form of the intraclass correlation.`,
    ...REPETITION_NOTES[repetition],
    ...sentencesOf(
      results.flatMap(({ row, reasons }) => reasons.map((reason) => emptyWhere(reason, placeAmong(row, groups)))),
    ),
  ];
  const value: TableValue = {
    kind: 'table',
    table,
    cutPoints: undefined,
    statistics: (shown) =>
      statisticsTable(
        groupsIn(shown, groups).flatMap((group) =>
          measureStatistics(group, confidence).map((statistic) => statisticRow(group, statistic)),
        ),
      ),
    figures: {
      'bland-altman': (shown, asked) => measureDifferences(...drawnOf(shown, groups, asked, drawing), asked.scale),
      scatter: (shown, asked) => measureScatter(...drawnOf(shown, groups, asked, drawing)),
    },
    provenance,
  };
  return {
    value,
    remarks,
    view: () =>
      tableView(hasClasses ? table : table.select(table.columnNames((name) => name !== 'class')), {
        title: `${column} of ${names.left} and ${names.right}`,
        notes,
        researchOnly: true,
        provenance,
        columns: measureHeadings(100 * confidence),
      }),
  };
}

const REPETITION_NOTES: Readonly<Record<Repetition, readonly string[]>> = {
  none: [],
  linked: [
    'Patients have several pairs of measurements: the limits are those of a single pair, whose true value may change (Bland and Altman 1999, section 5.3), with intervals after Zou (2013); correlations take each patient’s means.',
  ],
  unlinked: [
    'Patients were measured repeatedly: the limits are those of single measurements of a value that stays (Bland and Altman 1999, sections 5.1 and 5.2), with intervals after Zou (2013); correlations take each patient’s means.',
  ],
};

/** The table of measurements, or its densities, whichever has the column. */
export function measuresIn({ name, value }: Side, column: string): Measures {
  const tables = value.kind === 'measurements' ? [value.table, value.density] : [value.table];
  const has = (table: ColumnTable) =>
    table.columnNames().some((own) => own.trim().toLowerCase() === column.trim().toLowerCase());
  const found = tables.find(has);
  if (found) return measuresOf(found, name, column);
  const known = [...new Set(tables.flatMap(numericColumns))];
  throw new UserError(
    'unknown-column',
    `\`${name}\` has no column \`${column}\`. Its columns of numbers are ${atMost(known, 12)}.`,
  );
}

/** The classes that all sides share, or those asked for; one without a name where there are none. */
export function classesOf(named: readonly Side[], sides: readonly Measures[], asked: AgreeArguments): string[] {
  const having = sides.findIndex(({ classes }) => classes.length > 0);
  const lacking = sides.findIndex(({ classes }) => classes.length === 0);
  const isAsked = classesAsked(asked) !== undefined;
  if (having < 0) {
    if (isAsked)
      throw new UserError(
        'no-classes',
        `None of ${named.map(({ name }) => `\`${name}\``).join(', ')} has a column \`class\`; leave \`for\` out.`,
      );
    return [''];
  }
  if (lacking >= 0) {
    const several = sides.findIndex(({ classes }) => classes.length > 1);
    if (several < 0) return [''];
    const [{ name }, { classes }] = [named[several]!, sides[several]!];
    throw new UserError(
      'no-classes',
      `\`${name}\` has ${classes.length} classes and \`${named[lacking]!.name}\` has none. Take one of them first: \`filter ${name} where class == "${classes[0]}" as one\`.`,
    );
  }
  const shared = sides[0]!.classes.filter((name) => sides.every(({ classes }) => classes.includes(name)));
  if (isAsked) {
    const unknown = asked.for.find((name) => !sides.some(({ classes }) => classes.includes(name)));
    if (unknown !== undefined)
      throw new UserError('unknown-class', `No side has ${unknown}; they share ${shared.join(', ')}.`);
    return [...asked.for];
  }
  const known: readonly string[] = TEXTURE_CLASSES;
  return [...known.filter((name) => shared.includes(name)), ...shared.filter((name) => !known.includes(name))];
}

export function regionsOf(named: readonly Side[], sides: readonly Measures[], asked: AgreeArguments) {
  if (asked.by === undefined) return ['total'] as const;
  if (!isPlace(asked.by))
    throw new UserError(
      'idle-clause',
      `Several sides are compared \`by region\`, \`zone\` or \`level\` alone, not by ${asked.by}. Filter one group after the other, or compare two sides.`,
    );
  const lacking = sides.findIndex(({ hasRegions }) => !hasRegions);
  if (lacking >= 0)
    throw new UserError(
      'no-regions',
      `\`${named[lacking]!.name}\` has no column \`region\`; leave \`by ${asked.by}\` out.`,
    );
  return regionsInCommon(
    asked.by,
    sides.map(({ rows }, side) => ({ name: named[side]!.name, regions: new Set(rows.map(({ region }) => region)) })),
  );
}

/** Both sides of some patients in one place. */
export function measureGroup(
  sides: readonly [Measures, Measures],
  all: readonly string[],
  { region, name }: { readonly region: string; readonly name: string },
): MeasureGroup {
  const [a, b] = sides.map(({ rows }) =>
    Map.groupBy(
      rows.filter((row) => row.region === region && (name === '' || row.class === name)),
      ({ patient }) => patient,
    ),
  );
  const isLinked = sides.every(({ hasOccasions }) => hasOccasions);
  const patients = all.flatMap((patient): MeasuredPatient[] => {
    const [x, y] = [a!.get(patient) ?? [], b!.get(patient) ?? []];
    const own = isLinked ? pairsOf(x, y) : { left: x.map(({ value }) => value), right: y.map(({ value }) => value) };
    return own.left.length && own.right.length ? [{ patient, ...own }] : [];
  });
  const isRepeated = patients.some(({ left, right }) => left.length > 1 || right.length > 1);
  return {
    region,
    class: name,
    patients,
    missing: all.length - patients.length,
    repetition: !isRepeated ? 'none' : isLinked ? 'linked' : 'unlinked',
  };
}

/** Measurements of one patient on the same occasion. */
function pairsOf(left: readonly Measure[], right: readonly Measure[]): { left: number[]; right: number[] } {
  const others = new Map(right.map(({ occasion, value }) => [occasion, value]));
  const both = left.flatMap(({ occasion, value }) => {
    const other = others.get(occasion);
    return other === undefined ? [] : [[value, other] as const];
  });
  return { left: both.map(([value]) => value), right: both.map(([, value]) => value) };
}

/** The groups whose rows are left of the table. */
function groupsIn(table: ColumnTable, groups: readonly MeasureGroup[]): MeasureGroup[] {
  // SAFETY: some or all of the rows that `measureRow` made.
  const rows = table.objects() as { region: string; class: string }[];
  return groups.filter((group) => rows.some((row) => row.region === group.region && row.class === group.class));
}

function drawnOf(
  table: ColumnTable,
  groups: readonly MeasureGroup[],
  { classes, region }: AskedFigure,
  drawing: Omit<MeasureDrawing, 'place'>,
): [MeasureGroup[], MeasureDrawing] {
  const left = groupsIn(table, groups);
  const shown = region ?? left[0]?.region;
  const drawn = left.filter((group) => group.region === shown && (!classes || classes.includes(group.class)));
  if (drawn.length === 0)
    throw new UserError(
      'not-compared',
      `There is no comparison of ${[classes?.join(', '), shown].filter(Boolean).join(' in ')} to draw.`,
    );
  const place = groups.some((group) => group.region !== 'total')
    ? (REGIONS.find((own) => own === shown) ?? 'total')
    : undefined;
  return [drawn, { ...drawing, place: place ? regionInText(place) : '' }];
}
