/** The readings of one reader under two conditions, told apart by a column: `repeat`, `session`, or `ai`. */

import type { Remark } from '../../../protocol/remark.ts';
import { info } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import { rowsAt } from '../../tables/evaluate.ts';
import { type Row, rowsOf } from '../../tables/rows.ts';
import { ofKind } from '../../values/named.ts';
import type { Side } from './agreeSides.ts';

export interface Conditions {
  /** As they are called on screen. */
  readonly names: readonly [string, string];
  /** In the order of the sides that were given. */
  readonly readers: readonly ReaderConditions[];
  readonly remarks: readonly Remark[];
}

export interface ReaderConditions {
  readonly name: string;
  /** Under the first and the second condition; a reader may lack one. */
  readonly sides: readonly [Side, Side];
}

/** What the two values of a column stand for. */
const CALLED: Readonly<Record<string, readonly [string, string]>> = {
  ai: ['without AI', 'with AI'],
  repeat: ['first reading', 'second reading'],
};
/** Of two texts, the one that is the first condition wherever it stands. */
const FIRST = /^(no|none|false|without\b.*|unaided|before)$/i;
/** What makes readings of a patient those of one occasion. */
const OCCASION = ['session', 'ai'];

/** Throws a UserError where the sides have no such column, or not two values in it. */
export function conditionsOf(sides: readonly Side[], column: string): Conditions {
  const tables = sides.map((side) => columnsOf(side, column));
  const values = valuesIn(tables.flatMap(({ rows, wanted }) => rows.map((row) => row[wanted])));
  if (values.length !== 2) throw notTwo(sides, column, values);
  const [first, second] = values;
  const names: readonly [string, string] = CALLED[column.toLowerCase()] ?? [
    called(column, first),
    called(column, second),
  ];
  let further = 0;
  const readers = tables.map((own): ReaderConditions => {
    const split = splitBy(own, values, column.toLowerCase() === 'repeat');
    further += split.further;
    const side = (n: 0 | 1): Side => ({
      name: `${own.side.name} (${names[n]})`,
      value: { ...own.side.value, table: rowsAt(own.side.value.table, split.rows[n]) },
    });
    return { name: own.side.name, sides: [side(0), side(1)] };
  });
  const said =
    'Some patients were read several times under one condition; the first reading of each is compared. `filter` chooses others before.';
  return { names, readers, remarks: further ? [info('first-reading', said)] : [] };
}

interface ConditionTable {
  readonly side: Side;
  readonly rows: readonly Row[];
  readonly wanted: string;
  readonly find: (name: string) => string | undefined;
}

function columnsOf(side: Side, column: string): ConditionTable {
  const { table } = ofKind(side, 'table').value;
  const columns = table.columnNames();
  const find = (name: string) => columns.find((own) => own.trim().toLowerCase() === name);
  const wanted = columns.find((own) => own === column) ?? find(column.toLowerCase());
  if (wanted === undefined)
    throw new UserError(
      'unknown-column',
      `\`${side.name}\` has no column \`${column}\` to tell its readings apart; it has ${columns.join(', ')}.`,
    );
  return { side, rows: rowsOf(table), wanted, find };
}

/** Those that are there, the first condition first. */
function valuesIn(cells: readonly unknown[]): unknown[] {
  const values = [...new Set(cells.filter((cell) => cell !== undefined && cell !== null && cell !== ''))];
  if (values.every((value) => typeof value === 'number' || typeof value === 'boolean'))
    return values.sort((a, b) => Number(a) - Number(b));
  return values.sort((a, b) => Number(FIRST.test(String(b).trim())) - Number(FIRST.test(String(a).trim())));
}

function called(column: string, value: unknown): string {
  return typeof value === 'string' ? value : `${column} ${String(value)}`;
}

function notTwo(sides: readonly Side[], column: string, values: readonly unknown[]): UserError {
  const names = sides.map(({ name }) => `\`${name}\``).join(', ');
  const [name] = sides.map((side) => side.name);
  return new UserError(
    'not-compared',
    values.length < 2
      ? `\`between ${column}\` compares two conditions, and ${names} ${values.length ? `has only ${column} ${String(values[0])}` : `has nothing in its column \`${column}\``}.`
      : `\`between ${column}\` compares two conditions, and ${names} has ${values.map(String).join(', ')}. Keep two of them before: \`filter ${name} where ${column} != ${JSON.stringify(values.at(-1))}\`.`,
  );
}

/** The rows of both conditions by their numbers, one for each patient, region and class; and how many are further readings. */
function splitBy(
  { rows, wanted, find }: ConditionTable,
  values: readonly unknown[],
  isRepeat: boolean,
): { readonly rows: readonly [number[], number[]]; readonly further: number } {
  const key = (row: Row, columns: readonly string[]) =>
    JSON.stringify(columns.map((name) => row[find(name) ?? ''] ?? null));
  const occasion = ['patient', ...OCCASION];
  const of = values.map((value) => rows.flatMap((row, n) => (row[wanted] === value ? [n] : [])));
  // Whoever was not shown twice is not missing: of repeats, those count that were, on the same occasion.
  const again = new Set(of[1]!.map((n) => key(rows[n]!, occasion)));
  const first = isRepeat ? of[0]!.filter((n) => again.has(key(rows[n]!, occasion))) : of[0]!;
  let further = 0;
  const once = (numbers: readonly number[]) => {
    const seen = new Set<string>();
    return numbers.filter((n) => {
      const place = key(rows[n]!, ['patient', 'region', 'class']);
      const isFirst = !seen.has(place);
      seen.add(place);
      if (!isFirst) further++;
      return isFirst;
    });
  };
  return { rows: [once(first), once(of[1]!)], further };
}
