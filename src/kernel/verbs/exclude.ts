/** `exclude`: leaves patients out of a study and remembers why. */
import { counted } from '../base/counted.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import { cohortFlags } from '../values/flags.ts';
import { withoutPatients } from '../values/keep.ts';
import { type FlowingValue, patientsOf } from '../values/studyFlow.ts';
import { itemsOf, named, partsOf, type Resolved, textOf } from './arguments.ts';
import { oneOf } from './clauseTypes.ts';
import type { Verb } from './verb.ts';

const TEXTS = { kind: 'list', of: { kind: 'text' } } as const;

export const exclude: Verb = {
  name: 'exclude',
  summary: 'Leaves patients out, and remembers why.',
  documentation:
    'Names the patients, or takes all that carry a flag (`exclude flagged "missing-slices" from …`; `describe` lists the flags; without a text, every flag counts). The reason stays with the result, with whatever is made of it, and is drawn by `flow`.',
  examples: [
    'exclude "P07" from cohort because "left lung half segmented" as kept',
    'exclude flagged "no-lung", "lobe-missing" from ai because "segmentation failed" as sound',
  ],
  subject: {
    type: {
      kind: 'either',
      types: [TEXTS, { kind: 'sequence', parts: [{ type: oneOf('flagged') }, { type: TEXTS, optional: true }] }],
    },
    noun: 'patients in double quotes, or `flagged`',
    documentation: 'The patients.',
  },
  clauses: {
    from: {
      type: { kind: 'name', of: ['cohort', 'measurements', 'table'] },
      required: true,
      documentation: 'What to leave them out of.',
    },
    because: { type: { kind: 'text' }, required: true, documentation: 'The reason, as the flow chart shall say it.' },
  },
  gives: ['cohort', 'measurements', 'table'],
  alwaysShown: false,
  async run(values) {
    const { name, value } = named(values.clauses.from!, 'cohort', 'measurements', 'table');
    const known = patientsOf(value);
    if (!known)
      throw new UserError('missing-columns', `\`${name}\` has no column \`patient\`, so nobody can be left out of it.`);
    const excluded = excludedBy(values.subject, name, value, known);
    if (excluded.length === known.length)
      throw new UserError(
        'nobody-left',
        `This would leave nobody: \`${name}\` has ${counted(known.length, 'patient')}.`,
      );
    const reason = textOf(values.clauses.because!);
    return {
      value: withoutPatients(value, excluded, { reason, from: name, name: values.name }),
      messages: [
        {
          severity: 'info',
          text: `${counted(excluded.length, 'patient')} left out because "${reason}"${excluded.length ? `: ${excluded.join(', ')}` : ''}. ${known.length - excluded.length} of ${known.length} remain.`,
        },
      ],
    };
  },
};

function excludedBy(subject: Resolved, name: string, value: FlowingValue, known: readonly string[]): string[] {
  if (subject.kind === 'sequence') return flagged(partsOf(subject)[1], name, value);
  const labels = itemsOf(subject).map(textOf);
  for (const item of itemsOf(subject)) {
    const label = textOf(item);
    if (!known.includes(label))
      throw new UserError(
        'unknown-patient',
        `\`${name}\` has no patient "${label}": ${suggestionFor(label, known)}`,
        item.span,
      );
  }
  return known.filter((label) => labels.includes(label));
}

function flagged(codes: Resolved | undefined, name: string, value: FlowingValue): string[] {
  if (value.kind === 'table')
    throw new UserError(
      'wrong-kind',
      `\`${name}\` is a table, and flags belong to CTs. Exclude the flagged ones of a cohort or of measurements.`,
    );
  const flags = value.kind === 'cohort' ? cohortFlags(value.cohort) : value.flags;
  const wanted = codes && itemsOf(codes).map(textOf);
  const chosen = flags.filter(({ code }) => !wanted || wanted.includes(code));
  const known = patientsOf(value) ?? [];
  return known.filter((label) => chosen.some(({ patient }) => patient === label));
}
