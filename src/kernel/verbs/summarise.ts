/** `summarise`: the cohort's medians and means per class and region (the study's Table 2), or an agreement as a paper prints it (Tables 3 to 5). */

import { REGIONS } from '../../protocol/names.ts';
import { UserError } from '../base/userError.ts';
import { oneOf } from '../language/clauses/choice.ts';
import { name } from '../language/clauses/name.ts';
import { optional } from '../language/declaration.ts';
import type { MeasurementsValue, TableValue } from '../values/value.ts';
import { agreementSummary } from '../views/agreementSummary.ts';
import { measurementsSummary } from '../views/measurementsSummary.ts';
import { declareVerb } from './verb.ts';

export const summarise = declareVerb({
  name: 'summarise',
  summary: 'Shows medians and means per class and region, or an agreement as a paper prints it.',
  documentation:
    'Percent of the region per class: median [first; third quartile] (quartiles by linear interpolation, as R’s default), and mean ± SD for normal lung and for the lungs’ volume. `by region` adds the five lobes. Of an agreement: ρ with its p, the patients in each category on both sides, κ, and the usual words for their strength; below it the scale, the weights and how intervals were made.',
  examples: ['summarise ai by region', 'summarise ag'],
  subject: {
    type: name('measurements', 'table', 'agreement'),
    noun: 'the name of measurements or of an agreement',
    documentation: 'Measurements, a table with `patient`, `region`, `class` and `percent`, or an agreement.',
  },
  clauses: { by: optional(oneOf('region'), '`by region` adds the five lobes.') },
  forms: {
    measurements: { of: 'of measurements', subject: ['measurements', 'table'], clauses: ['by'] },
    agreement: {
      of: 'of an agreement',
      subject: ['agreement'],
      clauses: [],
      instead: { by: 'It shows the regions that were compared: write `by region` in its `agree`.' },
    },
  },
  gives: [],
  alwaysShown: true,
  async run({ subject: { name, value }, by }, _, takesForm) {
    takesForm(value.kind === 'agreement' ? 'agreement' : 'measurements');
    if (value.kind === 'agreement') return { view: () => agreementSummary(name, value) };
    refuseComparison(name, value);
    const summary = measurementsSummary(name, value, by ? REGIONS : ['total']);
    return { view: () => summary };
  },
});

/** A table that `agree` made of something else than two readings of scores has no patients to summarise. */
function refuseComparison(name: string, { table }: TableValue | MeasurementsValue): void {
  const columns = table.columnNames();
  if (columns.includes('patient') || !['n', 'missing'].every((column) => columns.includes(column))) return;
  throw new UserError(
    'wrong-kind',
    `\`${name}\` is a comparison that stands in its own table already: write \`show ${name}\`, or \`describe ${name}\` for every statistic.`,
  );
}
