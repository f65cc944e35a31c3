/** Columns that say something of each patient, such as age, antibody or lung function: read as numbers, or as groups. */
import type { ColumnTable } from 'arquero';
import type { Remark } from '../../protocol/remark.ts';
import { atMost } from '../../protocol/words/lists.ts';
import { counted } from '../base/counted.ts';
import { warning } from '../base/remarks.ts';
import { UserError } from '../base/userError.ts';
import { numberInCell } from './cellNumber.ts';
import { sameName } from './columns.ts';
import { columnNamed } from './joinRows.ts';

/** More groups than this are no groups, but labels or remarks. */
export const MOST_GROUPS = 20;

/** What one column says of each patient who has a value in it. */
export type PatientColumn = {
  /** As the table calls it. */
  readonly name: string;
  readonly remarks: readonly Remark[];
} & (
  | { readonly kind: 'number'; readonly values: ReadonlyMap<string, number> }
  | { readonly kind: 'category'; readonly values: ReadonlyMap<string, string>; readonly levels: readonly string[] }
);

interface NamedTable {
  readonly name: string;
  readonly table: ColumnTable;
}

/**
 * Numbers where at least half of its cells are, and then other texts count as missing, with a warning that names them;
 * groups else. Throws a UserError where a patient has two different values, where texts are too many for groups, or
 * the column holds dates.
 */
export function patientColumn(of: NamedTable, wanted: string): PatientColumn {
  return typed(of.name, columnNamed(of, wanted), cellsByPatient(of, wanted));
}

/** The same as groups, whatever the column holds. */
export function patientGroups(of: NamedTable, wanted: string): PatientColumn & { readonly kind: 'category' } {
  const name = columnNamed(of, wanted);
  return categories(of.name, name, cellsByPatient(of, wanted), []);
}

/** Labels of all patients, in the order of the table. */
export function patientsIn(of: NamedTable): string[] {
  const labels = Array.from(of.table.array(columnNamed(of, 'patient')), (label) => String(label ?? '').trim());
  return [...new Set(labels)].filter((label) => label !== '');
}

/** Groups by cells of patients, as `patientGroups` takes them. */
export function groupsOfCells(
  of: { readonly table: string; readonly name: string },
  cells: Iterable<readonly [patient: string, cell: unknown]>,
): PatientColumn & { readonly kind: 'category' } {
  return categories(of.table, of.name, oneOfEach(of, cells), []);
}

/** Cells that are not empty. */
function cellsByPatient(of: NamedTable, wanted: string): Map<string, unknown> {
  const column = columnNamed(of, wanted);
  const patients = of.table.array(columnNamed(of, 'patient'));
  const values = of.table.array(column);
  return oneOfEach(
    { table: of.name, name: column },
    Array.from({ length: of.table.numRows() }, (_, row) => [String(patients[row] ?? '').trim(), values[row]] as const),
  );
}

function oneOfEach(
  { table, name }: { readonly table: string; readonly name: string },
  all: Iterable<readonly [patient: string, cell: unknown]>,
): Map<string, unknown> {
  const cells = new Map<string, unknown>();
  const changing = new Set<string>();
  for (const [patient, cell] of all) {
    if (patient === '' || isEmpty(cell)) continue;
    if (!cells.has(patient)) cells.set(patient, cell);
    else if (String(cells.get(patient)) !== String(cell)) changing.add(patient);
  }
  if (changing.size)
    throw new UserError(
      'changing-group',
      `The ${name} of ${counted(changing.size, 'patient')} (${atMost([...changing], 5)}) differs from row to row of \`${table}\`, and one value of each is needed. ${oneOfSeveral(table, name, cells.get([...changing][0]!))}`,
    );
  return cells;
}

/** Columns that tell readings of a patient apart, or scans. */
const OF_READINGS: readonly string[] = ['session', 'ai', 'repeat'];
const OF_SCANS: readonly string[] = ['kernel', 'scanner', 'slice_thickness', 'series'];

/** What to write where a column differs within a patient, as that of `cell` in one row. */
function oneOfSeveral(table: string, column: string, cell: unknown): string {
  const one = `\`filter ${table} where ${column} == ${typeof cell === 'string' ? JSON.stringify(cell) : cell}\``;
  const isOneOf = (known: readonly string[]) => known.some((own) => sameName(own, column));
  if (isOneOf(OF_READINGS))
    return `It tells readings of a patient apart: \`agree ${table} between ${column}\` compares them, and ${one} takes one of them.`;
  if (sameName(column, 'reader'))
    return `It tells readings of a patient apart: \`agree ${table}\` compares the readers, and ${one} takes one of them.`;
  if (isOneOf(OF_SCANS))
    return `It tells scans of a patient apart: \`repeat ${table} by ${column}\` compares them. For groups of patients measure one scan of each, by \`load … series\`.`;
  return 'Take the rows that count first by `filter`, for example those of one visit.';
}

function isEmpty(cell: unknown): boolean {
  return cell === undefined || cell === null || String(cell).trim() === '' || Number.isNaN(cell);
}

function typed(table: string, name: string, cells: ReadonlyMap<string, unknown>): PatientColumn {
  if ([...cells.values()].some((cell) => cell instanceof Date))
    throw new UserError(
      'free-text',
      `\`${name}\` of \`${table}\` holds dates. Write the days, months or years between two of them into a column of numbers.`,
    );
  const read = [...cells].map(([patient, cell]) => ({ label: patient, cell, number: numberOf(cell) }));
  if (!areNumbers(read))
    return categories(
      table,
      name,
      new Map(read.filter(({ number }) => number !== undefined).map(({ label, cell }) => [label, cell])),
      [],
    );
  const values = read.flatMap(({ label, number }) => (typeof number === 'number' ? [[label, number] as const] : []));
  return { name, kind: 'number', values: new Map(values), remarks: textsAmongNumbers({ table, name }, read) };
}

interface ReadCell {
  /** Whose it is, for messages. */
  readonly label: string;
  readonly cell: unknown;
  readonly number: number | undefined | 'other';
}

/** At least half of what is not missing. */
function areNumbers(read: readonly ReadCell[]): boolean {
  const numbers = read.filter(({ number }) => typeof number === 'number').length;
  const texts = read.filter(({ number }) => number === 'other').length;
  return numbers > 0 && numbers >= texts;
}

function textsAmongNumbers(
  { table, name }: { readonly table: string; readonly name: string },
  read: readonly ReadCell[],
): Remark[] {
  const texts = read.filter(({ number }) => number === 'other');
  if (texts.length === 0) return [];
  const are = texts.length === 1 ? 'is no number and counts' : 'are no numbers and count';
  const some = atMost(
    texts.map(({ label, cell }) => `"${cell}" of ${label}`),
    5,
  );
  return [
    warning(
      'not-a-number',
      `${counted(texts.length, 'cell')} of \`${name}\` in \`${table}\` ${are} as missing: ${some}. Write a number, or leave the cell empty.`,
    ),
  ];
}

/** A column with a cell per row of the table, as a characteristic of Table 1; or the reason why it is none. */
export function columnByRow(
  of: NamedTable,
  name: string,
): {
  readonly characteristic: RowColumn | undefined;
  readonly reason: string | undefined;
  readonly remarks: readonly Remark[];
} {
  const patients = of.table.array(columnNamed(of, 'patient'));
  const cells = Array.from(of.table.array(name), (cell) => (isEmpty(cell) ? undefined : cell));
  const none = (reason: string) => ({ characteristic: undefined, reason, remarks: [] });
  if (cells.every((cell) => cell === undefined)) return none('empty');
  if (cells.some((cell) => cell instanceof Date)) return none('dates');
  const read = cells.map((cell, row) => ({ label: String(patients[row] ?? ''), cell, number: numberOf(cell) }));
  if (areNumbers(read)) {
    const numbers = read.map(({ number }) => (typeof number === 'number' ? number : undefined));
    const remarks = textsAmongNumbers({ table: of.name, name }, read);
    if (new Set(numbers).size - Number(numbers.includes(undefined)) > 2)
      return { characteristic: { name, kind: 'number', cells: numbers }, reason: undefined, remarks };
  }
  const words = read.map(({ cell, number }) => (number === undefined ? undefined : wordOf(cell)));
  const levels = [...new Set(words.flatMap((word) => word ?? []))].sort(byOrder);
  if (levels.length > MOST_GROUPS) return none(`${levels.length} different texts`);
  return { characteristic: { name, kind: 'category', cells: words, levels }, reason: undefined, remarks: [] };
}

/** A cell per row of a table; undefined where it is missing. */
export type RowColumn = { readonly name: string } & (
  | { readonly kind: 'number'; readonly cells: readonly (number | undefined)[] }
  | { readonly kind: 'category'; readonly cells: readonly (string | undefined)[]; readonly levels: readonly string[] }
);

/** Truth values are groups. */
function numberOf(cell: unknown): number | undefined | 'other' {
  return typeof cell === 'boolean' ? 'other' : numberInCell(cell);
}

function categories(
  table: string,
  name: string,
  cells: ReadonlyMap<string, unknown>,
  remarks: readonly Remark[],
): PatientColumn & { readonly kind: 'category' } {
  const values = new Map([...cells].map(([patient, cell]) => [patient, wordOf(cell)]));
  const levels = [...new Set(values.values())].sort(byOrder);
  if (levels.length > MOST_GROUPS)
    throw new UserError(
      'free-text',
      `\`${name}\` of \`${table}\` has ${levels.length} different texts, such as "${levels[0]}" and "${levels[1]}"; up to ${MOST_GROUPS} groups are compared. Make groups of it first by \`derive\`, or write numbers.`,
    );
  return { name, kind: 'category', values, levels, remarks };
}

function wordOf(cell: unknown): string {
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell).trim();
}

/** Words for nothing, with which other groups are compared. */
const NOTHING: readonly string[] = ['no', 'none', 'never', 'false', 'absent', 'negative', 'normal', 'alive', 'nein'];
/** Words for what is looked for. */
const SOMETHING: readonly string[] = ['yes', 'true', 'present', 'positive', 'dead', 'died', 'death', 'event', 'ja'];

/** What stands for nothing first, numbers by their size, words by the alphabet. */
function byOrder(a: string, b: string): number {
  const isNothing = (word: string) => Number(!NOTHING.includes(word.toLowerCase()));
  if (isNothing(a) !== isNothing(b)) return isNothing(a) - isNothing(b);
  const difference = Number(a) - Number(b);
  return Number.isNaN(difference) ? a.localeCompare(b, 'en') : difference;
}

/** Whether each patient had an event: 0 and 1, or words for no and yes. Throws a UserError at anything else. */
export function eventsIn(of: NamedTable, wanted: string): Map<string, boolean> {
  const name = columnNamed(of, wanted);
  return new Map(
    [...cellsByPatient(of, wanted)].map(([patient, cell]) => {
      const word = wordOf(cell).toLowerCase();
      const [isNo, isYes] = [word === '0' || NOTHING.includes(word), word === '1' || SOMETHING.includes(word)];
      if (isNo || isYes) return [patient, isYes] as const;
      throw new UserError(
        'not-yes-no',
        `"${cell}" of ${patient} in \`${name}\` of \`${of.name}\` is neither yes nor no. Write 1 where the event happened and 0 where it did not, for example by \`derive ${of.name} ${name}_event = ${name} == "…"\`.`,
      );
    }),
  );
}
