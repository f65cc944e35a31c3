/** A session as a cell asks for it, and how that goes with what its file holds already. */
import { LEVELS, LOBAR_REGIONS, ZONES } from '../../../protocol/names.ts';
import type { AnswerKind, ReadingForm } from '../../../protocol/reading/form.ts';
import type { PlannedCase, ReadingSession, ScoresFile, SessionDesign } from '../../../protocol/reading/scores.ts';
import { createRandom } from '../../base/random.ts';
import { SOFTWARE } from '../../base/software.ts';
import { UserError } from '../../base/userError.ts';
import { DEFAULT_CUT_POINTS } from '../../tables/categories.ts';
import type { ReadablePatient } from './cases.ts';
import type { ReadArguments } from './clauses.ts';
import { readingOrder } from './order.ts';
import { answerKindOf, questionsOf } from './questions.ts';

const PLACES = { region: LOBAR_REGIONS, zone: ZONES, level: LEVELS, total: ['total'] } as const;

/** Throws a UserError where the clauses do not go together. */
export function formOf({
  by,
  for: classes,
  scale: { value: written },
  at,
  ask,
}: Pick<ReadArguments, 'by' | 'for' | 'scale' | 'at' | 'ask'>): ReadingForm {
  const scale = answerKindOf(written);
  const cutPoints = cutPointsOf(scale, at?.value);
  const questions = questionsOf(ask?.value ?? []);
  const asked = questions.find(({ name }) => classes.includes(name));
  if (asked)
    throw new UserError(
      'repeated-clause',
      `\`${asked.name}\` stands behind \`for\` and behind \`ask\`. Keep one of them.`,
    );
  return { regions: PLACES[by], classes, scale, ...(cutPoints ? { cutPoints } : {}), questions };
}

function cutPointsOf(scale: AnswerKind, at: readonly number[] | undefined): readonly number[] | undefined {
  if (scale.kind !== 'scale') {
    if (at)
      throw new UserError(
        'idle-clause',
        '`at` says what the numbers of a scale stand for, and this one has none. Leave it out.',
      );
    return undefined;
  }
  const steps = scale.high - scale.low;
  if (!at) return scale.low === 0 && steps === DEFAULT_CUT_POINTS.length ? DEFAULT_CUT_POINTS : undefined;
  if (at.some((cut, n) => n > 0 && cut <= at[n - 1]!))
    throw new UserError('cut-points', `Cut points must rise: ${at.join(', ')} do not.`);
  if (at.length === steps) return at;
  throw new UserError(
    'cut-points',
    `The scale ${scale.low}..${scale.high} has ${steps} steps, and \`at\` names ${at.length}: one is needed for each number but the lowest.`,
  );
}

/** The cases in the order in which this reader is shown them in this session, those that calibrate first. */
export function plannedCases(
  calibration: readonly ReadablePatient[],
  share: readonly ReadablePatient[],
  { reader, session, seed, repeats }: Pick<SessionDesign, 'session' | 'seed' | 'repeats'> & { readonly reader: string },
): PlannedCase[] {
  const order = readingOrder(share, repeats, createRandom(`${seed}/${reader}/${session}`));
  return [
    ...calibration.map((item) => ({ item, repeat: 1, calibration: true })),
    ...order.map((shown) => ({ ...shown, calibration: false })),
  ].map(({ item: { patient, visit, series }, repeat, calibration: isFirst }, n) => ({
    case: n + 1,
    patient,
    ...(visit === undefined ? {} : { visit }),
    series: series.id,
    calibration: isFirst,
    repeat,
  }));
}

export interface SessionFound {
  readonly session: ReadingSession;
  /** It was begun with other cases than the cell asks for now. */
  readonly hasOtherCases: boolean;
}

/** The session of the file where it was begun, else as it is asked for. Throws a UserError where it was begun in another way. */
export function sessionIn(
  file: ScoresFile | undefined,
  design: SessionDesign,
  cases: readonly PlannedCase[],
): SessionFound {
  const begun = file?.sessions.find(({ session }) => session === design.session);
  if (!begun?.read.length) return { session: { ...design, software: SOFTWARE, cases, read: [] }, hasOtherCases: false };
  const changed = changes(begun, design);
  if (changed.length)
    throw new UserError(
      'scores-file',
      `Session ${design.session} of ${file?.reader} was begun with ${changed.join(', ')}. Write that again to go on; for another session write \`session ${Math.max(...file!.sessions.map(({ session }) => session)) + 1}\`, or give it another name.`,
    );
  return { session: begun, hasOtherCases: JSON.stringify(begun.cases) !== JSON.stringify(cases) };
}

/** What was otherwise as the session began, in words. */
function changes(begun: SessionDesign, now: SessionDesign): string[] {
  const differs = (part: (design: SessionDesign) => unknown) =>
    JSON.stringify(part(begun)) !== JSON.stringify(part(now));
  return [
    differs(({ form }) => [form.scale, form.cutPoints]) ? 'another scale' : '',
    differs(({ form }) => form.regions) ? 'other regions' : '',
    differs(({ form }) => form.classes) ? 'other classes' : '',
    differs(({ form }) => form.questions) ? 'other questions' : '',
    differs(({ seed }) => seed) ? `seed ${begun.seed}` : '',
    differs(({ repeats }) => repeats) ? `repeats ${begun.repeats}` : '',
    differs(({ ai, aiName }) => [ai, aiName]) ? aiInWords(begun) : '',
    differs(({ consensus }) => consensus) ? 'other readers or another step of disagreement' : '',
  ].filter(Boolean);
}

function aiInWords({ ai, aiName }: SessionDesign): string {
  return ai === 'hidden' ? 'no measurements shown' : `\`${ai === 'shown' ? 'with' : 'then'} ${aiName}\``;
}

const DAY_MS = 86_400_000;

/** Why a further session cannot begin now, in a sentence; `now` is a clock in milliseconds. */
export function tooEarly(
  file: ScoresFile | undefined,
  { session, days }: { readonly session: number; readonly days: number | undefined },
  now: number,
): string | undefined {
  if (session === 1) return undefined;
  const before = file?.sessions.find((one) => one.session === session - 1);
  if (!before || before.cases.length > before.read.filter(({ isDone }) => isDone).length)
    return `Session ${session} begins when session ${session - 1} is read to its end.`;
  if (days === undefined) return undefined;
  const last = Math.max(...before.read.flatMap(({ visits }) => visits.map(({ on }) => Date.parse(on))));
  const from = last + days * DAY_MS;
  if (now >= from) return undefined;
  return `Session ${session} begins on ${new Date(from).toISOString().slice(0, 10)} or later: ${days} days after session ${session - 1} ended.`;
}
