/** The card of a reading session: how far it is and what is recorded. It shows no answer, and no patient. */

import { type AnswerKind, fieldsOf, type ReadingForm } from '../../../protocol/reading/form.ts';
import { casesDone, type ReadingSession } from '../../../protocol/reading/scores.ts';
import type { Provenance, ReadingView } from '../../../protocol/view.ts';
import { classLabel, regionInText } from '../../../protocol/words/displayNames.ts';
import { fromTo } from '../../../protocol/words/lists.ts';

export function readingView(
  { session, blocked }: { readonly session: ReadingSession; readonly blocked: string | undefined },
  { reader, file, provenance }: { readonly reader: string; readonly file: string; readonly provenance: Provenance },
): ReadingView {
  const { form, ai, aiName, consensus, cases } = session;
  const facts: [string, string][] = [
    [
      'Scored',
      `${form.classes.map(classLabel).join(', ')}; ${form.regions.length === 1 ? 'in the whole lungs' : `in ${placesInWords(form.regions)}`}`,
    ],
    ['Scale', answerInWords(form.scale, form.cutPoints)],
    ...form.questions.map(({ name, answer }): [string, string] => [capitalised(name), answerInWords(answer)]),
    ['Shown', shownInWords(ai, aiName)],
    ...(consensus ? [consensusFact(consensus)] : []),
    ['Kept', `each answer with its time, and what it was before, in ${file}`],
  ];
  return {
    type: 'reading',
    title: `Reading as ${reader}${session.session > 1 ? `, session ${session.session}` : ''}`,
    name: reader,
    cases: cases.length,
    done: casesDone(session),
    begun: session.read.length > 0,
    fields: fieldsIn(form, session),
    facts: facts.map(([name, value]) => ({ name, value })),
    ...(blocked === undefined ? {} : { blocked }),
    provenance,
  };
}

function consensusFact({ readers, beyond }: NonNullable<ReadingSession['consensus']>): [string, string] {
  return ['Consensus of', `${readers.join(', ')}, where they differ by more than ${beyond}`];
}

/** Zones have commas in their names. */
function placesInWords(regions: readonly string[]): string {
  const words = regions.map(regionInText);
  return words.join(words.some((word) => word.includes(',')) ? '; ' : ', ');
}

/** Of the case that has most. */
function fieldsIn(form: ReadingForm, { cases }: ReadingSession): number {
  const all = fieldsOf(form).length;
  return Math.max(0, ...cases.map(({ asks }) => asks?.length ?? all));
}

function shownInWords(ai: ReadingSession['ai'], name: string | undefined): string {
  if (ai === 'hidden') return 'the CT alone, without measurements, labels or other readers';
  return ai === 'shown'
    ? `the CT with the textures of ${name}`
    : `the CT alone, then with the textures of ${name}; both answers are kept`;
}

export function answerInWords(answer: AnswerKind, cutPoints?: readonly number[]): string {
  switch (answer.kind) {
    case 'scale':
      return `${fromTo(answer.low, answer.high)}${cutPoints ? `, at ${cutPoints.join(', ')} %` : ''}`;
    case 'percent':
      return 'in per cent';
    case 'yes-no':
      return 'yes or no';
    case 'list':
      return answer.words.join(', ');
    case 'text':
      return 'free text';
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
