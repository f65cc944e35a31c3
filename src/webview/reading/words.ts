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
  // A short name is an abbreviation: ILD.
  if (name.length <= 3) return name.toUpperCase();
  return `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`;
}

const SYLLABLES: Readonly<Record<string, string>> = {
  consolidation: 'Consoli\u00ADdation',
  reticulation: 'Reticu\u00ADlation',
  honeycombing: 'Honey\u00ADcombing',
  emphysema: 'Emphy\u00ADsema',
};

/** Over a narrow column, where it may be broken at its syllables. */
export function classHeading(name: string): string {
  return SYLLABLES[name] ?? classLabel(name);
}
