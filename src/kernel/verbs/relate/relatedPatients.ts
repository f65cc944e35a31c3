/** The values that `relate` relates, patient by patient. */
import { TEXTURE_CLASSES } from '../../../protocol/names.ts';
import type { Remark } from '../../../protocol/remark.ts';
import { atMost } from '../../../protocol/words/lists.ts';
import type { Variable } from '../../agreement/association/design.ts';
import type { Outcome } from '../../agreement/association/relation.ts';
import { counted } from '../../base/counted.ts';
import { info, warning } from '../../base/remarks.ts';
import { nearest, suggestionFor } from '../../base/suggestion.ts';
import { UserError } from '../../base/userError.ts';
import { sameName } from '../../tables/columns.ts';
import type { Measures } from '../../tables/measures.ts';
import { eventsIn, type PatientColumn, patientColumn, patientsIn } from '../../tables/patientColumns.ts';
import type { Named } from '../../values/named.ts';
import { measuresIn } from '../agree/agreeMeasure.ts';
import { groupsIn, ungroupedRemarks } from '../groupsIn.ts';
import { isPlace, regionsBy } from '../places.ts';
import type { RelateArguments } from './clauses.ts';

type Table = Named<'measurements' | 'table'>;

/** One outcome, as the column has it and as models take it. */
export interface OutcomeColumn {
  /** As messages, tables and figures call it. */
  readonly name: string;
  readonly kind: Outcome['kind'];
  /** Of yes/no the one that counts as yes; none where the words say so themselves. */
  readonly yes: string | undefined;
  readonly no: string | undefined;
  /** Whether the patient has a value. */
  readonly has: (patient: string) => boolean;
  /** Of patients who all have one. */
  readonly of: (patients: readonly string[]) => Outcome;
  readonly remarks: readonly Remark[];
}

export interface Related {
  /** Everybody in the table, or in the group of the place. */
  readonly members: (place: Place) => readonly string[];
  readonly x: (place: Place) => ReadonlyMap<string, number>;
  readonly outcomes: readonly OutcomeColumn[];
  readonly covariates: readonly PatientColumn[];
  readonly places: readonly Place[];
  /** The column of groups that `by` names. */
  readonly groupsBy: string | undefined;
  readonly remarks: readonly Remark[];
}

export interface Place {
  readonly region: string;
  /** Empty where the table has no classes. */
  readonly class: string;
  /** Of patients alone who are in it. */
  readonly group: string | undefined;
}

export function relatedPatients(named: Table, column: string, asked: RelateArguments): Related {
  const of = { name: named.name, table: named.value.table };
  for (const wanted of [...asked.with, ...(asked.adjusting ?? []), ...(asked.event ? [asked.event] : [])])
    needColumn(of, wanted);
  const measures = measuresIn(named, column);
  const all = patientsIn(of);
  const groups = asked.by !== undefined && !isPlace(asked.by) ? groupsIn([named], asked.by) : undefined;
  const outcomes = asked.event
    ? [survivalColumn(of, asked.with[0]!, asked.event)]
    : asked.with.map((wanted) => outcomeColumn(of, wanted));
  const covariates = (asked.adjusting ?? []).map((wanted) => patientColumn(of, wanted));
  return {
    members: ({ group }) =>
      group === undefined ? all : all.filter((patient) => groups?.groupOf.get(patient) === group),
    x: (place) => valuesAt(measures, place, { name: named.name, column }),
    outcomes,
    covariates,
    places: placesOf(named.name, measures, asked, groups?.groups),
    groupsBy: groups?.name,
    remarks: [
      ...(groups ? ungroupedRemarks(groups, all) : []),
      ...measures.remarks,
      ...outcomes.flatMap(({ remarks }) => remarks),
      ...covariates.flatMap(({ remarks }) => remarks),
      ...lacking(all, outcomes, covariates),
    ],
  };
}

/** Who has no value of what is needed, by name. */
function lacking(
  all: readonly string[],
  outcomes: readonly OutcomeColumn[],
  covariates: readonly PatientColumn[],
): Remark[] {
  const needed = [
    ...outcomes.map(({ name, kind, has }) => ({ name: kind === 'survival' ? `follow-up to ${name}` : name, has })),
    ...covariates.map(({ name, values }) => ({ name, has: (patient: string) => values.has(patient) })),
  ];
  return needed.flatMap(({ name, has }) => {
    const without = all.filter((patient) => !has(patient));
    if (without.length === 0) return [];
    const have = without.length === 1 ? 'has' : 'have';
    return [
      info('unscored-patients', `${counted(without.length, 'patient')} ${have} no ${name}: ${atMost(without, 10)}.`),
    ];
  });
}

/** Throws a UserError that says where a column may come from. */
function needColumn(
  { name, table }: { readonly name: string; readonly table: Table['value']['table'] },
  wanted: string,
) {
  const columns = table.columnNames();
  if (columns.some((own) => sameName(own, wanted))) return;
  throw new UserError(
    'unknown-column',
    `\`${name}\` has no column \`${wanted}\`: ${suggestionFor(wanted, columns)} What another table has comes beside it by \`join ${name} with … as …\`.`,
    undefined,
    nearest(wanted, columns),
  );
}

function outcomeColumn(
  of: { readonly name: string; readonly table: Table['value']['table'] },
  wanted: string,
): OutcomeColumn {
  const column = patientColumn(of, wanted);
  const different = [...new Set<string | number>(column.values.values())];
  const has = (patient: string) => column.values.has(patient);
  if (different.length === 2) {
    const [no, yes] =
      column.kind === 'category'
        ? column.levels
        : different
            .map(Number)
            .sort((a, b) => a - b)
            .map(String);
    return {
      ...column,
      kind: 'yes-no',
      ...(isYes(yes!) ? { yes: undefined, no: undefined } : { yes, no }),
      has,
      of: (patients) => ({ kind: 'yes-no', values: patients.map((p) => String(column.values.get(p)) === yes) }),
    };
  }
  const none = { yes: undefined, no: undefined, has };
  if (column.kind === 'number')
    return {
      ...column,
      ...none,
      of: (patients) => ({ kind: 'number', values: patients.map((p) => column.values.get(p)!) }),
    };
  return {
    ...column,
    ...none,
    kind: 'groups',
    of: (patients) => ({ kind: 'groups', levels: column.levels, values: patients.map((p) => column.values.get(p)!) }),
  };
}

function isYes(word: string): boolean {
  return ['yes', 'true', '1'].includes(word.toLowerCase());
}

function survivalColumn(
  of: { readonly name: string; readonly table: Table['value']['table'] },
  time: string,
  event: string,
): OutcomeColumn {
  const times = patientColumn(of, time);
  if (times.kind !== 'number')
    throw new UserError(
      'not-a-number',
      `\`${times.name}\` of \`${of.name}\` holds texts such as "${times.levels[0]}"; the time of follow-up is a number of days, months or years.`,
    );
  const events = eventsIn(of, event);
  const negative = [...times.values].filter(([, value]) => value < 0);
  const below = new Set(negative.map(([patient]) => patient));
  const remarks = negative.length
    ? [
        warning(
          'negative-time',
          `The follow-up of ${counted(negative.length, 'patient')} is below 0 and counts as missing: ${atMost(
            negative.map(([patient, value]) => `${value} of ${patient}`),
            5,
          )}. Dates may be swapped: correct \`${times.name}\`.`,
        ),
      ]
    : [];
  return {
    name: event,
    kind: 'survival',
    yes: undefined,
    no: undefined,
    has: (patient) => times.values.has(patient) && events.has(patient) && !below.has(patient),
    of: (patients) => ({
      kind: 'survival',
      values: patients.map((patient) => ({ time: times.values.get(patient)!, event: events.get(patient)! })),
    }),
    remarks: [...times.remarks, ...remarks],
  };
}

function placesOf(
  name: string,
  measures: Measures,
  asked: RelateArguments,
  groups: readonly string[] | undefined,
): Place[] {
  if (isPlace(asked.by) && !measures.hasRegions)
    throw new UserError('no-regions', `\`${name}\` has no column \`region\`; leave \`by ${asked.by}\` out.`);
  const known = new Set(measures.rows.map((row) => row.region));
  const regions = isPlace(asked.by)
    ? regionsBy(asked.by, [name], (region) => known.has(region)).filter((region) => known.has(region))
    : ['total'];
  return regions.flatMap((region) =>
    classesOf(name, measures, asked).flatMap((own) =>
      (groups ?? [undefined]).map((group) => ({ region, class: own, group })),
    ),
  );
}

function classesOf(name: string, { classes }: Measures, asked: RelateArguments): readonly string[] {
  if (classes.length === 0) {
    if (asked.for) throw new UserError('no-classes', `\`${name}\` has no column \`class\`; leave \`for\` out.`);
    return [''];
  }
  const unknown = asked.for?.find((own) => !classes.includes(own));
  if (unknown !== undefined)
    throw new UserError('unknown-class', `\`${name}\` has no class \`${unknown}\`: ${suggestionFor(unknown, classes)}`);
  const known: readonly string[] = TEXTURE_CLASSES;
  return (
    asked.for ?? [...known.filter((own) => classes.includes(own)), ...classes.filter((own) => !known.includes(own))]
  );
}

function valuesAt(
  { rows }: Measures,
  place: Place,
  { name, column }: { readonly name: string; readonly column: string },
): Map<string, number> {
  const values = new Map<string, number>();
  for (const { patient, region, class: own, value } of rows) {
    if (region !== place.region || (place.class !== '' && own !== place.class)) continue;
    if (values.has(patient) && values.get(patient) !== value)
      throw new UserError(
        'repeated-rows',
        `${patient} has several values of ${column} in \`${name}\`, and one of each patient is related. Take the rows of one visit or reader first by \`filter\`.`,
      );
    values.set(patient, value);
  }
  return values;
}

/** A covariate as models take it, of patients who all have it. */
export function variableOf(column: PatientColumn, patients: readonly string[]): Variable {
  const { name } = column;
  return column.kind === 'number'
    ? { name, kind: 'number', values: patients.map((patient) => column.values.get(patient)!) }
    : { name, kind: 'category', levels: column.levels, values: patients.map((patient) => column.values.get(patient)!) };
}
