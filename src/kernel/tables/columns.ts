/** Columns of files with types of their own, as tables of texts, numbers and truth values. */
import { type ColumnTable, table } from 'arquero';
import { columnOf } from '../base/labels.ts';
import { UserError } from '../base/userError.ts';

/** Columns that are labels even where they look like numbers ("007" is not 7). */
const LABEL_COLUMNS: readonly string[] = ['patient', 'reader', 'series'];

/** Capitals and spaces around names do not matter. */
export function sameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** By its name, in any language that columns are understood in. */
export function isLabelColumn(name: string): boolean {
  const own = name.trim().toLowerCase();
  return LABEL_COLUMNS.includes(own) || LABEL_COLUMNS.includes(columnOf(own) ?? '');
}

/** `name` is for messages. Throws a UserError where a cell is none of these, or there are no rows. */
export function tableOfColumns(columns: readonly (readonly [string, readonly unknown[]])[], name: string): ColumnTable {
  const repeated = columns.find(([own], n) => columns.findIndex(([other]) => other === own) !== n);
  if (repeated)
    throw new UserError('bad-table', `${name} has two columns "${repeated[0]}". Give each column its own name.`);
  if (!columns.some(([, values]) => values.length)) throw new UserError('empty-table', `${name} holds no rows.`);
  return table(
    columns.map(([column, values]) => {
      const isLabel = isLabelColumn(column);
      return [column, values.map((value, n) => plain(value, isLabel, `row ${n + 1}, column ${column} of ${name}`))];
    }),
  );
}

function plain(value: unknown, isLabel: boolean, where: string): string | number | boolean | undefined {
  if (value === null || value === undefined) return undefined;
  // What is not seen is no value, and a space behind a label would make another patient of it.
  if (typeof value === 'string' && value.trim() === '') return undefined;
  if (isLabel) return String(value).trim();
  if (value instanceof Date) {
    const text = value.toISOString();
    return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text;
  }
  if (typeof value === 'bigint') return !Number.isSafeInteger(Number(value)) ? String(value) : Number(value);
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  throw new UserError('bad-table', `What is in ${where} is neither a text nor a number nor true or false.`);
}

export type ColumnKind = 'text' | 'number' | 'truth';

/** Values of a column, and what they are; missing ones are null. Mixed columns are texts. */
export function typedColumn(values: ArrayLike<unknown>): { readonly kind: ColumnKind; readonly values: unknown[] } {
  const cells = Array.from(values, (value) =>
    value === undefined || (typeof value === 'number' && Number.isNaN(value)) ? null : value,
  );
  const types = new Set(cells.filter((cell) => cell !== null).map((cell) => typeof cell));
  if (types.size === 1 && types.has('number')) return { kind: 'number', values: cells };
  if (types.size === 1 && types.has('boolean')) return { kind: 'truth', values: cells };
  return { kind: 'text', values: cells.map((cell) => cell && String(cell)) };
}
