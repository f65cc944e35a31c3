/** Expressions over the rows of a table, by Arquero. A missing cell is `undefined` in them, with which every comparison is false. */
import type { ColumnTable } from 'arquero';
import { table as tableOf } from 'arquero';
import { UserError } from '../base/userError.ts';
import '../base/plainKeys.ts';
import './patterns.ts';
import { errorOf } from '../base/thrown.ts';

/** The expression's value for each row. Throws a UserError with Arquero's reason where it refuses the expression. */
export function evaluate(table: ColumnTable, expression: string): unknown[] {
  const values = attempt(() =>
    Array.from(withoutNull(table).derive({ value: expression }).array('value'), withoutNoDate),
  );
  if (values.some((value) => typeof value === 'function' || (typeof value === 'object' && !isCell(value))))
    throw new UserError(
      'bad-expression',
      'The expression gives lists or objects; a cell holds a text, a number or true or false.',
    );
  return values;
}

/** What is no date (`parse_date("x")`) is missing; no cell could be written of it. */
function withoutNoDate(value: unknown): unknown {
  return value instanceof Date && Number.isNaN(value.getTime()) ? undefined : value;
}

function isCell(value: unknown): boolean {
  return value === null || value instanceof Date;
}

/** The rows by their numbers. */
export function rowsAt(table: ColumnTable, rows: readonly number[]): ColumnTable {
  return columnwise(table, (values) => rows.map((row) => values[row]));
}

/** In JavaScript null is less than 1, and a missing percentage is not. */
function withoutNull(table: ColumnTable): ColumnTable {
  return columnwise(table, (values) => Array.from(values, (value) => value ?? undefined));
}

function columnwise(table: ColumnTable, of: (values: ArrayLike<unknown>) => unknown[]): ColumnTable {
  return tableOf(Object.fromEntries(table.columnNames().map((name) => [name, of(table.array(name))])));
}

function attempt<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const reason = errorOf(error)
      .message.split('\n')[0]!
      .replace(/[.:]*$/, '');
    throw new UserError(
      'bad-expression',
      `The expression cannot be computed: ${reason}. Columns, numbers, texts in double quotes, \`+ - * /\`, comparisons, \`&& || !\` and functions such as \`abs(percent)\` or \`mean(percent)\` can be used.`,
    );
  }
}
