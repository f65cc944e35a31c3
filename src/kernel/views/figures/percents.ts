/** The percentages of a table with a row per patient, region and class, as figures and summaries need them. */
import type { ColumnTable } from 'arquero';
import { REGIONS, type Region } from '../../../protocol/names.ts';
import { UserError } from '../../base/userError.ts';

export interface PercentRow {
  readonly patient: string;
  readonly series?: string;
  readonly region: Region;
  readonly class: string;
  readonly percent: number | undefined;
}

/** Throws a UserError where a column is missing. */
export function percentRows(table: ColumnTable, name: string): PercentRow[] {
  const columns = table.columnNames();
  const lacking = ['patient', 'region', 'class', 'percent'].filter((column) => !columns.includes(column));
  if (lacking.length)
    throw new UserError(
      'missing-columns',
      `\`${name}\` has no column ${lacking.map((c) => `\`${c}\``).join(', ')}; it has ${columns.join(', ')}.`,
    );
  // SAFETY: the columns are there; whoever counts percentages looks whether each is a number.
  return table.objects() as PercentRow[];
}

/** All percentages of a class in a region; missing ones are left out. */
export function percentsOf(rows: readonly PercentRow[], region: Region, textureClass: string): number[] {
  return rows.flatMap((row) =>
    row.region === region && row.class === textureClass && typeof row.percent === 'number' ? [row.percent] : [],
  );
}

/** The regions that the rows hold, in their usual order. */
export function regionsIn(rows: readonly PercentRow[]): Region[] {
  return REGIONS.filter((region) => rows.some((row) => row.region === region));
}
