/** What a table holds of the fields of a form: right answers of calibration cases, and what readers said. */
import {
  type Answer,
  type AnswerKind,
  type Field,
  fieldKey,
  fieldsOf,
  type ReadingForm,
} from '../../../protocol/reading/form.ts';
import { classOf } from '../../base/labels.ts';
import { categoryOf } from '../../tables/categories.ts';
import { rowsAt } from '../../tables/evaluate.ts';
import { rowsOf } from '../../tables/rows.ts';
import { type Scale, scaleOfRange, scaleOfWords } from '../../tables/scale.ts';
import { type ScoreRow, scoresOf } from '../../tables/scores.ts';
import type { Named } from '../../values/named.ts';
import { labelledByVisit } from '../../values/visits.ts';

/** By the cases' labels, with the visit where cases are told apart `byVisit`, then by the fields' keys. Throws a UserError where a value is none of the form's. */
export function valuesIn(
  given: Named<'table' | 'measurements'>,
  form: ReadingForm,
  byVisit: boolean,
): Map<string, Map<string, Answer>> {
  const { name, value } = byVisit ? labelledByVisit(given) : given;
  const found = new Map<string, Map<string, Answer>>();
  const fields = fieldsOf(form).filter(({ answer }) => answer.kind !== 'text');
  for (const [kind, own] of Map.groupBy(fields, ({ answer }) => JSON.stringify(answer))) {
    // SAFETY: it was made of an AnswerKind above.
    const answer = JSON.parse(kind) as AnswerKind;
    const scale = scaleOf(answer);
    const classes = [...new Set(own.map((field) => field.class))];
    const table = ofClasses(value.table, classes);
    if (!table) continue;
    const percentColumns = value.kind === 'table' ? value.percentColumns : undefined;
    const { rows } = scoresOf(table, name, { scale, own: classes.filter((one) => !classOf(one)), percentColumns });
    const keys = new Set(own.map((field: Field) => fieldKey(field)));
    for (const row of rows) {
      const read = answerIn(row, answer, scale, form);
      if (read === undefined || !keys.has(fieldKey(row))) continue;
      const ofPatient = found.get(row.patient) ?? new Map<string, Answer>();
      found.set(row.patient, ofPatient.set(fieldKey(row), read));
    }
  }
  return found;
}

function scaleOf(answer: AnswerKind): Scale {
  if (answer.kind === 'scale') return scaleOfRange(answer.low, answer.high);
  if (answer.kind === 'list' && answer.words.length > 1) return scaleOfWords(answer.words);
  return scaleOfRange(0, 1);
}

function answerIn(
  { percent, score }: ScoreRow,
  answer: AnswerKind,
  scale: Scale,
  { cutPoints }: ReadingForm,
): Answer | undefined {
  if (answer.kind === 'percent') return percent;
  if (score !== undefined) return scale.words?.[score] ?? score;
  if (percent === undefined || !cutPoints || answer.kind !== 'scale') return undefined;
  return answer.low + categoryOf(percent, cutPoints);
}

/** The rows of the classes, where rows say of which class they are; undefined where there are none. */
function ofClasses(table: Named<'table'>['value']['table'], classes: readonly string[]): typeof table | undefined {
  const column = table.columnNames().find((one) => one.trim().toLowerCase() === 'class');
  if (column === undefined) return table;
  const isOne = (text: unknown) => classes.includes(classOf(String(text)) ?? String(text).trim().toLowerCase());
  const rows = rowsOf(table).flatMap((row, n) => (isOne(row[column]) ? [n] : []));
  return rows.length ? rowsAt(table, rows) : undefined;
}
