/** What somebody read in a session of LungNB, as a reader's table: a row per patient, region and class, for each time that it was read. */
import { type ColumnTable, table } from 'arquero';
import { type AnswerKind, fieldKey, fieldsOf, type ReadingForm } from '../../protocol/reading/form.ts';
import { answersNow, type CaseRead, type ReadingSession, type ScoresFile } from '../../protocol/reading/scores.ts';

/**
 * Beside the columns of every reader's table: which session and, in it, which case by its number in the order of reading;
 * whether measurements were on the screen; the how-manieth time that the reader was shown it; the time it took.
 */
const COLUMNS = [
  'patient',
  'region',
  'class',
  'score',
  'reader',
  'session',
  'ai',
  'repeat',
  'case',
  'seconds',
  'comment',
] as const;
type Column = (typeof COLUMNS)[number] | 'visit' | 'percent';
type ReadingRow = Partial<Record<Column, string | number | boolean>>;

/**
 * Calibration cases are left out, as are fields without an answer. Of one field the first reading comes first (session,
 * then without measurements before with them, then the first time before a repeat), which is the one that counts where
 * only one can. `prepared` is a session that nobody has begun.
 */
export function readingsTable(
  { reader, sessions }: ScoresFile,
  prepared?: Pick<ReadingSession, 'form' | 'cases'>,
): ColumnTable {
  const all = [...sessions, ...(prepared ? [prepared] : [])];
  const hasVisits = all.some(({ cases }) => cases.some(({ visit }) => visit !== undefined));
  const rows = [...sessions]
    .sort((a, b) => a.session - b.session)
    .flatMap((session) => rowsOfSession(session).map((row) => ({ ...row, reader, session: session.session })));
  const columns: Column[] = COLUMNS.flatMap((column): Column[] => {
    if (column === 'patient' && hasVisits) return ['patient', 'visit'];
    return column === 'score' && all.some(({ form }) => hasPercent(form)) ? ['score', 'percent'] : [column];
  });
  return table(columns.map((column) => [column, rows.map((row: ReadingRow) => row[column])]));
}

function hasPercent(form: ReadingForm): boolean {
  return fieldsOf(form).some(({ answer }) => answer.kind === 'percent');
}

function rowsOfSession(session: ReadingSession): ReadingRow[] {
  const read = new Map(session.read.map((one) => [one.case, one] as const));
  const cases = session.cases.filter(({ calibration }) => !calibration);
  return [false, true].flatMap((ai) =>
    cases
      .toSorted((a, b) => a.repeat - b.repeat)
      .flatMap(({ case: place, patient, visit, repeat }) => {
        const one = read.get(place);
        return one
          ? rowsOfCase(one, session, ai).map((row) => ({
              ...row,
              patient,
              ...(visit === undefined ? {} : { visit }),
              ai,
              repeat,
              case: place,
            }))
          : [];
      }),
  );
}

function rowsOfCase(one: CaseRead, { form }: ReadingSession, ai: boolean): ReadingRow[] {
  const answers = answersNow(one, ai);
  const seconds = Math.round(one.visits.reduce((sum, visit) => sum + visit.seconds, 0) * 10) / 10;
  const fields = fieldsOf(form);
  const comment = fields
    .filter(({ answer }) => answer.kind === 'text')
    .flatMap((field) => answers.get(fieldKey(field)) ?? [])
    .join('\n');
  return fields.flatMap(({ region, class: asked, answer }) => {
    const value = answers.get(fieldKey({ region, class: asked }));
    if (value === undefined || answer.kind === 'text') return [];
    return [{ region, class: asked, ...inColumn(value, answer), seconds, ...(comment ? { comment } : {}) }];
  });
}

function inColumn(value: string | number, { kind }: AnswerKind): ReadingRow {
  return kind === 'percent' ? { percent: value } : { score: value };
}
