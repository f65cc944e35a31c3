/** What is asked once of each case, as `ask` writes it, and how the scale of a cell is answered. */
import type { AnswerKind, Question } from '../../../protocol/reading/form.ts';
import { UserError } from '../../base/userError.ts';
import { choice, oneOf } from '../../language/clauses/choice.ts';
import { either } from '../../language/clauses/either.ts';
import { list } from '../../language/clauses/list.ts';
import { type Range, range } from '../../language/clauses/range.ts';
import { maybe, sequence } from '../../language/clauses/sequence.ts';
import { several } from '../../language/clauses/several.ts';
import { text } from '../../language/clauses/text.ts';
import { scaleOfRange, scaleOfWords } from '../../tables/scale.ts';

/** Questions that need no answers to be named. */
const USUAL: Readonly<Record<string, AnswerKind>> = {
  confidence: { kind: 'scale', low: 1, high: 5 },
  quality: { kind: 'scale', low: 1, high: 5 },
  comment: { kind: 'text' },
};

type Written = 'percent' | 'yes-no' | 'comment' | Range | readonly string[];

export const QUESTIONS = list(
  sequence(
    choice<string>({ noun: 'word', options: Object.keys(USUAL), own: (word) => word }),
    maybe(either(oneOf('percent', 'yes-no', 'comment'), range(), several(text('value')))),
  ),
);

/** Throws a UserError where a question is asked twice, or nothing says how it is answered. */
export function questionsOf(asked: readonly (readonly [string, Written | undefined])[]): Question[] {
  const names = asked.map(([name]) => name);
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice) throw new UserError('repeated-clause', `\`ask\` has \`${twice}\` twice. Keep one of them.`);
  return asked.map(([name, written]) => {
    const answer = written === undefined ? USUAL[name] : answerKindOf(written);
    if (answer) return { name, answer };
    throw new UserError(
      'missing-value',
      `\`ask ${name}\` does not say how it is answered: \`${name} yes-no\`, \`${name} percent\`, \`${name} 1..5\`, or \`${name} "…" "…"\` with the words to choose from.`,
    );
  });
}

/** Throws a UserError where it is no scale. */
export function answerKindOf(written: Written): AnswerKind {
  if (written === 'percent' || written === 'yes-no') return { kind: written };
  if (written === 'comment') return { kind: 'text' };
  if (isRange(written)) {
    const { low, categories } = scaleOfRange(written.low, written.high);
    return { kind: 'scale', low, high: low + categories - 1 };
  }
  return { kind: 'list', words: scaleOfWords(written).words ?? [] };
}

function isRange(written: Range | readonly string[]): written is Range {
  return !Array.isArray(written);
}
