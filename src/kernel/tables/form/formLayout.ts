/** Where a scoring sheet has what: a row for each case, a column for each field, and a hidden sheet that says what was asked. */
import { type Field, fieldsOf, type ReadingForm } from '../../../protocol/reading/form.ts';
import { classLabel, regionLabel } from '../../../protocol/words/displayNames.ts';

export const SCORES_SHEET = 'Scores';
export const GUIDE_SHEET = 'How to fill this in';
/** By its name a workbook is known as a scoring sheet. */
export const HIDDEN_SHEET = 'LungNB form';

/** Before those of the fields. */
export const CASE_COLUMNS = ['Case', 'Patient'] as const;
/** Of the sheet of scores; cases follow. */
export const HEADING_ROWS = 1;

/** The headings of the fields, in the order of `fieldsOf`. */
export function headingsOf(form: ReadingForm): string[] {
  const isQuestion = (field: Field) => !form.classes.includes(field.class);
  return fieldsOf(form).map((field) =>
    isQuestion(field) ? classLabel(field.class) : `${classLabel(field.class)}\n${regionLabel(field.region)}`,
  );
}
