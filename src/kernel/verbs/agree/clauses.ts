/** The clauses of `agree`. */
import { TEXTURE_CLASSES } from '../../../protocol/names.ts';
import { KAPPA_WEIGHTS } from '../../agreement/categories/weights.ts';
import { oneOf } from '../../language/clauses/choice.ts';
import { column } from '../../language/clauses/column.ts';
import { either } from '../../language/clauses/either.ts';
import { list } from '../../language/clauses/list.ts';
import { name } from '../../language/clauses/name.ts';
import { number } from '../../language/clauses/number.ts';
import { placed, unwritten } from '../../language/clauses/placed.ts';
import { maybe, sequence } from '../../language/clauses/sequence.ts';
import { type ArgumentsOf, optional, withDefault } from '../../language/declaration.ts';
import { CLASSES } from '../names.ts';

export const CLAUSES = {
  with: optional(
    list(name('measurements', 'table', 'agreement')),
    'The other reading, or several; for an agreement, another one.',
  ),
  by: optional(
    either(oneOf('region'), column()),
    '`by region` compares each lobe beside the whole lungs; a column of groups, such as `sex`, compares the patients of each group, and says whether agreement differs between them.',
  ),
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
  on: optional(
    column(),
    'A column of numbers that both sides have, such as `volume_ml`, compared as it is, instead of scores.',
  ),
  level: withDefault(
    number({ units: ['%'], minimum: 50, maximum: 99.9 }),
    95,
    'The confidence of the intervals in percent, of `on` and `margin`.',
  ),
  margin: optional(
    number({ minimum: 0.0001, maximum: 2 }),
    'Of two agreements: by how much the first may be worse, in ρ or κ, and still count as good enough (non-inferiority).',
  ),
  against: optional(
    oneOf('majority', 'median', 'each'),
    'Of several readings behind `with`: compares the first with their majority or their median, or with each of them.',
  ),
  seed: withDefault(number({ integer: true, minimum: 0 }), 1, 'The seed of the bootstrap.'),
};

/** What they hold in a statement. */
export type AgreeArguments = Omit<ArgumentsOf<unknown, typeof CLAUSES>, 'subject'>;
