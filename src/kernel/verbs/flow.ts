/** `flow`: the study's flow chart, from all patients to those compared (STROBE 2007, item 13). */
import { UserError } from '../base/userError.ts';
import { name } from '../language/clauses/name.ts';
import { patientsOf } from '../values/studyFlow.ts';
import { flowChart } from '../views/figures/flowChart.ts';
import { declareVerb } from './verb.ts';

export const flow = declareVerb({
  name: 'flow',
  summary: 'Draws the flow chart of the study, with its counts.',
  documentation:
    'From all patients down to those of the named result, with a box for every `exclude`, and for every `filter` that left patients out, and its reason.',
  examples: ['flow kept'],
  subject: {
    type: name('cohort', 'measurements', 'table'),
    noun: 'the name of a cohort or table',
    documentation: 'Where the flow ends.',
  },
  clauses: {},
  gives: [],
  alwaysShown: true,
  async run({ subject: { name, value } }) {
    const patients = patientsOf(value);
    if (!patients)
      throw new UserError('missing-columns', `\`${name}\` has no column \`patient\`, so no patients can be counted.`);
    const steps = value.flow ?? { start: { name, patients: patients.length }, steps: [] };
    return { view: () => flowChart(name, steps, value.kind === 'cohort' ? undefined : value.provenance) };
  },
});
