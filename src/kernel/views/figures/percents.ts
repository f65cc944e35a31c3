/** The percentages of a table with a row per patient, region and class, as figures and summaries need them. */
import type { ColumnTable } from 'arquero';
import { REGIONS, type Region } from '../../../protocol/names.ts';
import { classOf, regionOf, regionSuggestion } from '../../base/labels.ts';
import { UserError } from '../../base/userError.ts';
import { numberInCell } from '../../tables/cellNumber.ts';
import { rowsOf } from '../../tables/rows.ts';

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
  const column = (wanted: string) => columns.find((own) => own.trim().toLowerCase() === wanted);
  const [patient, region, textureClass, percent] = ['patient', 'region', 'class', 'percent'].map(column);
  if (patient === undefined || region === undefined || textureClass === undefined || percent === undefined) {
    const lacking = ['patient', 'region', 'class', 'percent'].filter((wanted) => column(wanted) === undefined);
    throw new UserError(
      'missing-columns',
      `\`${name}\` has no column ${lacking.map((c) => `\`${c}\``).join(', ')}; it has ${columns.join(', ')}.`,
    );
  }
  return rowsOf(table).map((row, n) => {
    const text = (of: string) => String(row[of] ?? '').trim();
    const known = regionOf(text(region));
    if (!known)
      throw new UserError(
        'unknown-region',
        `Unknown region "${text(region)}" in row ${n + 1} of \`${name}\`: ${regionSuggestion(text(region))}`,
      );
    const number = numberInCell(row[percent]);
    if (number === 'other')
      throw new UserError(
        'not-a-number',
        `"${row[percent]}" in row ${n + 1}, column ${percent} of \`${name}\` is not a number.`,
      );
    const series = row.series === undefined || row.series === null ? {} : { series: String(row.series) };
    const found = classOf(text(textureClass)) ?? text(textureClass);
    return { patient: text(patient), ...series, region: known, class: found, percent: number };
  });
}

/** All percentages of a class in a region; missing ones are left out. */
export function percentsOf(rows: readonly PercentRow[], region: Region, textureClass: string): number[] {
  return rows.flatMap((row) =>
    row.region === region && row.class === textureClass && row.percent !== undefined ? [row.percent] : [],
  );
}

/** The regions that the rows hold, in their usual order. */
export function regionsIn(rows: readonly PercentRow[]): Region[] {
  return REGIONS.filter((region) => rows.some((row) => row.region === region));
}
