/** The number of patients that a plan needs, or what it gives with a number, in words and as a curve. */
import type { Provenance } from '../../../protocol/view.ts';
import { type Design, smallestNumber } from '../../agreement/sampleSize/design.ts';
import { assuranceAt } from '../../agreement/sampleSize/limitsDesign.ts';
import { UserError } from '../../base/userError.ts';
import type { Goal } from './goal.ts';
import type { Question } from './question.ts';

export interface Answer {
  readonly patients: number;
  /** What the curve shows. */
  readonly measure: 'width' | 'power' | 'assurance';
  /** Of the measure, with so many patients: in the coefficient's unit, power and assurance 0–1. */
  readonly reached: number;
  /** What was to be reached; undefined where it was asked what so many give. */
  readonly wanted: number | undefined;
  readonly title: string;
  /** One sentence, with the number. */
  readonly sentence: string;
  readonly notes: readonly string[];
  readonly parameters: Provenance['parameters'];
  /** Of the measure, with n patients: by the method itself, and by the second one. */
  readonly at: (patients: number) => number;
  readonly secondAt: ((patients: number) => number) | undefined;
}

const POINTS = 60;

export function answerOf(question: Question, goal: Goal): Answer {
  const against = goal.kind === 'width' ? undefined : goal.against;
  const design = question.designOf(against);
  const measure = goal.kind === 'width' && goal.assurance !== undefined ? 'assurance' : against ? 'power' : 'width';
  const at = measureAt(design, measure, question, goal);
  const second = question.secondDesignOf?.(against);
  const secondAt = second && measureAt(second, measure, question, goal);
  const wanted = wantedOf(goal);
  const patients =
    goal.kind === 'patients'
      ? checkedNumber(goal.patients, design)
      : needed(isReached(at, measure, wanted!), design, question);
  const other =
    secondAt && wanted !== undefined ? smallestNumber(isReached(secondAt, measure, wanted), second!.fewest) : undefined;
  const reached = at(patients);
  return {
    patients,
    measure,
    reached,
    wanted,
    title: titleOf(question, goal, patients),
    sentence: sentenceOf(question, goal, patients, reached),
    notes: notesOf(question, measure, other),
    parameters: parametersOf(question, goal, { patients, measure, reached }),
    at,
    secondAt,
  };
}

function measureAt(design: Design, measure: Answer['measure'], { expected, confidence }: Question, goal: Goal) {
  if (measure === 'power') return design.powerAt!;
  if (measure === 'width' || goal.kind !== 'width') return design.widthAt;
  return (patients: number) => assuranceAt(patients, goal.width, { sd: expected, confidence });
}

function wantedOf(goal: Goal): number | undefined {
  if (goal.kind === 'patients') return undefined;
  return goal.kind === 'power' ? goal.power : (goal.assurance ?? goal.width);
}

function isReached(at: (patients: number) => number, measure: Answer['measure'], wanted: number) {
  return (patients: number) => (measure === 'width' ? at(patients) <= wanted : at(patients) >= wanted);
}

function checkedNumber(patients: number, { fewest }: Design): number {
  if (patients >= fewest) return patients;
  throw new UserError(
    'out-of-range',
    `${patients} patients are too few to say anything; at least ${fewest} are needed.`,
  );
}

/** Throws a UserError where no number of patients is enough. */
function needed(
  suffices: (patients: number) => boolean,
  { fewest }: Design,
  { coefficient, expected }: Question,
): number {
  const found = smallestNumber(suffices, fewest);
  if (found !== undefined) return found;
  const because =
    coefficient === 'limits'
      ? ` The limits alone are ${Number((2 * 1.959964 * expected).toPrecision(4))} apart; the width of their interval has to be above that.`
      : '';
  throw new UserError('out-of-reach', `No number of patients up to ten million is enough.${because}`);
}

function titleOf({ coefficient, sign, expected }: Question, goal: Goal, patients: number): string {
  const of = coefficient === 'limits' ? `limits of agreement, SD ${expected}` : `${sign} ${expected}`;
  if (goal.kind === 'patients') return `What ${goal.patients} patients give: ${of}`;
  return `${patients} patients for ${of}${goal.kind === 'power' ? ` against ${goal.against.value}` : ''}`;
}

function sentenceOf(question: Question, goal: Goal, patients: number, reached: number): string {
  const { coefficient, sign, expected, setting, confidence } = question;
  const level = percent(confidence);
  const number = `${patients} patients`;
  const where = setting ? ` (${setting})` : '';
  if (goal.kind !== 'width' && goal.against) {
    const { value, sides } = goal.against;
    return `${number}${where} tell an expected ${sign} of ${expected} from ${value} with a power of ${percent(reached)} in a ${sides === 2 ? 'two' : 'one'}-sided test at ${percent(1 - confidence)}.`;
  }
  const interval =
    coefficient === 'limits'
      ? `the ${level} interval that holds both limits of agreement (differences with the standard deviation ${expected})`
      : `the ${level} confidence interval of an expected ${sign} of ${expected}`;
  if (goal.kind === 'width' && goal.assurance !== undefined)
    return `With ${number}, ${interval} is no wider than ${goal.width} with a probability of ${percent(reached)}.`;
  return `With ${number}${where}, ${interval} is expected to be ${rounded(reached)} wide.`;
}

function notesOf(
  { method, readers, coefficient, sign }: Question,
  measure: Answer['measure'],
  other: number | undefined,
): string[] {
  return [
    `Method: ${measure === 'power' ? method.power : method.width}.`,
    ...(other === undefined
      ? []
      : [
          `By the largest standard error that Cohen’s κ can have for these shares, whatever the disagreements (Flack et al. 1988): ${other} patients.`,
        ]),
    ...(coefficient === 'kappa'
      ? [
          `κ is unweighted${readers > 2 ? ', that of all readers together' : ''}; all readers are taken to use the categories equally often.`,
        ]
      : []),
    ...(coefficient === 'icc' ? [`${sign} by a one-way analysis of variance.`] : []),
    'Add those who may drop out.',
  ];
}

function parametersOf(
  { coefficient, expected, confidence, setting, method }: Question,
  goal: Goal,
  { patients, measure, reached }: Pick<Answer, 'patients' | 'measure' | 'reached'>,
): Provenance['parameters'] {
  const against = goal.kind === 'width' ? undefined : goal.against;
  return {
    plan: coefficient,
    expected,
    patients,
    level: 100 * confidence,
    [measure]: reached,
    ...(goal.kind === 'width' && { wanted: goal.width }),
    ...(against && { against: against.value, sides: against.sides }),
    ...(setting && { setting }),
    method: measure === 'power' ? method.power : method.width,
  };
}

/** Fewer and more patients than the answer's, with the answer's own among them. */
export function curveOf({ designOf }: Question, { patients, measure, at, secondAt }: Answer): object[] {
  const fewest = Math.max(designOf().fewest, Math.floor(patients / 4), 3);
  const most = Math.max(fewest + 4, patients * 2);
  const numbers = Array.from({ length: POINTS + 1 }, (_, n) => Math.round(fewest + ((most - fewest) * n) / POINTS));
  return [...new Set([...numbers, patients])]
    .sort((a, b) => a - b)
    .map((n) => ({ patients: n, [measure]: at(n), ...(secondAt && { [`${measure}_flack`]: secondAt(n) }) }));
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
