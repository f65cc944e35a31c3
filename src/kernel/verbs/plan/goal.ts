/** What a plan is to reach, or with how many patients it is to be looked at. */
import type { Against } from '../../agreement/sampleSize/design.ts';
import { UserError } from '../../base/userError.ts';
import { type AskedPlan, checkValue, type Question } from './question.ts';

export type Goal =
  /** An interval no wider than `width`: expected so, or with the probability `assurance`. */
  | { readonly kind: 'width'; readonly width: number; readonly assurance: number | undefined }
  | { readonly kind: 'power'; readonly power: number; readonly against: Against }
  /** What so many patients give: a width, or a power. */
  | { readonly kind: 'patients'; readonly patients: number; readonly against: Against | undefined };

/** Where `power` is not written. */
const USUAL_POWER = 80;

export function goalOf(question: Question, asked: AskedPlan): Goal {
  const { width, patients, assurance } = asked;
  const against = againstOf(question, asked);
  if (width && against)
    throw new UserError(
      'one-goal',
      'A plan has one goal: write `width` or `against`, and the other in a plan of its own.',
      asked.against?.span,
    );
  if (patients !== undefined) {
    const given = (['width', 'power', 'assurance'] as const).find((clause) => asked[clause] !== undefined);
    if (given)
      throw new UserError(
        'one-goal',
        `\`patients ${patients}\` asks what so many give, and \`${given}\` asks for their number. Leave one of them out.`,
      );
    return { kind: 'patients', patients, against };
  }
  if (width) {
    const useless = (['power', 'sides'] as const).find((clause) => asked[clause] !== undefined);
    if (useless)
      throw new UserError(
        'idle-clause',
        `\`${useless}\` is for a test \`against\` another value; an interval has none.`,
      );
    return { kind: 'width', width: width.value, assurance: assurance === undefined ? undefined : assurance / 100 };
  }
  if (against) return { kind: 'power', power: (asked.power ?? USUAL_POWER) / 100, against };
  throw new UserError(
    'one-goal',
    `Say what for: \`width\` for an interval that narrow${question.coefficient === 'limits' ? '' : ', `against` for a test against another value'}, or \`patients\` for what so many give.`,
  );
}

function againstOf(question: Question, { against, sides }: AskedPlan): Against | undefined {
  if (!against) return undefined;
  checkValue(question, against.value, against.span);
  if (against.value === question.expected)
    throw new UserError(
      'out-of-range',
      `${against.value} is the expected value itself; no number of patients tells it from itself.`,
      against.span,
    );
  return { value: against.value, sides: sides === 1 ? 1 : 2 };
}
