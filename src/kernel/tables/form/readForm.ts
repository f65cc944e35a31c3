/** A scoring sheet that somebody filled in, as a reader's table. */
import type { ColumnTable } from 'arquero';
import { type Answer, type AnswerKind, type Field, fieldsOf, isAnswer } from '../../../protocol/reading/form.ts';
import type { CaseRead, PlannedCase, ReadingSession } from '../../../protocol/reading/scores.ts';
import type { Remark } from '../../../protocol/remark.ts';
import { atMost } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { warning } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import { numberInCell } from '../cellNumber.ts';
import { readingsTable } from '../readingsTable.ts';
import { scoresIn } from '../scoresFileTable.ts';
import { CASE_COLUMNS, HEADING_ROWS, HIDDEN_SHEET, headingsOf, SCORES_SHEET } from './formLayout.ts';
import { lettersOf } from './workbookXml.ts';

/** A sheet as it is read: rows of cells, null where one is empty. */
export interface SheetRead {
  readonly sheet: string;
  readonly data: readonly (readonly unknown[])[];
}

export interface FormRead {
  readonly table: ColumnTable;
  readonly cutPoints: readonly number[] | undefined;
  readonly remarks: readonly Remark[];
}

/** Cells that a warning names before it counts the rest. */
const NAMED = 5;

export function isForm(sheets: readonly SheetRead[]): boolean {
  return [SCORES_SHEET, HIDDEN_SHEET].every((name) => sheets.some(({ sheet }) => sheet === name));
}

/**
 * Empty cells were not read, and have no row. Cells with something that is not on the scale are named in a warning, and
 * count as not read. `name` is for messages. Throws a UserError where rows or columns are not those of the form.
 */
export function readForm(sheets: readonly SheetRead[], name: string): FormRead {
  const session = sessionIn(sheets, name);
  const fields = fieldsOf(session.form);
  const rows = sheets.find(({ sheet }) => sheet === SCORES_SHEET)?.data ?? [];
  checkHeadings(rows[0] ?? [], session, name);
  const wrong: string[] = [];
  const cases = new Map(session.cases.map((planned) => [planned.case, planned] as const));
  const seen = new Map<number, number>();
  const read = rows.slice(HEADING_ROWS).flatMap((row, n): CaseRead[] => {
    if (row.every(isEmpty)) return [];
    const line = n + HEADING_ROWS + 1;
    const planned = caseOf(row, line, cases, name);
    if (seen.has(planned.case))
      throw new UserError(
        'bad-table',
        `${name} has case ${planned.case} in rows ${seen.get(planned.case)} and ${line}.`,
      );
    seen.set(planned.case, line);
    return [{ case: planned.case, isDone: true, visits: [], answers: answersIn(row, line, fields, wrong) }];
  });
  const all = readingsTable({ reader: '', sessions: [{ ...session, read }] });
  return {
    // What is known of a session in LungNB alone is left out.
    table: all.select('patient', 'region', 'class', 'score', ...optional(all, 'percent'), 'case', 'comment'),
    cutPoints: session.form.cutPoints,
    remarks: wrong.length ? [wrongCells(wrong, name)] : [],
  };
}

function optional(table: ColumnTable, column: string): string[] {
  return table.columnNames().includes(column) ? [column] : [];
}

function sessionIn(sheets: readonly SheetRead[], name: string): ReadingSession {
  const pieces = sheets.find(({ sheet }) => sheet === HIDDEN_SHEET)?.data.map((row) => row[0]) ?? [];
  const text = pieces.filter((piece) => !isEmpty(piece)).join('');
  const [session] = scoresIn(text, `The hidden sheet “${HIDDEN_SHEET}” of ${name}`).sessions;
  if (session) return session;
  throw new UserError('bad-table', `${name} does not say any more what was asked. Fill in a new form.`);
}

function checkHeadings(row: readonly unknown[], { form }: ReadingSession, name: string): void {
  const bare = (cell: unknown) =>
    String(cell ?? '')
      .replace(/\s+/g, ' ')
      .trim();
  const expected = [...CASE_COLUMNS, ...headingsOf(form)];
  const moved = expected.findIndex((heading, n) => bare(row[n]) !== bare(heading));
  if (moved < 0) return;
  throw new UserError(
    'bad-table',
    `Cell ${lettersOf(moved)}1 of ${name} holds “${bare(row[moved])}” where the form has “${bare(expected[moved])}”. Columns of a form keep their places and headings: put them back.`,
  );
}

/** Rows may be sorted; which case a row is of is said by its number, and its label has to go with that. */
function caseOf(
  row: readonly unknown[],
  line: number,
  cases: ReadonlyMap<number, PlannedCase>,
  name: string,
): PlannedCase {
  const planned = cases.get(Number(row[0]));
  if (!planned || isEmpty(row[0]))
    throw new UserError('bad-table', `Cell A${line} of ${name} holds no number of a case of this form.`);
  const label = String(row[1] ?? '').trim();
  if (label === planned.patient) return planned;
  throw new UserError(
    'bad-table',
    `Cell B${line} of ${name} says ${label || 'nothing'}, and case ${planned.case} of the form is ${planned.patient}. Answers must stand in the row of their patient: put it back.`,
  );
}

function answersIn(
  row: readonly unknown[],
  line: number,
  fields: readonly Field[],
  wrong: string[],
): CaseRead['answers'] {
  return fields.flatMap(({ region, class: asked, answer }, n) => {
    const cell = row[CASE_COLUMNS.length + n];
    if (isEmpty(cell)) return [];
    const value = answerIn(cell, answer);
    if (value !== undefined) return [{ region, class: asked, value, ai: false, visit: 1, at: 0 }];
    wrong.push(`${lettersOf(CASE_COLUMNS.length + n)}${line} (${shown(cell)})`);
    return [];
  });
}

/** Undefined where it is none of the scale. */
function answerIn(cell: unknown, answer: AnswerKind): Answer | undefined {
  const value = meant(cell, answer);
  return value !== undefined && isAnswer(value, answer) ? value : undefined;
}

function meant(cell: unknown, answer: AnswerKind): Answer | undefined {
  const text = String(cell).trim();
  switch (answer.kind) {
    case 'text':
      return text;
    case 'list':
      return answer.words.find((word) => word.trim().toLowerCase() === text.toLowerCase());
    case 'yes-no':
      return /^(yes|true|1)$/i.test(text) ? 1 : /^(no|false|0)$/i.test(text) ? 0 : undefined;
    default: {
      const number = typeof cell === 'boolean' ? 'other' : numberInCell(cell);
      return typeof number === 'number' ? number : undefined;
    }
  }
}

function isEmpty(cell: unknown): boolean {
  return cell === null || cell === undefined || (typeof cell === 'string' && cell.trim() === '');
}

function shown(cell: unknown): string {
  return cell instanceof Date ? 'a date' : String(cell).slice(0, 20);
}

function wrongCells(wrong: readonly string[], name: string): Remark {
  return warning(
    'bad-score',
    `${counted(wrong.length, 'cell')} of ${name} ${wrong.length === 1 ? 'holds' : 'hold'} what is not on the scale, and ${wrong.length === 1 ? 'counts' : 'count'} as not read: ${atMost([...wrong], NAMED)}.`,
  );
}
