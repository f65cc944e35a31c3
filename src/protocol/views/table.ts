/** Tables: the column of the patients has their labels. */
import type { CellValue, TableColumn, TableView } from '../view.ts';
import { handInWords } from '../words/byHand.ts';
import { shownColumns, shownText } from '../words/shownTable.ts';
import { visibleLine } from '../words/visibleText.ts';
import { isPatientColumn, type LabelReplacement, type PlacesOf } from './places.ts';
import { answersOf, joined, MESSAGE, PROVENANCE, RESEARCH_ONLY, type ViewKind } from './viewKind.ts';

const COLUMN: PlacesOf<TableColumn> = {
  name: 'column-name',
  label: 'column-name',
  kind: 'fixed',
  unit: 'words',
  description: 'words',
  interval: 'column-name',
};
const PLACES: PlacesOf<TableView> = {
  type: 'fixed',
  title: 'words',
  columns: COLUMN,
  rows: 'words',
  handle: 'handle',
  notes: 'words',
  messages: MESSAGE,
  patientsHandle: 'handle',
  sliceColumn: 'column-name',
  provenance: PROVENANCE,
};
const answers = answersOf<TableView>(PLACES);

export const TABLE: ViewKind<TableView> = {
  ...answers,
  plainText: (view) =>
    joined(
      view.title,
      cellsAsText(view),
      ...moreRows(view),
      ...view.messages.map((m) => `${m.severity}: ${m.text}`),
      ...view.notes,
      handInWords(view.provenance),
      ...(view.researchOnly ? [RESEARCH_ONLY] : []),
    ),
  patientLabels: (view) => [...patientCells(view), ...answers.patientLabels(view)],
  /** A label may be a number in its own column, among the examples of that column, and nowhere else. */
  withLabels(view, labels) {
    const done = answers.withLabels(view, labels);
    if (!Array.isArray(view.rows)) return done;
    const place = patientColumn(view);
    const rows = done.rows.map((row, r) => {
      const given = view.rows[r];
      if (!Array.isArray(row) || !Array.isArray(given)) return row;
      return place < 0 ? withExamples(row, given, labels) : row.with(place, labelled(given[place], labels));
    });
    return { ...done, rows };
  },
};

function labelled(cell: CellValue, { whole }: LabelReplacement): CellValue {
  if (typeof cell === 'string') return whole(cell);
  return typeof cell === 'number' ? replacedNumber(cell, whole(String(cell))) : cell;
}

/** The row of a description of columns (`describe`) that is about the patients. */
function withExamples(row: CellValue[], given: CellValue[], { whole }: LabelReplacement): CellValue[] {
  if (!isPatientColumn(given[0])) return row;
  return row.map((cell, n) => {
    const examples = given[n];
    return n > 0 && typeof examples === 'string' ? examples.split(', ').map(whole).join(', ') : cell;
  });
}

function replacedNumber(cell: number, label: string): string | number {
  return label === String(cell) ? cell : label;
}

/** Files that were changed by hand may lack anything. */
function patientColumn({ columns }: TableView): number {
  return Array.isArray(columns) ? columns.findIndex((column) => isPatientColumn(column?.name)) : -1;
}

function patientCells(view: TableView): string[] {
  const place = patientColumn(view);
  return place < 0 || !Array.isArray(view.rows)
    ? []
    : view.rows.flatMap((row) => {
        const cell = row?.[place];
        return cell === null || cell === undefined ? [] : [String(cell)];
      });
}

function moreRows({ rows, totalRows }: TableView): string[] {
  return totalRows > rows.length ? [`… ${totalRows - rows.length} more rows.`] : [];
}

/** A cell is one line, whatever is in it: none looks like a row or a message of its own. */
function cellsAsText({ columns, rows }: TableView): string {
  const shown = shownColumns({ columns });
  const headings = shown.map(({ column }) =>
    visibleLine(column.unit ? `${column.label} (${column.unit})` : column.label),
  );
  const cells = rows.map((row) => shown.map((one) => visibleLine(shownText(row, columns, one))));
  const widths = headings.map((heading, c) => Math.max(heading.length, ...cells.map((row) => row[c]!.length)));
  const line = (values: readonly string[]) =>
    values
      .map((value, c) => (isText(shown[c]!.column) ? value.padEnd(widths[c]!) : value.padStart(widths[c]!)))
      .join('  ')
      .trimEnd();
  return [line(headings), widths.map((width) => '─'.repeat(width)).join('  '), ...cells.map(line)].join('\n');
}

function isText({ kind }: TableColumn): boolean {
  return kind === 'text' || kind === 'prose';
}
