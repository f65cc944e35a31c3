/** `agree`: two readings of the same patients, by rank correlation and κ. */
import { TEXTURE_CLASSES } from '../../../protocol/names.ts';
import { KAPPA_WEIGHTS } from '../../agreement/categories/weights.ts';
import { UserError } from '../../base/userError.ts';
import { oneOf } from '../../language/clauses/choice.ts';
import { list } from '../../language/clauses/list.ts';
import { name } from '../../language/clauses/name.ts';
import { number } from '../../language/clauses/number.ts';
import { placed, unwritten } from '../../language/clauses/placed.ts';
import { maybe, sequence } from '../../language/clauses/sequence.ts';
import { type ArgumentsOf, optional, withDefault } from '../../language/declaration.ts';
import { type Named, ofKind } from '../../values/named.ts';
import { CLASSES } from '../names.ts';
import { declareVerb, type VerbResult } from '../verb.ts';
import { agreeCounts, COUNT_COLUMNS } from './agreeCounts.ts';
import { agreeDifference } from './agreeDifference.ts';
import { agreeMany } from './agreeMany.ts';
import { agreePublished } from './agreePublished.ts';
import { type Side, sidesOf } from './agreeSides.ts';
import { agreeTwo } from './agreeTwo.ts';
import { bootstrapOf, confidenceOf, weightsOf } from './asked.ts';

const CLAUSES = {
  with: optional(
    list(name('measurements', 'table', 'agreement')),
    'The other reading, or several; for an agreement, another one.',
  ),
  by: optional(oneOf('region'), '`by region` compares each lobe beside the whole lungs.'),
  for: withDefault(
    CLASSES,
    [...TEXTURE_CLASSES],
    'The classes to compare; those that `derive` made, or that readers have beside the six, are compared where they are named here.',
    'all classes',
  ),
  pooling: optional(
    oneOf('lobes'),
    'Compares the five lobes of all patients as one; intervals and p are by bootstrap over patients, since the lobes of one patient are not independent.',
  ),
  weights: withDefault(
    sequence(oneOf(...KAPPA_WEIGHTS, 'table'), maybe(name('table'))),
    ['none', undefined],
    'The weights of κ; `table costs` takes them from a table of your own, with a row and a column per category, 1 where both agree and between 0 and 1 elsewhere.',
  ),
  ci: withDefault(
    placed(
      sequence(
        oneOf('asymptotic', 'jackknife', 'bootstrap', 'bca'),
        maybe(number({ integer: true, minimum: 100, maximum: 100000 })),
      ),
    ),
    unwritten(['asymptotic', undefined]),
    'How confidence intervals are made: `asymptotic`; `jackknife` (κ alone); `bootstrap N` with N resamples of the patients, by percentiles; or `bca N`, bias-corrected and accelerated. Of several readings, `bootstrap N` is for Krippendorff’s α.',
  ),
  seed: withDefault(number({ integer: true, minimum: 0 }), 1, 'The seed of the bootstrap.'),
};

/** What the clauses of `agree` ask for. */
export type Asked = Omit<ArgumentsOf<unknown, typeof CLAUSES>, 'subject'>;

type Reading = Named<'measurements' | 'table' | 'agreement'>;

export const agree = declareVerb({
  name: 'agree',
  summary: 'Compares two readings by rank correlation and κ.',
  documentation:
    'Pairs the patients of both sides. ρ (Spearman) is taken between the values as they are, percent or score; κ (Cohen) between the categories, for percentages at the cut points of a scored table or else 1, 25, 50, 75. Without `by region` the whole lungs are compared; with it the lungs and each lobe. A pair that is missing on either side is left out and counted. The p of ρ is exact for up to 9 patients and by t beyond; its interval is by Fisher’s z with the Bonett–Wright variance; the interval of κ is by the Fleiss–Cohen–Everitt standard error, on the full scale of categories. `kappa_max`, `pabak` and `ac1` are unweighted whatever `weights` says; prevalence and bias indices are for present (≥ 1) against absent.\n\nA table with a column `reader` that names several readers counts as that many readings. With three readings or more: Fleiss’ κ, Krippendorff’s α and the intraclass correlation. Of two agreements: how much ρ and κ differ on the same patients, by the paired bootstrap. Without `with`: a table of several readers compares them with each other; a contingency table (`left, right, count`) gives an agreement like any other; a published table (`class, n`, with `reader, category, count` and optionally `percent`, and the coefficients `rho, rho_p, kappa, kappa_ci_low, kappa_ci_high`) the range of κ that its margins allow, and what in it does not fit together. `describe` lists every further statistic of an agreement.',
  examples: [
    'agree ai with reader by region for ggo, reticulation weights linear ci bootstrap 2000 seed 1 as ag',
    'agree reader1 with reader2, reader3 as readers',
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
  gives: ['agreement', 'table'],
  alwaysShown: false,
  async run({ subject, ...asked }) {
    if (!asked.with) return agreeAlone(ofKind(subject, 'table'), asked);
    if (subject.value.kind === 'agreement') return agreeDifferent(subject, asked.with, asked);
    return agreeSides(sidesOf([subject, ...asked.with].map((side) => ofKind(side, 'measurements', 'table'))), asked);
  },
});

/** What a single table holds: counts of pairs, several readers, or a published table. */
function agreeAlone(table: Named<'table'>, asked: Asked): VerbResult {
  const columns = table.value.table.columnNames();
  const isCounts = COUNT_COLUMNS.every((column) => columns.includes(column));
  if (isCounts) return agreeCounts(table, weightsOf(asked), confidenceOf(asked));
  const readers = sidesOf([table]);
  return readers.length > 1 && columns.includes('patient') ? agreeSides(readers, asked) : agreePublished(table);
}

function agreeDifferent(subject: Reading, others: readonly Reading[], asked: Asked): VerbResult {
  const [first, second] = [subject, others[0]!].map((side) => ofKind(side, 'agreement'));
  if (others.length > 1)
    throw new UserError('too-many', `Two agreements are compared at a time, and ${others.length + 1} are named.`);
  const ci = confidenceOf(asked);
  if (asked.ci.span && !('repetitions' in ci))
    throw new UserError(
      'bootstrap-only',
      `Two agreements are compared by the paired bootstrap alone. Write \`ci bootstrap 2000\` or \`ci bca 2000\` in the place of \`ci ${ci.kind}\`.`,
    );
  return agreeDifference(first!, second!, { ...bootstrapOf(asked), method: ci.kind === 'bca' ? 'bca' : 'percentile' });
}

function agreeSides(sides: readonly Side[], asked: Asked): VerbResult {
  return sides.length === 2 ? agreeTwo(sides[0]!, sides[1]!, asked) : agreeMany(sides, asked);
}
