/** A table on its way between threads: columns of one kind as typed arrays that are handed over, not copied. */
import { type ColumnTable, table as tableOf } from 'arquero';

export type PackedColumn =
  | { readonly kind: 'numbers' | 'dates'; readonly values: Float64Array; readonly missing: Uint8Array }
  /** Texts, truth values and missing cells, each once, and which of them stands in each row. */
  | { readonly kind: 'words'; readonly words: readonly unknown[]; readonly rows: Uint32Array }
  | { readonly kind: 'others'; readonly values: readonly unknown[] };

export interface PackedTable {
  readonly names: readonly string[];
  readonly columns: readonly PackedColumn[];
}

/** What stands in `missing`: cells are null or undefined as the reader of their format made them. */
const NULL = 1;
const UNDEFINED = 2;
const MAX_WORDS = 10_000;

export function packTable(table: ColumnTable): PackedTable {
  const names = table.columnNames();
  return { names, columns: names.map((name) => packed(Array.from(table.array(name) as ArrayLike<unknown>))) };
}

/** The same table: every cell of the same type and value. */
export function unpackTable({ names, columns }: PackedTable): ColumnTable {
  return tableOf(columns.map((column, n) => [names[n]!, unpacked(column)]));
}

/** What is handed over with a packed table. */
export function transferOf({ columns }: PackedTable): ArrayBuffer[] {
  return columns.flatMap((column) => {
    switch (column.kind) {
      case 'words':
        return [column.rows.buffer as ArrayBuffer];
      case 'others':
        return [];
      default:
        return [column.values.buffer as ArrayBuffer, column.missing.buffer as ArrayBuffer];
    }
  });
}

function packed(values: readonly unknown[]): PackedColumn {
  if (values.every((value) => value == null || typeof value === 'number')) return filled('numbers', values, Number);
  if (values.every((value) => value == null || value instanceof Date))
    return filled('dates', values, (value) => (value as Date).getTime());
  if (values.every((value) => value == null || typeof value === 'string' || typeof value === 'boolean'))
    return asWords(values);
  return { kind: 'others', values };
}

function filled(kind: 'numbers' | 'dates', values: readonly unknown[], number: (value: unknown) => number) {
  const column = { kind, values: new Float64Array(values.length), missing: new Uint8Array(values.length) };
  for (let n = 0; n < values.length; n++) {
    const value = values[n];
    if (value == null) column.missing[n] = value === null ? NULL : UNDEFINED;
    else column.values[n] = number(value);
  }
  return column;
}

/** Where nearly every text is another one, as labels are, looking them up costs more than it saves. */
function asWords(values: readonly unknown[]): PackedColumn {
  const places = new Map<unknown, number>();
  const rows = new Uint32Array(values.length);
  for (let n = 0; n < values.length; n++) {
    const value = values[n];
    let place = places.get(value);
    if (place === undefined) {
      place = places.size;
      if (place >= MAX_WORDS) return { kind: 'others', values };
      places.set(value, place);
    }
    rows[n] = place;
  }
  return { kind: 'words', words: [...places.keys()], rows };
}

function unpacked(column: PackedColumn): readonly unknown[] {
  if (column.kind === 'others') return column.values;
  const cells = new Array<unknown>(column.kind === 'words' ? column.rows.length : column.values.length);
  if (column.kind === 'words') {
    const { words, rows } = column;
    for (let n = 0; n < cells.length; n++) cells[n] = words[rows[n]!];
    return cells;
  }
  const { kind, values, missing } = column;
  for (let n = 0; n < cells.length; n++) {
    if (missing[n]) cells[n] = missing[n] === NULL ? null : undefined;
    else cells[n] = kind === 'dates' ? new Date(values[n]!) : values[n];
  }
  return cells;
}
