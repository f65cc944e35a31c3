/** `exclude`: leaves patients out of a study and remembers why. */
import { allOf, atMost } from '../../protocol/words/lists.ts';
import { counted } from '../base/counted.ts';
import { info } from '../base/remarks.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import { oneOf } from '../language/clauses/choice.ts';
import { either } from '../language/clauses/either.ts';
import { list } from '../language/clauses/list.ts';
import { mapped } from '../language/clauses/mapped.ts';
import { name } from '../language/clauses/name.ts';
import { number } from '../language/clauses/number.ts';
import { type Placed, placed } from '../language/clauses/placed.ts';
import { maybe, sequence } from '../language/clauses/sequence.ts';
import { text } from '../language/clauses/text.ts';
import { optional, required } from '../language/declaration.ts';
import { cohortFlags } from '../values/flags.ts';
import { visitsOfPatients, withoutPatients, withoutVisits } from '../values/keep.ts';
import { type FlowingValue, patientsOf } from '../values/studyFlow.ts';
import { pointingAt } from './pointingAt.ts';
import { declareVerb, type VerbResult } from './verb.ts';

type Patients = { readonly labels: readonly Placed<string>[] };
type Flagged = { readonly codes: readonly string[] | undefined };

export const exclude = declareVerb({
  name: 'exclude',
  summary: 'Leaves patients out, and remembers why.',
  documentation:
    'Names the patients, or takes all that carry a flag (`exclude flagged "missing-slices" from …`; `describe` lists the flags; without a text, every flag counts). The reason stays with the result, with whatever is made of it, and is drawn by `flow`.',
  examples: [
    'exclude "P07" from cohort because "left lung half segmented" as kept',
    'exclude "P07" visit 2 from cohort because "moved during the scan" as kept',
    'exclude flagged "no-lung", "lobe-missing" from ai because "segmentation failed" as sound',
  ],
  subject: {
    type: either(
      mapped(list(placed(text('patient'))), (labels): Patients => ({ labels })),
      mapped(sequence(oneOf('flagged'), maybe(list(text('flag')))), ([, codes]): Flagged => ({ codes })),
    ),
    noun: 'patients in double quotes, or `flagged`',
    documentation: 'The patients.',
  },
  clauses: {
    from: required(name('cohort', 'measurements', 'table'), 'What to leave them out of.'),
    visit: optional(
      placed(list(number({ integer: true, minimum: 1 }))),
      'Leaves these visits of the patients out alone: `exclude "P07" visit 2 from …`.',
    ),
    because: required(text('prose'), 'The reason, as the flow chart shall say it.'),
  },
  gives: ['cohort', 'measurements', 'table'],
  columns: { from: 'from' },
  alwaysShown: false,
  async run({ subject, from: { name, value }, visit, because: reason }, { resultName }) {
    const known = patientsOf(value);
    if (!known)
      throw new UserError('missing-columns', `\`${name}\` has no column \`patient\`, so nobody can be left out of it.`);
    const excluded = 'labels' in subject ? listed(subject, name, known) : flagged(subject, name, value);
    if (visit)
      return pointingAt(visit, () => visitsLeftOut(excluded, visit.value, { name, value, reason, resultName }));
    if (excluded.length === known.length)
      throw new UserError(
        'nobody-left',
        `This would leave nobody: \`${name}\` has ${counted(known.length, 'patient')}.`,
      );
    return {
      value: withoutPatients(value, excluded, { reason, from: name, name: resultName }),
      remarks: [
        info(
          'left-out',
          `${counted(excluded.length, 'patient')} left out because "${reason}"${excluded.length ? `: ${excluded.join(', ')}` : ''}. ${known.length - excluded.length} of ${known.length} remain.`,
        ),
      ],
    };
  },
});

/** Throws a UserError where none of the patients has such a visit, or nothing would be left. */
function visitsLeftOut(
  patients: readonly string[],
  visits: readonly number[],
  {
    name,
    value,
    reason,
    resultName,
  }: {
    readonly name: string;
    readonly value: FlowingValue;
    readonly reason: string;
    readonly resultName: string | undefined;
  },
): VerbResult {
  const left = withoutVisits(value, patients, visits, { reason, from: name, name: resultName });
  const { visitsExcluded, remaining } = left.flow.steps.at(-1)!;
  const known = visitsOfPatients(value, patients);
  if (!visitsExcluded?.length)
    throw new UserError(
      'unknown-visit',
      `\`${name}\` has no visit ${allOf(visits.map(String))} of ${atMost(patients, 5)}: ${known.length ? `there ${known.length === 1 ? 'is' : 'are'} ${allOf(known)}` : 'its patients have no visits'}.`,
    );
  if (remaining === 0) throw new UserError('nobody-left', `This would leave nobody in \`${name}\`.`);
  return {
    value: left,
    remarks: [
      info(
        'left-out',
        `${counted(visitsExcluded.length, 'visit')} left out because "${reason}": ${visitsExcluded.join('; ')}. ${counted(remaining, 'patient')} ${remaining === 1 ? 'remains' : 'remain'}.`,
      ),
    ],
  };
}

function listed({ labels }: Patients, name: string, known: readonly string[]): string[] {
  for (const { value: label, span } of labels)
    if (!known.includes(label))
      throw new UserError(
        'unknown-patient',
        `\`${name}\` has no patient "${label}": ${suggestionFor(label, known)}`,
        span,
      );
  return known.filter((label) => labels.some(({ value }) => value === label));
}

function flagged({ codes }: Flagged, name: string, value: FlowingValue): string[] {
  if (value.kind === 'table')
    throw new UserError(
      'wrong-kind',
      `\`${name}\` is a table, and flags belong to CTs. Exclude the flagged ones of a cohort or of measurements.`,
    );
  const flags = value.kind === 'cohort' ? cohortFlags(value.cohort) : value.flags;
  const chosen = flags.filter(({ code }) => !codes || codes.includes(code));
  const known = patientsOf(value) ?? [];
  return known.filter((label) => chosen.some(({ patient }) => patient === label));
}
