/** What is done with tables in which patients have several visits, where each row of them is to stand for a patient. */
import { type ColumnTable, table as tableOf } from 'arquero';
import type { Remark } from '../../protocol/remark.ts';
import { allOf, atMost } from '../../protocol/words/lists.ts';
import { visitLabel } from '../../protocol/words/visitLabel.ts';
import { warning } from '../base/remarks.ts';
import { UserError } from '../base/userError.ts';
import { sameName } from '../tables/columns.ts';
import { rowsAt } from '../tables/evaluate.ts';
import { hasSeveralVisits, visitColumn, visitsByRow, visitsIn } from '../tables/visitColumn.ts';
import { measurementsOfRows } from './keep.ts';
import type { Named } from './named.ts';
import { patientsOf } from './studyFlow.ts';

type Table = Named<'measurements' | 'table'>;

/**
 * Every visit as if it were a patient of its own, `P01, visit 2`, with its CTs and its flags; for pairing alone. `visits`
 * are all that a patient who was left out may have had.
 */
export function labelledByVisit<T extends Table>(named: T, visits: readonly string[] = visitsIn(named.value.table)): T {
  const { value } = named;
  const table = labelled(value.table);
  const steps = value.flow?.steps.map((step) => ({
    ...step,
    excluded: [
      ...step.excluded.flatMap((patient) => [patient, ...visits.map((visit) => visitLabel(patient, visit))]),
      ...(step.visitsExcluded ?? []),
    ],
  }));
  const flow = value.flow && steps && { flow: { ...value.flow, steps } };
  if (value.kind === 'table') return { ...named, value: { ...value, ...flow, table } };
  const labels = new Map(
    value.measured.map(({ patient, series }) => [
      `${patient}\n${series.id}`,
      series.visit === undefined ? patient : visitLabel(patient, series.visit),
    ]),
  );
  const labelOf = (patient: string, series: string) => labels.get(`${patient}\n${series}`) ?? patient;
  return {
    ...named,
    value: {
      ...value,
      ...flow,
      table,
      density: labelled(value.density),
      ...(value.structures && { structures: labelled(value.structures) }),
      measured: value.measured.map((one) => ({ ...one, patient: labelOf(one.patient, one.series.id) })),
      flags: value.flags.map((flag) => ({ ...flag, patient: labelOf(flag.patient, flag.series) })),
    },
  };
}

function labelled(table: ColumnTable): ColumnTable {
  const column = table.columnNames().find((own) => own.trim().toLowerCase() === 'patient');
  if (column === undefined) return table;
  const visits = visitsByRow(table);
  const labels = Array.from(table.array(column), (label, row) => {
    const patient = String(label ?? '').trim();
    return patient === '' || visits[row] === '' ? patient : visitLabel(patient, visits[row]!);
  });
  return table.assign(tableOf({ [column]: labels }));
}

/**
 * The table with one visit of each patient: all of it where it has no more, else the rows of its first visit, which is
 * said, with those who lack it.
 */
export function firstVisitOf<T extends Table>(
  named: T,
  done: string,
): { readonly named: T; readonly remarks: readonly Remark[] } {
  const { name, value } = named;
  if (!hasSeveralVisits(value.table)) return { named, remarks: [] };
  const [first, ...others] = visitsIn(value.table);
  const left = ofVisit(named, first!);
  const there = new Set(patientsOf(left.value));
  const lacking = (patientsOf(value) ?? []).filter((patient) => !there.has(patient));
  const without = lacking.length
    ? ` ${atMost(lacking, 5)} ${lacking.length === 1 ? 'has' : 'have'} no visit ${first}, and ${lacking.length === 1 ? 'is' : 'are'} left out.`
    : '';
  const message = `\`${name}\` holds the visits ${allOf([first!, ...others])} of its patients: visit ${first} alone is ${done}.${without} Write \`by visit\` for all, \`filter ${name} where ${visitColumn(value.table)} == …\` for another, or \`change ${name}\` for what changed.`;
  return { named: left, remarks: [warning('several-visits', message)] };
}

/** For groups by `visit` every visit, and for others the first of each patient. */
export function oneOfEachOrAll<T extends Table>(
  named: T,
  by: string | undefined,
  done: string,
): { readonly named: T; readonly remarks: readonly Remark[] } {
  if (by === undefined || !sameName(by, 'visit')) return firstVisitOf(named, done);
  return { named: hasSeveralVisits(named.value.table) ? labelledByVisit(named) : named, remarks: [] };
}

/** The rows of one visit. */
export function ofVisit<T extends Table>(named: T, visit: string): T {
  const rows = visitsByRow(named.value.table).flatMap((own, row) => (own === visit ? [row] : []));
  const { value } = named;
  const left =
    value.kind === 'measurements' ? measurementsOfRows(value, rows) : { ...value, table: rowsAt(value.table, rows) };
  return { ...named, value: left };
}

/**
 * Sides of a comparison whose patients have several visits, each visit by itself, so that those of both sides meet. Throws
 * a UserError where a side does not say which visit it is of.
 */
export function pairedByVisit<T extends Table>(sides: readonly T[]): readonly T[] {
  const several = severalVisitsOf(sides);
  if (!several) return sides;
  const visits = [...new Set(sides.flatMap(({ value }) => visitsIn(value.table)))];
  return sides.map((side) => labelledByVisit(side, visits));
}

/** The first side with several visits. Throws a UserError where another does not say which visit it is of. */
export function severalVisitsOf<T extends Table>(sides: readonly T[]): T | undefined {
  const several = sides.find(({ value }) => hasSeveralVisits(value.table));
  const unsaid = several && sides.find(({ value }) => visitColumn(value.table) === undefined);
  if (several && unsaid)
    throw new UserError(
      'several-visits',
      `\`${several.name}\` holds several visits of a patient, and \`${unsaid.name}\` does not say which it is of. Give \`${unsaid.name}\` a column \`visit\`, or take one visit first: \`filter ${several.name} where ${visitColumn(several.value.table)} == ${visitsIn(several.value.table)[0]} as first\`.`,
    );
  return several;
}

/** Said where each visit counts as a reading of its own. */
export function pooledVisits({ name, value }: Table): Remark {
  const labels = patientsOf(value) ?? [];
  return warning(
    'several-visits',
    `\`${name}\` holds several visits of ${labels.length} patients, paired visit by visit. All are compared together, and intervals and p take the visits of a patient for independent: \`by visit\` compares each by itself.`,
  );
}
