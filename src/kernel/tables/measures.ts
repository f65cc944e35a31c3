/** The numbers of one column of a table, with the patient, region and class of each: what `agree … on COLUMN` compares. */
import type { ColumnTable } from 'arquero';
import { REGIONS, type Region, TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { Remark } from '../../protocol/remark.ts';
import { classOf, ownClassOf, regionOf } from '../base/labels.ts';
import { warning } from '../base/remarks.ts';
import { nearest, suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import { numberInCell } from './cellNumber.ts';
import { type Row, rowsOf } from './rows.ts';
import { visitIn } from './visitColumn.ts';

export interface Measure {
  readonly patient: string;
  /** `total` where the table has no regions. */
  readonly region: Region;
  /** Undefined where the table has no classes. */
  readonly class: string | undefined;
  /** Which of a patient's measurements it is, where the table says so: those of both sides with the same one belong together. */
  readonly occasion: string | undefined;
  readonly value: number;
}

export interface Measures {
  readonly rows: readonly Measure[];
  readonly hasRegions: boolean;
  readonly hasOccasions: boolean;
  /** Everybody in the table, with a value or without. */
  readonly patients: ReadonlySet<string>;
  /** In the order of the table; none where it has no classes. */
  readonly classes: readonly string[];
  readonly remarks: readonly Remark[];
}

/** Columns that tell the measurements of one patient apart. */
const OCCASIONS: readonly string[] = ['visit', 'replicate', 'repeat', 'repetition'];

function isVisit(column: string): boolean {
  return column.trim().toLowerCase() === 'visit';
}

/** `name` is for messages. Throws a UserError where the table lacks the column, or it holds something else than numbers. */
export function measuresOf(table: ColumnTable, name: string, wanted: string): Measures {
  const names = table.columnNames();
  const called = (title: string) => names.find((column) => column.trim().toLowerCase() === title);
  const patient = called('patient');
  if (patient === undefined)
    throw new UserError('missing-columns', `\`${name}\` has no column \`patient\`, by which both sides are paired.`);
  const columns: Columns = {
    name,
    patient,
    value: columnOf(table, name, wanted),
    region: called('region'),
    class: called('class'),
    series: called('series'),
    occasions: names.filter((column) => OCCASIONS.includes(column.trim().toLowerCase())),
  };
  const read = rowsOf(table).flatMap((row, n) => measureOf(row, n, columns) ?? []);
  const { rows, severalSeries } =
    columns.series === undefined ? { rows: read, severalSeries: false } : firstSeries(read);
  return {
    rows,
    patients: new Set(rowsOf(table).map((row) => textIn(row, patient))),
    hasRegions: columns.region !== undefined,
    hasOccasions: columns.occasions.length > 0,
    classes: [...new Set(rows.flatMap((row) => row.class ?? []))],
    remarks: severalSeries
      ? [
          warning(
            'several-series',
            `\`${name}\` holds several series of the same patient; the first one of each patient is compared.`,
          ),
        ]
      : [],
  };
}

/** Columns of numbers alone, other than those that say whose a row is. */
export function numericColumns(table: ColumnTable): string[] {
  return table
    .columnNames()
    .filter((column) =>
      rowsOf(table.select(column).slice(0, 100).reify()).some((row) => typeof row[column] === 'number'),
    );
}

interface Columns {
  readonly name: string;
  readonly patient: string;
  readonly value: string;
  readonly region: string | undefined;
  readonly class: string | undefined;
  readonly series: string | undefined;
  readonly occasions: readonly string[];
}

function columnOf(table: ColumnTable, name: string, wanted: string): string {
  const names = table.columnNames();
  const found =
    names.find((column) => column === wanted) ??
    names.find((column) => column.trim().toLowerCase() === wanted.trim().toLowerCase());
  if (found !== undefined) return found;
  const known = numericColumns(table);
  throw new UserError(
    'unknown-column',
    `\`${name}\` has no column \`${wanted}\`: ${suggestionFor(wanted, known.length ? known : names)}`,
    undefined,
    nearest(wanted, known),
  );
}

interface SeriesMeasure extends Measure {
  readonly series: string;
}

function measureOf(row: Row, n: number, columns: Columns): SeriesMeasure | undefined {
  const where = `row ${n + 1} of \`${columns.name}\``;
  const value = numberIn(row[columns.value], `${where}, column ${columns.value}`);
  if (value === undefined) return undefined;
  const patient = textIn(row, columns.patient);
  if (patient === '') throw new UserError('no-patient', `There is no patient in ${where}. Every row needs its label.`);
  return {
    patient,
    region: columns.region === undefined ? 'total' : regionIn(textIn(row, columns.region), where),
    class: columns.class === undefined ? undefined : classIn(textIn(row, columns.class), where),
    occasion: columns.occasions.length
      ? JSON.stringify(
          columns.occasions.map((column) => (isVisit(column) ? visitIn(row[column]) : textIn(row, column))),
        )
      : undefined,
    series: columns.series === undefined ? '' : textIn(row, columns.series),
    value,
  };
}

function textIn(row: Row, column: string): string {
  return String(row[column] ?? '').trim();
}

function regionIn(text: string, where: string): Region {
  const region = regionOf(text);
  if (region) return region;
  throw new UserError('unknown-region', `Unknown region "${text}" in ${where}; known are ${REGIONS.join(', ')}.`);
}

function classIn(text: string, where: string): string {
  const found = classOf(text) ?? ownClassOf(text);
  if (found) return found;
  throw new UserError('unknown-class', `Unknown class "${text}" in ${where}: ${suggestionFor(text, TEXTURE_CLASSES)}`);
}

/** Undefined where the cell is empty, or says that there is nothing. */
function numberIn(cell: unknown, where: string): number | undefined {
  const number = numberInCell(cell);
  if (number !== 'other') return number;
  throw new UserError(
    'not-a-number',
    `"${cell}" in ${where} is not a number. Leave the cell empty where there is none.`,
  );
}

/** The rows of the first series of each patient, or of each visit, as they are compared everywhere. */
function firstSeries(read: readonly SeriesMeasure[]): { rows: SeriesMeasure[]; severalSeries: boolean } {
  const first = new Map<string, string>();
  const scan = ({ patient, occasion = '' }: Measure) => `${patient}\n${occasion}`;
  for (const row of read) if (!first.has(scan(row))) first.set(scan(row), row.series);
  const rows = read.filter((row) => first.get(scan(row)) === row.series);
  return { rows, severalSeries: rows.length < read.length };
}
