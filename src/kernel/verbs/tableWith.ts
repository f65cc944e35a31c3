/** The columns that a statement names by `on`, of measurements or of a table. */
import type { ColumnTable } from 'arquero';
import { suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import { sameName } from '../tables/columns.ts';
import { numericColumns } from '../tables/measures.ts';
import type { Named } from '../values/named.ts';

/**
 * The measurements, their densities or their structures, whichever has the column. Throws a UserError where none has it,
 * which offers every column of numbers but `labels`.
 */
export function tableWith(
  { name, value }: Named<'measurements' | 'table'>,
  wanted: string,
  labels: readonly string[],
): { readonly table: ColumnTable; readonly column: string } {
  const tables =
    value.kind === 'measurements'
      ? [value.table, value.density, ...(value.structures ? [value.structures] : [])]
      : [value.table];
  for (const table of tables) {
    const column = columnIn(table, wanted);
    if (column !== undefined) return { table, column };
  }
  const known = [...new Set(tables.flatMap(numericColumns))].filter((own) => !labels.includes(own));
  throw new UserError('unknown-column', `\`${name}\` has no column \`${wanted}\`: ${suggestionFor(wanted, known)}`);
}

/** Columns that say whose, when and where a row is, and are not measured. */
export const ROW_LABELS: readonly string[] = ['patient', 'visit', 'days', 'series', 'reader', 'region', 'class'];

/** The columns that are compared where nobody names any: percent of classes, else all numbers that are no labels. */
export function usualMeasures(table: ColumnTable): string[] {
  const percent = columnIn(table, 'percent');
  if (percent !== undefined && columnIn(table, 'class') !== undefined) return [percent];
  return numericColumns(table).filter((column) => !ROW_LABELS.includes(column.trim().toLowerCase()));
}

/** The table's own spelling of a column; undefined where it has none. */
export function columnIn(table: ColumnTable, wanted: string): string | undefined {
  return table.columnNames().find((own) => sameName(own, wanted));
}
