/** Answers and fields in words. */
import type { Answer, AnswerKind, Field } from '../../protocol/reading/form.ts';
import { classLabel } from '../../protocol/words/displayNames.ts';

export function answerText(value: Answer | undefined, { kind }: AnswerKind): string {
  if (value === undefined) return '';
  if (kind === 'yes-no') return value === 1 ? 'Yes' : 'No';
  return kind === 'percent' ? `${value} %` : String(value);
}

export function regionText(region: string): string {
  return region === 'total' ? 'Whole lungs' : region.replaceAll('-', ' ');
}

/** A question is one of the whole case. */
export function fieldText({ region, class: asked }: Pick<Field, 'region' | 'class'>, isQuestion: boolean): string {
  return isQuestion ? questionText(asked) : `${classLabel(asked)}, ${regionText(region)}`;
}

export function questionText(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`;
}
