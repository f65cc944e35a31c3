/** `read`: a blinded reading session, whose answers are a reader's table. */
import { basename } from 'node:path';
import { type Answer, fieldsOf } from '../../../protocol/reading/form.ts';
import {
  type AiReading,
  caseLabel,
  type PlannedCase,
  type ReadingSession,
  SCORES_ENDING,
  type ScoresFile,
  type SessionDesign,
} from '../../../protocol/reading/scores.ts';
import type { Provenance } from '../../../protocol/view.ts';
import { counted } from '../../base/counted.ts';
import { warning } from '../../base/remarks.ts';
import { SOFTWARE } from '../../base/software.ts';
import { UserError } from '../../base/userError.ts';
import { name } from '../../language/clauses/name.ts';
import { readingsTable } from '../../tables/readingsTable.ts';
import type { Named } from '../../values/named.ts';
import type { Reading } from '../../values/reading.ts';
import type { TableValue } from '../../values/value.ts';
import { pointingAt } from '../pointingAt.ts';
import { declareVerb, type VerbContext, type VerbResult } from '../verb.ts';
import { calibrationIn, hasVisits, type ReadablePatient, readableIn, shareOf } from './cases.ts';
import { CLAUSES, FORMS, type ReadArguments } from './clauses.ts';
import { formOf, plannedCases, sessionIn, tooEarly } from './design.ts';
import { consensusTable, disputedCases, saidOf, saidToBeShown } from './disagreements.ts';
import { materialOf } from './material.ts';
import { readingView } from './readingView.ts';
import { type ScoresPlace, scoresPlace } from './scoresPlace.ts';
import { valuesIn } from './values.ts';

export const read = declareVerb({
  name: 'read',
  summary: 'Prepares a blinded reading session; what is read is a reader’s table.',
  documentation:
    'The name behind `as` is the reader’s. **Begin** on the card opens the reading room: one case after another in a random order, without labels, measurements or other readers, scored by keyboard. Every answer is kept at once in `NAME.scores.json` beside the notebook, so that reading can go on after any interruption. The result is a table like any reader’s (`agree ai with reader3`), empty until somebody has read; where a case was read several times, the first reading counts, and `filter reader3 where repeat == 2` (or `session == 2`, or `ai`) gives the others. In a cohort with several visits every visit is a case, and `visit` a column. On the command line nothing is read: reading happens in VS Code.',
  examples: [
    'read cohort as reader3 scale 0..4 by region repeats 10 seed 7',
    'read cohort for ggo, reticulation by zone scale percent ask pattern "UIP" "NSIP" "OP", confidence, comment as reader3',
    'read cohort session 2 after 14 days then ai as reader3',
    'read cohort cases 1..40 calibrate "P01", "P02" answers truth manual "manual.md" as reader3',
    'read cohort consensus reader1, reader2 beyond 1 by region as agreed',
  ],
  subject: { type: name('cohort'), noun: 'the name of a cohort', documentation: 'The cohort whose cases are read.' },
  clauses: CLAUSES,
  forms: FORMS,
  gives: ['table'],
  alwaysShown: true,
  async run({ subject, ...asked }, context, takesForm) {
    takesForm(asked.consensus ? 'consensus' : 'cases');
    const reader = context.resultName;
    if (reader === undefined)
      throw new UserError(
        'missing-clause',
        '`read` needs the reader’s name: write `as reader1`, or a name of your choice.',
      );
    const file = asked.to?.value ?? `${reader}${SCORES_ENDING}`;
    const path = context.resolvePath(file);
    context.inputs.add(path);
    const { notebookFolder } = context.options;
    const place = await pointingAt(asked.to, () => scoresPlace(path, { name: file, reader, notebookFolder }));
    const prepared = await prepare(subject, asked, { reader, file, place }, context);
    context.keepReading(prepared.reading);
    return prepared.result;
  },
});

/** Where the scores go. */
interface Scored {
  readonly reader: string;
  /** As the user knows it. */
  readonly file: string;
  readonly place: ScoresPlace;
}

interface Prepared {
  readonly reading: Reading;
  readonly result: VerbResult;
}

async function prepare(
  subject: Named<'cohort'>,
  asked: ReadArguments,
  scored: Scored,
  context: VerbContext,
): Promise<Prepared> {
  const { place, reader, file } = scored;
  const all = readableIn(subject.value.cohort);
  const form = formOf(asked);
  const calibration = await pointingAt(asked.calibrate, () => calibrationIn(all, asked.calibrate?.value ?? []));
  const share = (await pointingAt(asked.cases, () => shareOf(all, asked.cases, reader))).filter(
    (one) => !calibration.includes(one),
  );
  if (share.length === 0) throw new UserError('nobody-left', `\`${subject.name}\` has no case to read.`);
  const consensus = await settling(asked, share, form);
  const design: SessionDesign = { ...designOf(asked, share), form, ...(consensus ? { consensus: consensus.of } : {}) };
  const cases = consensus?.cases ?? plannedCases(calibration, share, { ...design, reader });
  const { session, hasOtherCases } = sessionIn(place.scores, design, cases);
  const days = asked.session[1]?.[1];
  const early = tooEarly(place.scores, { session: design.session, days }, context.now());
  const blocked =
    place.unwritable ??
    early ??
    (session.cases.length ? undefined : 'The readers differ nowhere by more than that: there is nothing to settle.');
  const material = await materialOf(asked, form.classes, context);
  const reading: Reading = {
    name: reader,
    path: place.path,
    session,
    blocked,
    series: new Map(all.map((one) => [caseLabel(one), one.series] as const)),
    overlay: (asked.with ?? asked.then)?.value,
    truths: await truthsOf(asked, form, session.cases),
    said: consensus?.said ?? new Map(),
    material,
  };
  const provenance = provenanceOf(design, scored);
  return {
    reading,
    result: {
      value: {
        ...tableOf(place.scores, reader, session, provenance),
        ...(consensus ? { table: consensusTable(consensus.all, session, consensus.of.readers) } : {}),
      },
      view: () => readingView({ session, blocked }, { reader, file: basename(file), provenance }),
      remarks: [...(hasOtherCases ? [otherCases(session.cases, all, reader)] : [])],
    },
  };
}

function tableOf(
  scores: ScoresFile | undefined,
  reader: string,
  { form, cases }: ReadingSession,
  provenance: Provenance,
): TableValue {
  const table = readingsTable(scores ?? { reader, sessions: [] }, { form, cases });
  return { kind: 'table', table, cutPoints: form.cutPoints, provenance };
}

/** Throws a UserError where the clauses do not go together. */
function designOf(asked: ReadArguments, share: readonly ReadablePatient[]): Omit<SessionDesign, 'form' | 'consensus'> {
  const { with: shown, then, repeats, session, seed } = asked;
  if (shown && then)
    throw new UserError(
      'idle-clause',
      '`with` shows measurements from the start, so that `then` does nothing. Keep one of them.',
      then.span,
    );
  if (repeats.value > share.length)
    throw new UserError(
      'out-of-range',
      `${repeats.value} of ${counted(share.length, 'case')} cannot be repeated.`,
      repeats.span,
    );
  const ai: AiReading = shown ? 'shown' : then ? 'then' : 'hidden';
  const overlay = shown ?? then;
  return {
    session: session[0].value,
    seed,
    repeats: repeats.value,
    ai,
    ...(overlay ? { aiName: overlay.value.name } : {}),
  };
}

/** What a consensus is about; undefined where the cases are read. */
async function settling(asked: ReadArguments, share: readonly ReadablePatient[], form: SessionDesign['form']) {
  const { consensus, beyond, readers, seed } = asked;
  if (!consensus) {
    if (beyond) throw new UserError('idle-clause', '`beyond` belongs to `consensus`. Leave it out.', beyond.span);
    return undefined;
  }
  if (consensus.value.length < 2)
    throw new UserError(
      'too-few',
      'A consensus needs two readers or more: `consensus reader1, reader2`.',
      consensus.span,
    );
  const step = beyond?.value ?? 1;
  const all = await pointingAt(consensus, () => saidOf(consensus.value, share, form));
  return {
    of: { readers: consensus.value.map((one) => one.name), beyond: step },
    all,
    cases: disputedCases(all, share, step),
    said: saidToBeShown(all, { seed, isNamed: readers === 'named' }),
  };
}

/** Throws a UserError where a calibration case has no right answer at all. */
async function truthsOf(
  { calibrate, answers }: ReadArguments,
  form: SessionDesign['form'],
  cases: readonly PlannedCase[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, Answer>>> {
  if (!calibrate) {
    if (answers) throw new UserError('idle-clause', '`answers` belongs to `calibrate`. Leave it out.', answers.span);
    return new Map();
  }
  if (!answers)
    throw new UserError(
      'missing-clause',
      '`calibrate` needs the right answers: `answers` with the name of a table.',
      calibrate.span,
    );
  const values = await pointingAt(answers, () => valuesIn(answers.value, form, hasVisits(cases)));
  const without = cases.find((one) => one.calibration && !values.get(caseLabel(one))?.size);
  if (!without) return values;
  throw new UserError(
    'unknown-patient',
    `\`${answers.value.name}\` has no right answer for ${caseLabel(without)}: none of its rows is about one of the ${counted(fieldsOf(form).length, 'field')} that are scored.`,
    answers.span,
  );
}

function otherCases(cases: readonly PlannedCase[], all: readonly ReadablePatient[], reader: string) {
  const there = new Set(all.map(caseLabel));
  const gone = [...new Set(cases.map(caseLabel))].filter((label) => !there.has(label));
  return warning(
    'other-cases',
    `${reader} began with other cases than the cell asks for now, and goes on with those${gone.length ? `. Not in the cohort any more: ${gone.join(', ')}` : ''}.`,
  );
}

function provenanceOf({ form, seed, repeats, ai, aiName }: SessionDesign, { reader }: Scored): Provenance {
  return {
    software: SOFTWARE,
    models: [],
    inputs: {},
    parameters: {
      readBy: reader,
      seed,
      repeats,
      readWith:
        ai === 'hidden' ? 'nothing' : `${aiName}, ${ai === 'shown' ? 'from the start' : 'after the first answer'}`,
      ...(form.cutPoints ? { cutPoints: form.cutPoints } : {}),
    },
  };
}
