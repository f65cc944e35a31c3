/** The percentages of a table with a row per patient, region and class, as figures and summaries need them. */
import type { ColumnTable } from 'arquero';
import { REGIONS, type Region } from '../../../protocol/names.ts';
import { classOf, regionOf, regionSuggestion } from '../../base/labels.ts';
import { remembering } from '../../base/remembering.ts';
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
      `\`${name}\` has no column ${lacking.map((c) => `\`${c}\``).join(', ')}; it has ${columns.join(', ')}.${percent === undefined && column('score') !== undefined ? ` It holds scores, and percentages are wanted here: \`agree\` compares scores with another reading, with the patients in each category in its \`summarise\`, and \`show ${name} as patients\` lays them out.` : ''}`,
    );
  }
  const regionIn = remembering(regionOf);
  const classIn = remembering((text) => classOf(text) ?? text);
  return rowsOf(table).map((row, n) => {
    const text = (of: string) => String(row[of] ?? '').trim();
    const known = regionIn(text(region));
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
    return { patient: text(patient), ...series, region: known, class: classIn(text(textureClass)), percent: number };
  });
}

/** All percentages of a class in a region; missing ones are left out. */
export function percentsOf(rows: readonly PercentRow[], region: Region, textureClass: string): readonly number[] {
  const ofRows = percents.get(rows) ?? byPlace(rows);
  percents.set(rows, ofRows);
  return ofRows.get(region)?.get(textureClass) ?? [];
}

/** Of rows that were gone through before: every class in every region is asked for, one after the other. */
const percents = new WeakMap<readonly PercentRow[], ReadonlyMap<Region, ReadonlyMap<string, number[]>>>();

function byPlace(rows: readonly PercentRow[]): Map<Region, Map<string, number[]>> {
  const regions = new Map<Region, Map<string, number[]>>();
  for (const { region, class: name, percent } of rows) {
    if (percent === undefined) continue;
    const classes = regions.get(region) ?? new Map<string, number[]>();
    regions.set(region, classes);
    const known = classes.get(name);
    if (known) known.push(percent);
    else classes.set(name, [percent]);
  }
  return regions;
}

/** The regions that the rows hold, in their usual order. */
export function regionsIn(rows: readonly PercentRow[]): Region[] {
  return REGIONS.filter((region) => rows.some((row) => row.region === region));
}
