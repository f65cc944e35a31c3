/** An empty scoring sheet for a spreadsheet program: the cases in their order, drop-down lists, and only answers unlocked. */

import { type AnswerKind, categoriesInPercent, fieldsOf, type ReadingForm } from '../../../protocol/reading/form.ts';
import { caseLabel, type ReadingSession } from '../../../protocol/reading/scores.ts';
import { formatScores } from '../../../protocol/reading/scoresFile.ts';
import { classLabel } from '../../../protocol/words/displayNames.ts';
import { fromTo } from '../../../protocol/words/lists.ts';
import { CASE_COLUMNS, GUIDE_SHEET, HEADING_ROWS, HIDDEN_SHEET, headingsOf, SCORES_SHEET } from './formLayout.ts';
import { type Cell, lettersOf, type Sheet, type Validation, workbookOf } from './workbookXml.ts';

/** A cell holds 32 767 characters at most. */
const PIECE = 30_000;
const LONGEST_TEXT = 4000;

/** The bytes of a workbook. */
export function writeForm(session: ReadingSession): Uint8Array {
  const lists = listsOf(session.form);
  return workbookOf([scoresSheet(session, lists), guideSheet(session), hiddenSheet(session, lists)]);
}

/** What each kind of answer is chosen from, by the kind, in the order of the hidden sheet's columns. */
type Lists = ReadonlyMap<string, readonly (string | number)[]>;

const kindKey = (kind: AnswerKind) => JSON.stringify(kind);

function listsOf(form: ReadingForm): Lists {
  return new Map(
    fieldsOf(form).flatMap(({ answer }) => {
      const choices = choicesOf(answer);
      return choices ? [[kindKey(answer), choices] as const] : [];
    }),
  );
}

function choicesOf(answer: AnswerKind): readonly (string | number)[] | undefined {
  switch (answer.kind) {
    case 'scale':
      return Array.from({ length: answer.high - answer.low + 1 }, (_, n) => answer.low + n);
    case 'yes-no':
      return ['yes', 'no'];
    case 'list':
      return answer.words;
    default:
      return undefined;
  }
}

function scoresSheet({ form, cases }: ReadingSession, lists: Lists): Sheet {
  const fields = fieldsOf(form);
  const heading = (value: string): Cell => ({ value, style: 'heading' });
  return {
    name: SCORES_SHEET,
    widths: [7, 16, ...fields.map(({ answer }) => (answer.kind === 'text' ? 40 : 15))],
    frozen: { rows: HEADING_ROWS, columns: CASE_COLUMNS.length },
    rows: [
      [...CASE_COLUMNS, ...headingsOf(form)].map(heading),
      ...cases.map((planned): Cell[] => [
        { value: planned.case },
        { value: caseLabel(planned) },
        ...fields.map((): Cell => ({ style: 'answer' })),
      ]),
    ],
    validations: validationsOf(form, cases.length, lists),
  };
}

/** One for each kind of answer, over the columns that have it. */
function validationsOf(form: ReadingForm, cases: number, lists: Lists): Validation[] {
  const columns = fieldsOf(form).map(({ answer }, n) => ({ answer, letters: lettersOf(CASE_COLUMNS.length + n) }));
  const order = [...lists.keys()];
  return [...Map.groupBy(columns, ({ answer }) => kindKey(answer))].map(([key, own]) => {
    const { answer } = own[0]!;
    const letters = lettersOf(1 + order.indexOf(key));
    return {
      cells: own
        .map((column) => `${column.letters}${HEADING_ROWS + 1}:${column.letters}${HEADING_ROWS + cases}`)
        .join(' '),
      allows:
        answer.kind === 'percent'
          ? { kind: 'decimal', low: 0, high: 100 }
          : answer.kind === 'text'
            ? { kind: 'length', most: LONGEST_TEXT }
            : { kind: 'list', from: `'${HIDDEN_SHEET}'!$${letters}$1:$${letters}$${lists.get(key)!.length}` },
      prompt: promptOf(answer, form),
    };
  });
}

function promptOf(answer: AnswerKind, form: ReadingForm): string {
  switch (answer.kind) {
    case 'scale': {
      const percents = answer === form.scale ? categoriesInPercent(form) : undefined;
      if (!percents) return `${fromTo(answer.low, answer.high)}. Leave it empty where it was not read.`;
      return `${percents.map((said, n) => `${answer.low + n}: ${said}`).join('; ')}. Leave it empty where it was not read.`;
    }
    case 'percent':
      return 'From 0 to 100 per cent. Leave it empty where it was not read.';
    case 'yes-no':
      return 'yes or no. Leave it empty where it was not read.';
    case 'list':
      return `${answer.words.join(', ')}. Leave it empty where it was not read.`;
    case 'text':
      return `Free text, up to ${LONGEST_TEXT} characters.`;
  }
}

function guideSheet({ form, cases, seed, software }: ReadingSession): Sheet {
  const kinds = [...Map.groupBy(fieldsOf(form), ({ answer }) => kindKey(answer)).values()];
  const said = kinds.map((own) => {
    const names = [...new Set(own.map((field) => classLabel(field.class)))];
    return `${names.join(', ')}: ${promptOf(own[0]!.answer, form)}`;
  });
  const lines = [
    `The sheet “${SCORES_SHEET}” has a row for each of ${cases.length} cases. Read them in this order, which is random (seed ${seed}), without looking at other readings.`,
    'Find each case by its label in the column Patient, and choose an answer in every yellow cell. A cell that stays empty counts as not read.',
    ...said,
    'Only the yellow cells can be changed. Save the file as a workbook (.xlsx), and send it back: LungNB loads it as it is.',
    `Made by ${software}. Research only: not for diagnosis.`,
  ];
  return {
    name: GUIDE_SHEET,
    widths: [90],
    rows: [[{ value: 'Scoring sheet', style: 'title' }], ...lines.map((value): Cell[] => [{ value, style: 'text' }])],
  };
}

/** Column A says what was asked, in pieces; then a column for each list of answers. */
function hiddenSheet(session: ReadingSession, lists: Lists): Sheet {
  const text = formatScores({ reader: '', sessions: [{ ...session, read: [] }] });
  const pieces = Array.from({ length: Math.ceil(text.length / PIECE) }, (_, n) =>
    text.slice(n * PIECE, (n + 1) * PIECE),
  );
  const columns = [pieces, ...lists.values()];
  const longest = Math.max(...columns.map(({ length }) => length));
  return {
    name: HIDDEN_SHEET,
    isHidden: true,
    widths: [20],
    rows: Array.from({ length: longest }, (_, row) =>
      columns.map((column): Cell | undefined => {
        const value = column[row];
        return value === undefined ? undefined : { value };
      }),
    ),
  };
}
