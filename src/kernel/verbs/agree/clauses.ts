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
import { range } from '../../language/clauses/range.ts';
import { maybe, sequence } from '../../language/clauses/sequence.ts';
import { text } from '../../language/clauses/text.ts';
import { type ArgumentsOf, optional, withDefault } from '../../language/declaration.ts';
import { CLASSES } from '../names.ts';
import { PLACE } from '../places.ts';

export const CLAUSES = {
  with: optional(
    list(name('measurements', 'table', 'agreement', 'masks')),
    'The other reading, or several; for an agreement, another one.',
  ),
  by: optional(
    either(PLACE, column()),
    '`by region` compares each lobe beside the whole lungs, and the zones and levels that both sides have; `by zone` the twelve zones, `by level` the five levels of visual scores alone; a column of groups, such as `sex`, compares the patients of each group, and says whether agreement differs between them.',
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
    column('voxels'),
    'A column of numbers that both sides have, such as `volume_ml`, compared as it is, instead of scores; or `voxels`: the label maps of both.',
  ),
  level: withDefault(
    number({ units: ['%'], minimum: 50, maximum: 99.9 }),
    95,
    'The confidence of the intervals in percent.',
  ),
  margin: optional(
    number({ minimum: 0.0001, maximum: 2 }),
    'Of two agreements: by how much the first may be worse, in ρ or κ, and still count as good enough (non-inferiority).',
  ),
  against: optional(
    placed(either(oneOf('majority', 'median', 'each'), name('table', 'measurements'))),
    'Of several readings behind `with`: compares the first with their majority or their median, or with each of them. With `between`: the true values, by which readers are compared under both conditions.',
  ),
  between: optional(
    column(),
    'A column that tells two readings of each reader apart, and these are compared: `between repeat` cases that were shown twice, `between session` two sessions, `between ai` without and with AI. With `against` a table of true values: what all readers achieve under both conditions, by the analysis of Obuchowski and Rockette.',
  ),
  over: optional(
    column(),
    'Of one reader: how the time per case, and the difference to the reading behind `with`, move in the order of reading, which `over case` names.',
  ),
  seed: withDefault(placed(number({ integer: true, minimum: 0 })), unwritten(1), 'The seed of the bootstrap.'),
  scale: optional(
    placed(either(range(), list(text('value')))),
    'The readers’ scale, from its lowest number to its highest (`scale 0..2`, `scale 1..5`), or its categories in rising order (`scale "none", "mild", "severe"`). AC1, PABAK and AC2 depend on it.',
    '0..4',
  ),
  matching: optional(
    placed(oneOf('numbers')),
    '`matching numbers` takes labels of patients for the same that have the same number: 1 and 001, P07 and p7.',
  ),
};

/** What `agree` may be of, and which clauses do something there. */
export const FORMS = {
  readings: {
    of: 'of two readings',
    subject: ['measurements', 'table'],
    unwritten: ['on', 'against', 'between', 'over'],
    clauses: ['with', 'by', 'for', 'pooling', 'weights', 'ci', 'seed', 'scale', 'matching', 'level'],
    instead: { margin: 'A margin is for two agreements: `agree ai_reader with reader_reader margin 0.1`.' },
  },
  groups: {
    of: 'by a column of groups',
    subject: ['measurements', 'table'],
    written: ['by'],
    unwritten: ['on', 'against', 'between', 'over'],
    clauses: ['with', 'by', 'for', 'weights', 'ci', 'seed', 'scale', 'matching', 'level'],
  },
  against: {
    of: 'against several readings',
    subject: ['measurements', 'table'],
    written: ['with', 'against'],
    unwritten: ['on', 'between', 'over'],
    clauses: ['with', 'against', 'by', 'for', 'pooling', 'weights', 'ci', 'seed', 'scale', 'matching', 'level'],
  },
  repeated: {
    of: 'between two readings of each reader',
    subject: ['table'],
    written: ['between'],
    unwritten: ['on', 'against', 'over'],
    clauses: ['with', 'between', 'by', 'for', 'pooling', 'weights', 'ci', 'seed', 'scale', 'matching', 'level'],
  },
  multireader: {
    of: 'of readers under two conditions',
    subject: ['table'],
    written: ['between', 'against'],
    unwritten: ['on', 'over'],
    clauses: ['with', 'between', 'against', 'by', 'for', 'weights', 'scale', 'matching', 'level'],
    instead: {
      ci: 'Intervals are by jackknife over cases and by the variance between readers; leave it out.',
      seed: 'Nothing is drawn; leave it out.',
    },
  },
  order: {
    of: 'over the order of reading',
    subject: ['table'],
    written: ['over'],
    unwritten: ['on', 'against', 'between'],
    clauses: ['with', 'over', 'by', 'for', 'scale', 'level', 'matching'],
  },
  voxels: {
    of: 'on voxels',
    subject: ['measurements', 'masks'],
    written: ['with', 'on'],
    clauses: ['with', 'on', 'by', 'for'],
  },
  measure: {
    of: 'on a column',
    subject: ['measurements', 'table'],
    written: ['on'],
    clauses: ['with', 'on', 'by', 'for', 'level'],
  },
  measures: {
    of: 'of several sides on a column',
    subject: ['measurements', 'table'],
    written: ['on'],
    clauses: ['with', 'on', 'by', 'for', 'level', 'ci', 'seed'],
  },
  readers: {
    of: 'of several readers',
    subject: ['measurements', 'table'],
    unwritten: ['on', 'against', 'between', 'over'],
    // What is for two readings alone is refused in its own words, with the readings' names.
    clauses: ['with', 'by', 'for', 'pooling', 'weights', 'ci', 'seed', 'scale', 'matching'],
  },
  counts: {
    of: 'of a contingency table',
    subject: ['table'],
    unwritten: ['with', 'between', 'over'],
    clauses: ['for', 'weights', 'ci', 'seed', 'scale', 'level'],
    instead: {
      by: 'Every region that the table has is compared; leave it out.',
      pooling: 'A table of counts does not say which lobes are of one patient; leave it out.',
    },
  },
  categories: {
    of: 'of counts of readers by category',
    subject: ['table'],
    unwritten: ['with', 'between', 'over'],
    clauses: ['weights', 'ci', 'seed', 'level'],
  },
  published: {
    of: 'of a published table',
    subject: ['table'],
    unwritten: ['with', 'between', 'over'],
    clauses: ['for', 'weights', 'scale'],
    instead: { by: 'Every region that the table has is looked at; leave it out.' },
  },
  difference: {
    of: 'of two agreements',
    subject: ['agreement'],
    written: ['with'],
    clauses: ['with', 'for', 'ci', 'seed', 'level', 'margin'],
    instead: {
      weights: 'Give both agreements the weights where they are made.',
      scale: 'Give both agreements the scale where they are made.',
      by: 'Every region that both have is compared; leave it out.',
      pooling: 'Pool the lobes where the agreements are made.',
      matching: 'Match the labels where the agreements are made.',
    },
  },
} as const;

/** What they hold in a statement. */
export type AgreeArguments = Omit<ArgumentsOf<unknown, typeof CLAUSES>, 'subject'>;
