/** Which rows of two tables belong together, by columns that both have. */
import type { ColumnTable } from 'arquero';
import { suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import { sameName } from './columns.ts';

export interface JoinSide {
  readonly name: string;
  readonly table: ColumnTable;
  /** What labels of patients are read as, where they are spelled otherwise. */
  readonly labels?: ReadonlyMap<string, string>;
}

export interface JoinedRows {
  /** Rows of both sides that belong together, in the order of the left one. */
  readonly pairs: readonly (readonly [left: number, right: number])[];
  /** Rows without a partner. */
  readonly onlyLeft: readonly number[];
  readonly onlyRight: readonly number[];
  /** Rows in which a key is missing. */
  readonly withoutKey: { readonly left: number; readonly right: number };
  /** Whether some row stands in several pairs. */
  readonly repeats: { readonly left: boolean; readonly right: boolean };
}

/** Throws a UserError where a side lacks one of the columns, or where several rows of both sides have the same values in them. */
export function joinRows(left: JoinSide, right: JoinSide, keys: readonly string[]): JoinedRows {
  const [ofLeft, ofRight] = [keysOf(left, keys), keysOf(right, keys)];
  const byKey = Map.groupBy(
    ofRight.flatMap((key, row) => (key === undefined ? [] : [{ key, row }])),
    ({ key }) => key,
  );
  const leftCounts = countsOf(ofLeft);
  const paired = new Set<number>();
  const pairs = ofLeft.flatMap((key, row) => {
    const partners = key === undefined ? [] : (byKey.get(key) ?? []);
    if (partners.length > 1 && leftCounts.get(key!)! > 1) throw manyToMany(left, right, keys, key!);
    return partners.map((partner) => {
      paired.add(partner.row);
      return [row, partner.row] as const;
    });
  });
  const withPartner = new Set(pairs.map(([row]) => row));
  const missing = (rows: readonly (string | undefined)[]) => rows.filter((key) => key === undefined).length;
  return {
    pairs,
    onlyLeft: ofLeft.flatMap((key, row) => (key === undefined || withPartner.has(row) ? [] : [row])),
    onlyRight: ofRight.flatMap((key, row) => (key === undefined || paired.has(row) ? [] : [row])),
    withoutKey: { left: missing(ofLeft), right: missing(ofRight) },
    repeats: { left: pairs.length > withPartner.size, right: pairs.length > paired.size },
  };
}

/** The column of a table, whose capitals do not matter. Throws a UserError where there is none. */
export function columnNamed({ name, table }: Pick<JoinSide, 'name' | 'table'>, wanted: string): string {
  const columns = table.columnNames();
  const found = columns.find((column) => column === wanted) ?? columns.find((column) => sameName(column, wanted));
  if (found !== undefined) return found;
  throw new UserError('unknown-column', `\`${name}\` has no column \`${wanted}\`: ${suggestionFor(wanted, columns)}`);
}

/** What each row has in the columns, as one text; undefined where one of them is empty. */
function keysOf({ name, table, labels }: JoinSide, keys: readonly string[]): (string | undefined)[] {
  const columns = keys.map((key) => ({
    isPatient: sameName(key, 'patient'),
    values: table.array(columnNamed({ name, table }, key)),
  }));
  return Array.from({ length: table.numRows() }, (_, row) => {
    const cells = columns.map(({ isPatient, values }) => {
      const text = String(values[row] ?? '').trim();
      return isPatient ? (labels?.get(text) ?? text) : text;
    });
    return cells.includes('') ? undefined : JSON.stringify(cells);
  });
}

function countsOf(keys: readonly (string | undefined)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function manyToMany(left: JoinSide, right: JoinSide, keys: readonly string[], key: string): UserError {
  // SAFETY: `keysOf` wrote it.
  const values = (JSON.parse(key) as string[]).join(', ');
  const shared = left.table
    .columnNames()
    .filter((column) => right.table.columnNames().some((other) => sameName(column, other)))
    .filter((column) => !keys.some((own) => sameName(own, column)));
  const advice = shared.length
    ? `Both also have ${shared.map((column) => `\`${column}\``).join(', ')}: write for example \`on ${[...keys, shared[0]].join(', ')}\`, or \`filter\` one side first.`
    : 'Filter one side first, so that one row of each is left.';
  return new UserError(
    'many-to-many',
    `Both \`${left.name}\` and \`${right.name}\` have several rows of ${values}, so that every one of these would stand beside every other. ${advice}`,
  );
}
