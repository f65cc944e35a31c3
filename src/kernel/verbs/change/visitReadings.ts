/** The numbers of a table visit by visit: of measurements, of a reader, or of lung function. */
import type { ColumnTable } from 'arquero';
import type { Remark } from '../../../protocol/remark.ts';
import { atMost } from '../../../protocol/words/lists.ts';
import { classOf, regionOf } from '../../base/labels.ts';
import { warning } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import { numberInCell } from '../../tables/cellNumber.ts';
import { sameName } from '../../tables/columns.ts';
import { type Row, rowsOf } from '../../tables/rows.ts';
import { visitColumn, visitsByRow } from '../../tables/visitColumn.ts';
import type { Named } from '../../values/named.ts';
import { columnIn, ROW_LABELS, tableWith, usualMeasures } from '../tableWith.ts';

type Table = Named<'measurements' | 'table'>;

/** One number of one visit. */
export interface VisitReading {
  readonly patient: string;
  readonly visit: string;
  /** Since the patient's first visit, where the table says so. */
  readonly days: number | undefined;
  /** Where and of what it is, and which column: the same at every visit. */
  readonly place: ChangePlace;
  readonly value: number;
}

export interface ChangePlace {
  /** Undefined where the table has no such column. */
  readonly region: string | undefined;
  readonly class: string | undefined;
  readonly measure: string;
}

export interface VisitReadings {
  readonly readings: readonly VisitReading[];
  readonly measures: readonly string[];
  readonly hasRegions: boolean;
  readonly hasClasses: boolean;
  /** Whether the one measure is the percent of a region that classes have. */
  readonly isPercent: boolean;
  /** What is the same at all visits of a patient, such as antibody and sex, by column and then by patient. */
  readonly kept: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  readonly remarks: readonly Remark[];
}

/** `wanted` are the columns whose numbers are read: percent where left out, else all numbers that differ within a patient. */
export function visitReadings(named: Table, wanted: readonly string[] | undefined): VisitReadings {
  const { name, value } = named;
  const visit = visitColumn(value.table);
  if (visit === undefined) throw noVisits(named);
  const measures = wanted ?? usualMeasures(value.table);
  if (measures.length === 0)
    throw new UserError(
      'unknown-column',
      `\`${name}\` has no column of numbers beside its visits. Name one by \`on\`; it has ${value.table.columnNames().join(', ')}.`,
    );
  const tables = measures.map((measure) => tableWith(named, measure, ROW_LABELS));
  const read = tables.map(({ table, column }) => readingsOf({ name, table, column }));
  const rows = rowsOf(value.table);
  const [first] = tables;
  const has = (column: string) => tables.every(({ table }) => columnIn(table, column) !== undefined);
  const hasClasses = has('class');
  return {
    readings: read.flatMap(({ readings }) => readings),
    measures: tables.map(({ column }) => column),
    hasRegions: has('region'),
    hasClasses,
    isPercent: hasClasses && tables.length === 1 && sameName(first!.column, 'percent'),
    kept: keptColumns(
      value.table,
      rows,
      tables.map(({ column }) => column),
    ),
    remarks: read.flatMap(({ remarks }) => remarks),
  };
}

function noVisits({ name, value }: Table): UserError {
  const advice =
    value.kind === 'measurements'
      ? 'Its cohort has one visit of each patient. Visits are told by folders (`P01/visit1`), by a manifest with the column `visit`, or by the dates of the studies.'
      : 'Call the column that numbers the visits `visit`: `load … columns visit "Termin"`.';
  return new UserError('missing-columns', `\`${name}\` has no column \`visit\`. ${advice}`);
}

/** One value of each patient, visit and place; of several series of one visit the first counts, and is said. */
function readingsOf({
  name,
  table,
  column,
}: {
  readonly name: string;
  readonly table: ColumnTable;
  readonly column: string;
}) {
  const [patient, region, textureClass, days, series] = ['patient', 'region', 'class', 'days', 'series'].map((own) =>
    columnIn(table, own),
  );
  if (patient === undefined) throw new UserError('missing-columns', `\`${name}\` has no column \`patient\`.`);
  const visits = visitsByRow(table);
  const seen = new Map<string, { readonly reading: VisitReading; readonly row: number; readonly series: string }>();
  const unsaid: string[] = [];
  let repeated = 0;
  for (const [n, row] of rowsOf(table).entries()) {
    const value = numberAt(row, column, { name, row: n });
    const label = textIn(row, patient);
    if (value === undefined) continue;
    if (label === '' || visits[n] === '') {
      unsaid.push(`row ${n + 1}${label && ` (${label})`}`);
      continue;
    }
    const place: ChangePlace = {
      region: region === undefined ? undefined : (regionOf(textIn(row, region)) ?? textIn(row, region)),
      class: textureClass === undefined ? undefined : (classOf(textIn(row, textureClass)) ?? textIn(row, textureClass)),
      measure: column,
    };
    const since = days === undefined ? undefined : numberInCell(row[days]);
    const reading = {
      patient: label,
      visit: visits[n]!,
      days: typeof since === 'number' ? since : undefined,
      place,
      value,
    };
    const key = JSON.stringify([label, visits[n], place.region, place.class]);
    const own = series === undefined ? '' : textIn(row, series);
    const before = seen.get(key);
    if (!before) seen.set(key, { reading, row: n, series: own });
    else if (before.series !== own) repeated++;
    else
      throw new UserError(
        'repeated-rows',
        `Visit ${visits[n]} of ${label} is there twice in \`${name}\`, in rows ${before.row + 1} and ${n + 1}${place.class === undefined ? '' : ` (${place.class})`}. Keep one, or give the second its own visit.`,
      );
  }
  return {
    readings: [...seen.values()].map(({ reading }) => reading),
    remarks: [
      ...(repeated
        ? [
            warning(
              'several-series',
              `\`${name}\` holds several series of the same visit; the first one of each is taken.`,
            ),
          ]
        : []),
      ...(unsaid.length
        ? [
            warning(
              'visit-unknown',
              `Rows of \`${name}\` name no patient or no visit and are left out: ${atMost(unsaid, 5)}.`,
            ),
          ]
        : []),
    ],
  };
}

function textIn(row: Row, column: string): string {
  return String(row[column] ?? '').trim();
}

function numberAt(
  row: Row,
  column: string,
  { name, row: n }: { readonly name: string; readonly row: number },
): number | undefined {
  const number = numberInCell(row[column]);
  if (number !== 'other') return number;
  throw new UserError(
    'not-a-number',
    `"${row[column]}" in row ${n + 1}, column ${column} of \`${name}\` is not a number. Leave the cell empty where there is none.`,
  );
}

/** Columns beside those that are measured that never differ within a patient. */
function keptColumns(
  table: ColumnTable,
  rows: readonly Row[],
  measures: readonly string[],
): Map<string, Map<string, unknown>> {
  const patient = columnIn(table, 'patient')!;
  const others = table
    .columnNames()
    .filter((own) => !ROW_LABELS.includes(own.trim().toLowerCase()) && !measures.includes(own));
  return new Map(
    others.flatMap((column) => {
      const values = new Map<string, unknown>();
      for (const row of rows) {
        const [label, cell] = [textIn(row, patient), row[column]];
        if (cell === undefined || cell === null || cell === '') continue;
        if (values.has(label) && values.get(label) !== cell) return [];
        values.set(label, cell);
      }
      return values.size ? [[column, values] as const] : [];
    }),
  );
}
