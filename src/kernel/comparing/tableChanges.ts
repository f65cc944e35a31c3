/** Two states of one table: its numbers row by row, by what names a row. */
import { isDeepStrictEqual } from 'node:util';
import type { CellValue, TableColumn, TableView } from '../../protocol/view.ts';
import { formatCell, formatNumber, formatPlain } from '../../protocol/words/formatCell.ts';
import { type ShownColumn, shownColumns, shownText } from '../../protocol/words/shownTable.ts';
import { counted } from '../base/counted.ts';
import { type Differences, type Moved, movedSentences } from './changes.ts';

type Row = readonly CellValue[];
/** Rows by their names; the same name again has a number behind it. */
type NamedRows = ReadonlyMap<string, Row>;

/** So many names of rows stand in a sentence. */
const NAMES_SHOWN = 5;

export function tableChanges(before: TableView, after: TableView): Differences {
  const keys = keyColumns(before, after);
  const rows = { before: rowsByName(before, keys), after: rowsByName(after, keys) };
  const compared = shownColumns(before).filter(({ column }) => !keys.includes(column.name));
  const moved: Moved[] = [];
  let lessThanShown = 0;
  for (const [name, row] of rows.before) {
    const now = rows.after.get(name);
    if (!now) continue;
    for (const shown of compared) {
      const same = sameColumn(shown, after);
      if (!same) continue;
      const [was, is] = [shownText(row, before.columns, shown), shownText(now, after.columns, same)];
      if (was !== is)
        moved.push({ what: cellName(name, shown.column), before: was, after: is, ...by(row, now, shown, same) });
      else if (row[shown.index] !== now[same.index]) lessThanShown++;
    }
  }
  return {
    moved,
    notes: [
      ...rowsOnOneSide('gone', rows.before, rows.after),
      ...rowsOnOneSide('new', rows.after, rows.before),
      ...columnsOnOneSide('gone', before, after),
      ...columnsOnOneSide('new', after, before),
      ...(lessThanShown ? [`${counted(lessThanShown, 'figure')} moved by less than is shown.`] : []),
      ...notInTheFiles(before, after),
      ...movedSentences(sentencesOf(before), sentencesOf(after)),
    ],
  };
}

/** The columns that name a row in LungNB's own tables (product contract). */
const NAMING = ['patient', 'visit', 'series', 'reader', 'region', 'class'];
/** Of tables in which these do not tell all rows apart: of change, of transitions, of profiles, and of sessions of reading. */
const NAMING_FURTHER = ['measure', 'class_before', 'class_after', 'from_mm', 'from_percent', 'session', 'ai', 'repeat'];

/** Those where the tables have them; else as many of the first columns of text as tell all rows of both tables apart. */
function keyColumns(before: TableView, after: TableView): string[] {
  const common = before.columns.filter(({ name }) => after.columns.some((other) => other.name === name));
  for (const names of [NAMING, [...NAMING, ...NAMING_FURTHER]]) {
    const naming = common.map(({ name }) => name).filter((name) => names.includes(name));
    if (naming.length > 0 && [before, after].every((table) => areUnique(table, naming))) return naming;
  }
  const texts = common.filter(({ kind }) => kind === 'text').map(({ name }) => name);
  const prefixes = texts.map((_, n) => texts.slice(0, n + 1));
  return prefixes.find((names) => [before, after].every((table) => areUnique(table, names))) ?? texts;
}

function areUnique(table: TableView, keys: readonly string[]): boolean {
  const names = table.rows.map((row) => rowName(row, table, keys));
  return new Set(names).size === names.length;
}

function rowsByName(table: TableView, keys: readonly string[]): NamedRows {
  const seen = new Map<string, number>();
  return new Map(
    table.rows.map((row) => {
      const name = rowName(row, table, keys);
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      return [times === 1 ? name : `${name} (${times})`.trim(), row];
    }),
  );
}

/** "RUL · Reticulation". */
function rowName(row: Row, { columns }: TableView, keys: readonly string[]): string {
  return keys
    .map((key) => columns.findIndex(({ name }) => name === key))
    .map((place) => formatCell(row[place] ?? null, columns[place]!))
    .join(' · ');
}

function cellName(row: string, { label }: TableColumn): string {
  return row === '' ? label : `${row}: ${label}`;
}

function sameColumn({ column }: ShownColumn, after: TableView): ShownColumn | undefined {
  return shownColumns(after).find((other) => other.column.name === column.name);
}

function by(before: Row, after: Row, was: ShownColumn, is: ShownColumn): Pick<Moved, 'by'> {
  const [from, to] = [before[was.index], after[is.index]];
  if (typeof from !== 'number' || typeof to !== 'number' || was.column.kind !== 'number') return {};
  const difference = to - from;
  const { digits } = was.column;
  const text = digits === undefined ? formatPlain(difference) : formatNumber(difference, digits);
  return { by: difference > 0 ? `+${text}` : text };
}

function rowsOnOneSide(side: 'gone' | 'new', rows: NamedRows, others: NamedRows): string[] {
  const names = [...rows.keys()].filter((name) => !others.has(name));
  if (names.length === 0) return [];
  const more = names.length - NAMES_SHOWN;
  const listed = `${names.slice(0, NAMES_SHOWN).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  return [`${counted(names.length, 'row')} ${side}: ${listed}.`];
}

function columnsOnOneSide(side: 'gone' | 'new', { columns }: TableView, others: TableView): string[] {
  const labels = columns
    .filter(({ name }) => !others.columns.some((other) => other.name === name))
    .map(({ label }) => label);
  return labels.length ? [`${counted(labels.length, 'column')} ${side}: ${labels.join('; ')}.`] : [];
}

/** A saved notebook keeps the first part of a long table; the rest is the same where it was made from the same in the same way. */
function notInTheFiles(before: TableView, after: TableView): string[] {
  if (before.provenance && !before.provenance.inputsUnknown && isDeepStrictEqual(before, after)) return [];
  const kept = Math.min(before.rows.length, after.rows.length);
  const all = Math.max(before.totalRows, after.totalRows);
  const isWhole = [before, after].every(({ rows, totalRows }) => rows.length >= totalRows);
  return isWhole ? [] : [`The files keep ${kept} of ${all} rows; only those were compared.`];
}

function sentencesOf({ notes, messages }: TableView): string[] {
  return [...messages.map(({ text }) => text), ...notes];
}
