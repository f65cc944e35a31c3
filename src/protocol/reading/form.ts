/** What a reader is asked about each case: the classes by region on one scale, then questions about the whole case. */

/** How a field is answered. Numbers of a scale are whole; a word of a list stands for itself. */
export type AnswerKind =
  | { readonly kind: 'scale'; readonly low: number; readonly high: number }
  | { readonly kind: 'percent' }
  | { readonly kind: 'yes-no' }
  | { readonly kind: 'list'; readonly words: readonly string[] }
  | { readonly kind: 'text' };

export interface Question {
  readonly name: string;
  readonly answer: AnswerKind;
}

export interface ReadingForm {
  readonly regions: readonly string[];
  readonly classes: readonly string[];
  readonly scale: AnswerKind;
  /** Of a scale of categories, where percentages are cut into them. */
  readonly cutPoints?: readonly number[];
  /** Of each case as a whole. */
  readonly questions: readonly Question[];
}

/** A number of a scale or a percentage; 1 and 0 for yes and no; a word or a text. */
export type Answer = number | string;

/** One thing that is asked of a case. Questions about the case are of the region `total`. */
export interface Field {
  readonly region: string;
  readonly class: string;
  readonly answer: AnswerKind;
}

/** Names a field among those of its form. */
export function fieldKey({ region, class: asked }: Pick<Field, 'region' | 'class'>): string {
  return `${region} ${asked}`;
}

/** Of the grid, region by region, then the questions. */
export function fieldsOf({ regions, classes, scale, questions }: ReadingForm): Field[] {
  return [
    ...regions.flatMap((region) => classes.map((name) => ({ region, class: name, answer: scale }))),
    ...questions.map(({ name, answer }) => ({ region: 'total', class: name, answer })),
  ];
}

/** The questions that nobody has to answer: what is left empty says nothing is missing. */
export function isOptional({ kind }: AnswerKind): boolean {
  return kind === 'text';
}

/** Texts are remarks, and no form. */
const LONGEST_TEXT = 4000;

export function isAnswer(value: unknown, kind: AnswerKind): value is Answer {
  switch (kind.kind) {
    case 'scale':
      return typeof value === 'number' && Number.isInteger(value) && value >= kind.low && value <= kind.high;
    case 'percent':
      return typeof value === 'number' && value >= 0 && value <= 100;
    case 'yes-no':
      return value === 0 || value === 1;
    case 'list':
      return typeof value === 'string' && kind.words.includes(value);
    case 'text':
      return typeof value === 'string' && value.length <= LONGEST_TEXT;
  }
}

/** What the categories of a scale stand for in percent, from the lowest: "< 1 %", "1–24 %" …; undefined where they have no cut points. */
export function categoriesInPercent({ scale, cutPoints }: ReadingForm): string[] | undefined {
  if (scale.kind !== 'scale' || cutPoints?.length !== scale.high - scale.low) return undefined;
  return [0, ...cutPoints].map((from, n) => {
    const to = cutPoints[n];
    if (n === 0) return `< ${to} %`;
    if (to === undefined) return `≥ ${from} %`;
    // As readers say it: 1–24 %, where the next category begins at 25.
    return Number.isInteger(from) && Number.isInteger(to) ? `${from}–${to - 1} %` : `${from} to < ${to} %`;
  });
}
