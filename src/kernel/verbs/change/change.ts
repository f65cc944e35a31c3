/** `change`: what changed between two visits, or per year, patient by patient. */
import { type ColumnTable, from as tableFrom } from 'arquero';
import type { Remark } from '../../../protocol/remark.ts';
import { allOf, atMost } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { naturally } from '../../base/naturally.ts';
import { info, warning } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import { oneOf } from '../../language/clauses/choice.ts';
import { column } from '../../language/clauses/column.ts';
import { either } from '../../language/clauses/either.ts';
import { list } from '../../language/clauses/list.ts';
import { name } from '../../language/clauses/name.ts';
import { number } from '../../language/clauses/number.ts';
import { type Placed, placed, unwritten } from '../../language/clauses/placed.ts';
import { maybe, sequence } from '../../language/clauses/sequence.ts';
import { text } from '../../language/clauses/text.ts';
import { optional, withDefault } from '../../language/declaration.ts';
import { visitIn } from '../../tables/visitColumn.ts';
import { imageHandle } from '../../values/handles.ts';
import { type Named, ofKind } from '../../values/named.ts';
import type { MeasurementsValue, TableValue } from '../../values/value.ts';
import { changeStatistics, changeSummary } from '../../views/changeSummary.ts';
import { spaghetti, waterfall } from '../../views/figures/changeFigures.ts';
import { tableView } from '../../views/tableView.ts';
import { declareVerb, type VerbContext } from '../verb.ts';
import { type Changed, changeBetween, changeBySlope } from './changedRows.ts';
import { thresholdOf } from './threshold.ts';
import { type VisitReadings, visitReadings } from './visitReadings.ts';

const VISIT = placed(either(number({ integer: true, minimum: 0 }), text('value')));
/** A mean year of the Gregorian calendar, and its twelfth. */
const DAYS_PER_UNIT = { year: 365.2425, month: 365.2425 / 12 } as const;
type Unit = keyof typeof DAYS_PER_UNIT;

export const change = declareVerb({
  name: 'change',
  summary: 'Says what changed between visits, patient by patient.',
  documentation:
    'A row per patient, and per region and class where the table has them, of any table with `patient`, `visit` and numbers: measurements, readings, lung function. `before` and `after` are the values of the visits `from` and `to`, `difference` is the change in the unit of the value, `difference_percent` that in percent of `before`, `days` what lies between. `per year` takes all visits of a patient instead: `difference` is the slope of the line of least squares over `days`, with its standard error where there are three visits or more, and `before` and `after` are the first and the last visit. `beyond` compares each change with the smallest that is beyond the error of measurement: `beyond` says `up`, `down` or `within`. Of percentages of classes, `presence` says which are `new` or `gone` at the cut. Columns that never differ within a patient stay beside. `summarise` gives means with intervals and the shares beyond, by groups too; `plot` draws `waterfall` and `spaghetti`, whose points open both visits side by side; `relate delta difference with …` relates it.',
  examples: [
    'change ai from 1 to 2 as delta',
    'change ai from 1 to 2 on voxels by region as moved',
    'change ai per year beyond retest as slope',
    'change lung_function on fvc from 1 to 3 beyond 10 relative source "Raghu 2022" as decline',
  ],
  subject: {
    type: name('measurements', 'table'),
    noun: 'the name of a table with visits',
    documentation: 'Measurements of a cohort with several visits, or a table with the columns `patient` and `visit`.',
  },
  clauses: {
    from: withDefault(
      VISIT,
      unwritten<number | string>(1),
      'The first visit: a number, or a word in double quotes where the table has words.',
    ),
    to: withDefault(VISIT, unwritten<number | string>(2), 'The second visit.'),
    per: optional(oneOf('year', 'month'), 'The slope over all visits in the place of two of them, per year or month.'),
    on: optional(
      list(column('voxels', 'lesions')),
      'The columns whose change is taken, instead of percent or of all numbers; several have a row each, told by `measure`. Or `voxels`, what became of each voxel of the lungs, or `lesions`, which of them are new or gone: the CTs of both visits are laid upon each other for it once, and that is kept.',
    ),
    by: optional(oneOf('region'), 'Of `on voxels`: `by region` adds the five lobes.'),
    beyond: optional(
      either(sequence(number({ units: ['%', 'ml', 'HU'] }), maybe(oneOf('relative'))), name('table', 'parameter')),
      'The smallest change that is beyond the error of measurement: in the unit of the value, with `relative` in percent of the first value, or the result of `repeat`, which has one for every class and region.',
    ),
    source: optional(text('prose'), 'Where that number comes from, such as a paper; it stands below the result.'),
    cut: withDefault(
      number({ units: ['%'], minimum: 0, maximum: 100 }),
      1,
      'From which percent a class counts as present, for `new` and `gone`.',
    ),
  },
  forms: {
    between: {
      of: 'between two visits',
      unwritten: ['per'],
      clauses: ['from', 'to', 'on', 'beyond', 'source', 'cut'],
      instead: { by: 'It has all regions of its table.' },
    },
    voxels: {
      of: 'on voxels or lesions',
      subject: ['measurements'],
      written: ['on'],
      unwritten: ['per'],
      clauses: ['from', 'to', 'on', 'by'],
      instead: { beyond: 'Voxels have no smallest change.', cut: 'A lesion counts from 0.2 ml on.' },
    },
    slope: {
      of: 'by slope',
      written: ['per'],
      clauses: ['per', 'on', 'beyond', 'source', 'cut'],
      instead: {
        from: 'The slope takes all visits. Leave it out.',
        to: 'The slope takes all visits. Leave it out.',
        by: 'It has all regions of its table.',
      },
    },
  },
  gives: ['table'],
  alwaysShown: false,
  async run({ subject, from, to, per, on, by, beyond, source, cut }, context, takesForm) {
    if (!per && visitIn(from.value) === visitIn(to.value))
      throw new UserError('idle-clause', '`from` and `to` name the same visit. Write two of them.', to.span);
    const places = per ? undefined : placesAsked(on);
    if (places) {
      takesForm('voxels');
      const asked = { from: visitOfCts(from), to: visitOfCts(to), on: places, byRegion: by !== undefined };
      const { changeVoxels } = await import('./changeVoxels.ts');
      return changeVoxels(ofKind(subject, 'measurements'), asked, context);
    }
    takesForm(per ? 'slope' : 'between');
    if (source !== undefined && beyond === undefined)
      throw new UserError(
        'missing-clause',
        '`source` says where the number of `beyond` comes from. Write `beyond` too.',
      );
    const readings = visitReadings(subject, on);
    const threshold = beyond && thresholdOf(beyond, source);
    const visits = per
      ? undefined
      : ([knownVisit(from, subject.name, readings), knownVisit(to, subject.name, readings)] as const);
    const asked = { threshold, cut };
    const found = visits ? changeBetween(readings, visits, asked) : changeBySlope(readings, DAYS_PER_UNIT[per!], asked);
    if (found.rows.length === 0) throw nothingChanged(subject.name, found);
    const words = visits ? `from visit ${visits[0]} to ${visits[1]}` : `per ${per}`;
    const { provenance } = subject.value;
    const value = deltaOf(subject, { readings, found, visits, per, cut, words, threshold: threshold?.words, context });
    return {
      value: { ...value, provenance: value.provenance ?? provenance },
      remarks: [...readings.remarks, ...remarksOn(found, { readings, visits, hasThreshold: threshold !== undefined })],
      view: () =>
        tableView(value.table, {
          title: `Change of ${subject.name} ${words}: ${counted(new Set(found.rows.map(({ patient }) => patient)).size, 'patient')}`,
          notes: notesOf(readings, { per, threshold: threshold?.words, cut }),
          researchOnly: true,
          provenance: value.provenance,
          columns: headings(per),
        }),
    };
  },
});

/** Whether voxels or lesions were asked for in the place of columns. */
function placesAsked(on: readonly string[] | undefined): 'voxels' | 'lesions' | undefined {
  const [word, ...others] = on ?? [];
  return others.length === 0 && (word === 'voxels' || word === 'lesions') ? word : undefined;
}

/** Cohorts count the visits of their CTs, whatever folders call them. Throws a UserError for a word. */
function visitOfCts({ value, span }: Placed<number | string>): number {
  const visit = Number(visitIn(value));
  if (Number.isInteger(visit)) return visit;
  throw new UserError('unknown-visit', `The visits of CTs are counted from 1, and "${value}" is no number.`, span);
}

/** Throws a UserError where no patient has the visit. */
function knownVisit({ value, span }: Placed<number | string>, name: string, { readings }: VisitReadings): string {
  const wanted = visitIn(value);
  const known = [...new Set(readings.map(({ visit }) => visit))].sort(naturally);
  const found = known.find((visit) => visit === wanted || visit.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  throw new UserError(
    'unknown-visit',
    `\`${name}\` has no visit ${wanted}: it has ${allOf(known)}. Write \`from\` and \`to\` with two of them.`,
    span,
  );
}

function nothingChanged(name: string, { without }: Changed): UserError {
  const reasons = [...Map.groupBy(without, ([, reason]) => reason)].map(
    ([reason, own]) => `${counted(own.length, 'patient has', 'patients have')} ${reason}`,
  );
  return new UserError(
    'no-pairs',
    `No patient of \`${name}\` has a value at both visits: ${allOf(reasons)}. \`describe ${name}\` shows what its columns hold.`,
  );
}

interface Delta {
  readonly readings: VisitReadings;
  readonly found: Changed;
  readonly visits: readonly [string, string] | undefined;
  readonly per: Unit | undefined;
  readonly cut: number;
  readonly words: string;
  readonly threshold: string | undefined;
  readonly context: VerbContext;
}

function deltaOf(subject: Named<'measurements' | 'table'>, delta: Delta): TableValue {
  const { readings, found, visits, per, cut, words, threshold, context } = delta;
  const provenance = {
    ...subject.value.provenance,
    parameters: {
      ...subject.value.provenance.parameters,
      changed: visits ? `visit ${visits[0]} to ${visits[1]}` : `slope per ${per}`,
      changeOf: [...readings.measures],
      ...(threshold ? { changeBeyond: threshold } : {}),
      ...(readings.isPercent ? { presentFrom: cut } : {}),
    },
  };
  const drawing = {
    name: subject.name,
    words,
    visits,
    unit: readings.isPercent ? '%' : '',
    per,
    readings: readings.readings,
    provenance,
    handle: keptForSlices(subject.value, visits, context),
  };
  return {
    kind: 'table',
    table: tableOf(readings, found),
    cutPoints: undefined,
    ...(subject.value.flow ? { flow: subject.value.flow } : {}),
    statistics: changeStatistics,
    summary: (table, grouping) => changeSummary(subject.name, table, { grouping, words, provenance, threshold }),
    figures: {
      waterfall: (table, asked) => waterfall(table, asked, drawing),
      spaghetti: (table, asked) => spaghetti(table, asked, drawing),
    },
    provenance,
  };
}

/** Keeps the CTs of both visits at hand, so that a point opens them side by side. */
function keptForSlices(
  value: MeasurementsValue | TableValue,
  visits: readonly [string, string] | undefined,
  context: VerbContext,
): string | undefined {
  if (value.kind === 'table' || value.measured.length === 0) return undefined;
  const measured = value.measured.filter(({ series: { visit } }) => !visits || visits.includes(String(visit)));
  const handle = imageHandle(
    'changed',
    measured.map(({ patient, cacheKey, decisions }) => [patient, cacheKey, decisions]),
    value.derivedFrom,
  );
  context.keepMeasurements(handle, { ...value, measured });
  return handle;
}

function tableOf({ hasRegions, hasClasses, measures, isPercent, kept }: VisitReadings, { rows }: Changed): ColumnTable {
  const has = (of: (row: Changed['rows'][number]) => unknown) => rows.some((row) => of(row) !== undefined);
  const [bySlope, days, thresholds] = [has((row) => row.visits), has((row) => row.days), has((row) => row.threshold)];
  return tableFrom(
    rows.map((row) => ({
      patient: row.patient,
      ...(hasRegions && { region: row.place.region }),
      ...(hasClasses && { class: row.place.class }),
      ...(measures.length > 1 && { measure: row.place.measure }),
      ...(bySlope && { visits: row.visits }),
      ...(days && { days: row.days }),
      before: row.before,
      after: row.after,
      difference: row.change,
      ...(bySlope && { difference_se: row.changeSe }),
      difference_percent: row.changePercent,
      ...(thresholds && { smallest_change: row.threshold, beyond: row.beyond }),
      ...(isPercent && { presence: row.presence }),
      ...Object.fromEntries([...kept].map(([own, values]) => [own, values.get(row.patient)])),
    })),
  );
}

function remarksOn(
  { rows, without }: Changed,
  {
    readings,
    visits,
    hasThreshold,
  }: {
    readonly readings: VisitReadings;
    readonly visits: readonly string[] | undefined;
    readonly hasThreshold: boolean;
  },
): Remark[] {
  const lacking = [...Map.groupBy(without, ([, reason]) => reason)].map(([reason, own]) =>
    warning(
      'visit-missing',
      `${counted(own.length, 'patient')} with ${reason} ${own.length === 1 ? 'is' : 'are'} left out: ${atMost(
        own.map(([patient]) => patient),
        10,
      )}.`,
    ),
  );
  const backwards = [
    ...new Set(rows.flatMap(({ patient, days }) => (days !== undefined && days < 0 ? [patient] : []))),
  ];
  const undated = visits
    ? []
    : [...new Set(readings.readings.flatMap(({ patient, days }) => (days === undefined ? [patient] : [])))].filter(
        (patient) => !without.has(patient),
      );
  const unknown = hasThreshold ? rows.filter(({ threshold }) => threshold === undefined).length : 0;
  return [
    ...lacking,
    ...(backwards.length
      ? [
          warning(
            'visit-order',
            `The second visit is before the first of ${atMost(backwards, 10)}: \`days\` is negative, and the change has the wrong sign. Correct the visits, or leave them out by \`exclude\`.`,
          ),
        ]
      : []),
    ...(undated.length
      ? [warning('visit-undated', `Visits without \`days\` are left out of the slope: of ${atMost(undated, 10)}.`)]
      : []),
    ...(unknown
      ? [
          info(
            'empty-cell',
            `\`beyond\` is empty in ${counted(unknown, 'row')}, for whose class, region or measure nothing says how large an error of measurement is.`,
          ),
        ]
      : []),
  ];
}

function notesOf(
  { isPercent, measures }: VisitReadings,
  {
    per,
    threshold,
    cut,
  }: { readonly per: Unit | undefined; readonly threshold: string | undefined; readonly cut: number },
): string[] {
  return [
    `Change of ${allOf(measures)}${isPercent ? ' in percentage points of the region' : ' in its own unit'}${per ? `, per ${per}: the slope of the line of least squares` : ''}; \`difference_percent\` is in percent of the first value.`,
    ...(threshold ? [`Beyond the error of measurement: more than ${threshold}.`] : []),
    ...(isPercent ? [`New and gone: from ${cut} % a class counts as present.`] : []),
  ];
}

function headings(per: Unit | undefined) {
  const value = { kind: 'number', digits: 2 } as const;
  return {
    before: { ...value, label: per ? 'First' : 'Before' },
    after: { ...value, label: per ? 'Last' : 'After' },
    days: { kind: 'number', label: 'Days', digits: 0, description: 'Between both' },
    visits: { kind: 'number', label: 'Visits', digits: 0 },
    difference: { ...value, label: per ? `Change per ${per}` : 'Change' },
    difference_se: { ...value, label: 'SE', description: 'Standard error of the slope' },
    difference_percent: { kind: 'number', label: 'Change', unit: '%', digits: 0, description: 'Of the first value' },
    smallest_change: {
      ...value,
      label: 'Smallest',
      description: 'The smallest change that is beyond the error of measurement',
    },
    beyond: { kind: 'text', label: 'Beyond' },
    presence: { kind: 'text', label: 'Presence' },
  } as const;
}
