/** `agree`: two readings of the same patients, by rank correlation and κ. */
import { UserError } from '../../base/userError.ts';
import { name } from '../../language/clauses/name.ts';
import { type Named, ofKind } from '../../values/named.ts';
import { declareVerb, type TakesForm, type VerbResult } from '../verb.ts';
import { agreeCounts, COUNT_COLUMNS } from './agreeCounts.ts';
import { agreeDifference } from './agreeDifference.ts';
import { agreeMany } from './agreeMany.ts';
import { agreePublished } from './agreePublished.ts';
import { type Side, sidesOf } from './agreeSides.ts';
import { agreeTwo } from './agreeTwo.ts';
import { bootstrapOf, classesAsked, confidenceOf } from './asked.ts';
import { type AgreeArguments, CLAUSES, FORMS } from './clauses.ts';

type Reading = Named<'measurements' | 'table' | 'agreement'>;

export const agree = declareVerb({
  name: 'agree',
  summary: 'Compares two readings by rank correlation and κ.',
  documentation:
    'Pairs the patients of both sides. ρ (Spearman) is taken between the values as they are, percent or score; κ (Cohen) between the categories, for percentages at the cut points of a scored table or else 1, 25, 50, 75. Without `by region` the whole lungs are compared; with it the lungs and each lobe. A pair that is missing on either side is left out and counted. The p of ρ is exact for up to 9 patients and by t beyond; its interval is by Fisher’s z with the Bonett–Wright variance; the interval of κ is by the Fleiss–Cohen–Everitt standard error. All is on the full scale of categories: the one that `scale` says, else that of the cut points, from 0; it stands below the table. Patients who were left out of a side before (`exclude`, `filter`) are not counted as missing. `kappa_max`, `pabak` and `ac1` are unweighted whatever `weights` says; prevalence and bias indices are for present (≥ 1) against absent.\n\nA table with a column `reader` that names several readers counts as that many readings. With three readings or more: Fleiss’ κ, Krippendorff’s α and the intraclass correlation; readings in percent are compared as such. Where fewer than half of the patients were read by all, Fleiss’ κ is Gwet’s (2014) and the intraclass correlation that of Ebel and Brückl & Heuer (irrNA), for incomplete readings. Of two agreements: how much ρ and κ differ on the same patients, by the paired bootstrap. Without `with`: a table of several readers compares them with each other; a contingency table (`left, right, count`) gives an agreement like any other; a published table (`class, n`, with `reader, category, count` and optionally `percent`, and the coefficients `rho, rho_p, kappa, kappa_ci_low, kappa_ci_high`) the range of κ that its margins allow, and what in it does not fit together. `describe` lists every further statistic of an agreement.',
  examples: [
    'agree ai with reader by region for ggo, reticulation weights linear ci bootstrap 2000 seed 1 as ag',
    'agree reader1 with reader2, reader3 as readers',
    'agree reader1 with reader2 scale 1..5 matching numbers',
    'agree ai with all_readers as all',
    'agree ai_reader with reader_reader as difference',
    'agree published',
  ],
  subject: {
    type: name('measurements', 'table', 'agreement'),
    noun: 'the name of measurements or scores',
    documentation: 'One reading: measurements, scores, or a reader’s table; or an agreement.',
  },
  clauses: CLAUSES,
  forms: FORMS,
  gives: ['agreement', 'table'],
  alwaysShown: false,
  async run({ subject, ...asked }, _, takesForm) {
    if (!asked.with) return agreeAlone(ofKind(subject, 'table'), asked, takesForm);
    if (subject.value.kind === 'agreement') return agreeDifferent(subject, asked.with, asked, takesForm);
    const sides = sidesOf([subject, ...asked.with].map((side) => ofKind(side, 'measurements', 'table')));
    return agreeSides(sides, asked, takesForm);
  },
});

type Takes = TakesForm<keyof typeof FORMS>;

/** What a single table holds: counts of pairs, several readers, or a published table. */
function agreeAlone(table: Named<'table'>, asked: AgreeArguments, takesForm: Takes): VerbResult {
  const columns = table.value.table.columnNames();
  if (COUNT_COLUMNS.every((column) => columns.includes(column))) {
    takesForm('counts');
    return agreeCounts(table, asked);
  }
  const readers = sidesOf([table]);
  if (readers.length > 1 && columns.includes('patient')) return agreeSides(readers, asked, takesForm);
  takesForm('published');
  return agreePublished(table, asked);
}

function agreeDifferent(
  subject: Reading,
  others: readonly Reading[],
  asked: AgreeArguments,
  takesForm: Takes,
): VerbResult {
  takesForm('difference');
  const [first, second] = [subject, others[0]!].map((side) => ofKind(side, 'agreement'));
  if (others.length > 1)
    throw new UserError('too-many', `Two agreements are compared at a time, and ${others.length + 1} are named.`);
  const ci = confidenceOf(asked);
  if (asked.ci.span && !('repetitions' in ci))
    throw new UserError(
      'bootstrap-only',
      `Two agreements are compared by the paired bootstrap alone. Write \`ci bootstrap 2000\` or \`ci bca 2000\` in the place of \`ci ${ci.kind}\`.`,
      asked.ci.span,
    );
  const plan = { ...bootstrapOf(asked), method: ci.kind === 'bca' ? 'bca' : 'percentile' } as const;
  return agreeDifference(first!, second!, plan, classesAsked(asked));
}

function agreeSides(sides: readonly Side[], asked: AgreeArguments, takesForm: Takes): VerbResult {
  takesForm(sides.length === 2 ? 'readings' : 'readers');
  return sides.length === 2 ? agreeTwo(sides[0]!, sides[1]!, asked) : agreeMany(sides, asked);
}
