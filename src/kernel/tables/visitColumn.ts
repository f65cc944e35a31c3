/** The visits that the rows of a table are of. */
import type { ColumnTable } from 'arquero';
import { columnOf } from '../base/labels.ts';
import { naturally } from '../base/naturally.ts';
import { remembering } from '../base/remembering.ts';
import { visitNameOf } from '../base/visitName.ts';

/** The table's own name of the column; undefined where it has none. */
export function visitColumn(table: ColumnTable): string | undefined {
  return table.columnNames().find((own) => own.trim().toLowerCase() === 'visit' || columnOf(own) === 'visit');
}

/** A visit as it is compared: 2 is "2", "02", "2.0", "V2" and "visit 2"; other words are as they are written. */
export function visitIn(cell: unknown): string {
  return typeof cell === 'number' ? String(cell) : visitMeant(String(cell ?? '').trim());
}

const visitMeant = remembering((text: string): string => {
  if (/^\d+(\.0+)?$/.test(text)) return String(Number(text));
  const named = visitNameOf(text);
  return named?.kind === 'counted' ? String(named.number) : text;
});

/** Visits row by row; empty where a row names none, or the table has none. */
export function visitsByRow(table: ColumnTable): string[] {
  const column = visitColumn(table);
  if (column === undefined) return Array.from({ length: table.numRows() }, () => '');
  return Array.from(table.array(column), visitIn);
}

/** The different visits of a table, in order. */
export function visitsIn(table: ColumnTable): string[] {
  return [...new Set(visitsByRow(table))].filter((visit) => visit !== '').sort(naturally);
}

/** Whether a patient has rows of several visits: such a table is not one of patients alone. */
export function hasSeveralVisits(table: ColumnTable): boolean {
  const patient = table.columnNames().find((own) => own.trim().toLowerCase() === 'patient');
  if (patient === undefined || visitColumn(table) === undefined) return false;
  const visits = visitsByRow(table);
  const first = new Map<string, string>();
  return Array.from(table.array(patient), String).some((label, row) => {
    const visit = visits[row]!;
    if (visit === '') return false;
    const before = first.get(label) ?? visit;
    first.set(label, before);
    return before !== visit;
  });
}
