/** Groups of patients, by a column of a table or by how the CTs of measurements were taken. */

import type { Remark } from '../../protocol/remark.ts';
import { atMost } from '../../protocol/words/lists.ts';
import { counted } from '../base/counted.ts';
import { warning } from '../base/remarks.ts';
import { nearest, suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import { sameName } from '../tables/columns.ts';
import { groupsOfCells, patientGroups } from '../tables/patientColumns.ts';
import type { Named } from '../values/named.ts';

type Table = Named<'measurements' | 'table'>;

export interface Groups {
  /** As the table calls the column. */
  readonly name: string;
  readonly groupOf: ReadonlyMap<string, string>;
  /** In their order; each has a patient. */
  readonly groups: readonly string[];
}

/** What is known of every CT that was measured, by the name of a column. */
export const OF_SERIES: Readonly<Record<string, (series: Series) => string | undefined>> = {
  kernel: ({ convolutionKernel }) => convolutionKernel,
  scanner: ({ scanner }) => scanner,
  slice_thickness: ({ sliceThicknessMm }) => (sliceThicknessMm === undefined ? undefined : `${sliceThicknessMm} mm`),
};

/** By the first of the tables that has the column. Throws a UserError where none has, or where a patient is in two groups. */
export function groupsIn(tables: readonly Table[], wanted: string): Groups {
  const table = tables.find(({ value }) => value.table.columnNames().some((own) => sameName(own, wanted)));
  if (table) {
    const { name, values, levels } = patientGroups({ name: table.name, table: table.value.table }, wanted);
    return { name, groupOf: values, groups: levels };
  }
  const ofSeries = OF_SERIES[wanted.trim().toLowerCase()];
  for (const { name, value } of tables) {
    if (!ofSeries || value.kind !== 'measurements' || value.measured.length === 0) continue;
    const cells = value.measured.map(({ patient, series }) => [patient, ofSeries(series)] as const);
    const { values, levels } = groupsOfCells({ table: name, name: wanted }, cells);
    return { name: wanted, groupOf: values, groups: levels };
  }
  const known = [...new Set(tables.flatMap(({ value }) => value.table.columnNames()))];
  const names = tables.map(({ name }) => `\`${name}\``);
  const none = names.length === 1 ? `${names[0]} has no` : `Neither ${names.join(' nor ')} has a`;
  throw new UserError(
    'unknown-column',
    `${none} column \`${wanted}\`: ${suggestionFor(wanted, known)} What another table has comes beside it by \`join ${tables[0]!.name} with … as …\`.`,
    undefined,
    nearest(wanted, known),
  );
}

/** Who of them is in no group. */
export function ungroupedRemarks({ name, groupOf }: Groups, patients: readonly string[]): Remark[] {
  const without = patients.filter((patient) => !groupOf.has(patient));
  if (without.length === 0) return [];
  const are = without.length === 1 ? 'is' : 'are';
  return [
    warning(
      'no-group',
      `${counted(without.length, 'patient')} without a ${name} ${are} in no group: ${atMost(without, 5)}.`,
    ),
  ];
}
