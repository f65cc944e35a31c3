/** The clauses of `read`. */
import { TEXTURE_CLASSES } from '../../../protocol/names.ts';
import { oneOf } from '../../language/clauses/choice.ts';
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
import { QUESTIONS } from './questions.ts';

export const CLAUSES = {
  by: withDefault(
    oneOf('region', 'zone', 'level', 'total'),
    'total',
    'Where each class is scored: `region` in the whole lungs and each lobe, `zone` in twelve zones, `level` at the five levels of visual scores of fibrosis, `total` in the whole lungs alone.',
  ),
  for: withDefault(
    CLASSES,
    [...TEXTURE_CLASSES],
    'The classes that are scored; words of your own are taken, too.',
    'all classes',
  ),
  scale: withDefault(
    placed(either(range(), oneOf('percent', 'yes-no'), list(text('value')))),
    unwritten({ low: 0, high: 4 }),
    'How each class is scored: from the lowest number to the highest (`scale 0..4`), in `percent`, `yes-no`, or by a list of words (`scale "none", "mild", "severe"`).',
    '0..4',
  ),
  at: optional(
    placed(list(number({ units: ['%'], minimum: 0, maximum: 100 }))),
    'What the numbers of the scale stand for: the percentages at which the next one begins, as in `score`. They are shown to the reader. The scale 0..4 has 1, 25, 50, 75.',
  ),
  ask: optional(
    placed(QUESTIONS),
    'What is asked once of each case: `confidence` and `quality` (of the images) from 1 to 5, a free `comment`; and questions of your own with their answers, `ild yes-no`, `extent percent`, `severity 1..5`, or `pattern "UIP" "NSIP" "OP"`.',
  ),
  repeats: withDefault(
    placed(number({ integer: true, minimum: 0 })),
    unwritten(0),
    'So many cases are shown a second time, half of the study later at least, and the reader is not told.',
  ),
  seed: withDefault(
    number({ integer: true, minimum: 0 }),
    1,
    'The order of the cases, and which ones are repeated, follow from it, from the reader’s name and from the session’s number.',
  ),
  cases: optional(
    placed(either(range(), name('table'))),
    'Which patients are read: `1..40` by their places in the cohort, or a table that `plan reading` made, by the reader’s name in its column `reader`.',
    'all',
  ),
  calibrate: optional(
    placed(list(text('patient'))),
    'Patients who are shown first, each with the right answer once it was scored. They are not in the table.',
  ),
  answers: optional(placed(name('table', 'measurements')), 'The table that holds the right answers of `calibrate`.'),
  session: withDefault(
    sequence(
      placed(number({ integer: true, minimum: 1, maximum: 99 })),
      maybe(sequence(oneOf('after'), number({ integer: true, minimum: 0, units: ['days', 'day'] }))),
    ),
    [unwritten(1), undefined],
    'A further session with the same cases in another order: `session 2 after 14 days` does not begin before so many days have passed since the last case of the one before.',
    '1',
  ),
  with: optional(placed(name('measurements')), 'Measurements that are shown from the start.'),
  // biome-ignore lint/suspicious/noThenProperty: it is the clause's word; its value is no function, so nothing awaits it
  then: optional(
    placed(name('measurements')),
    'Measurements that are shown once a case was answered without them; it is answered again, and both answers are kept.',
  ),
  consensus: optional(
    placed(list(name('table'))),
    'Readers who are brought together: shown are the cases and the fields in which they differ, with what each of them said.',
  ),
  beyond: optional(
    placed(number({ minimum: 0 })),
    'Of `consensus`: by how many steps of the scale, or points of per cent, readings may differ and still not be shown.',
    '1',
  ),
  readers: optional(
    oneOf('hidden', 'named'),
    'Of `consensus`: whether it is said who of the readers said what.',
    'hidden',
  ),
  manual: optional(placed(text('file')), 'A Markdown file that can be read beside the cases.'),
  pictures: optional(
    placed(text('file')),
    'A folder with a reference picture of each class, named after it: `ggo.png`, `honeycombing.jpg`.',
  ),
  to: optional(placed(text('file')), 'Where the scores are kept, within the notebook’s folder.', '"NAME.scores.json"'),
};

/** What a session is of, and which clauses do something there. */
export const FORMS = {
  cases: {
    of: 'of a cohort’s cases',
    unwritten: ['consensus'],
    clauses: [
      'by',
      'for',
      'scale',
      'at',
      'ask',
      'repeats',
      'seed',
      'cases',
      'calibrate',
      'answers',
      'session',
      'with',
      'then',
      'manual',
      'pictures',
      'to',
    ],
  },
  consensus: {
    of: 'for a consensus',
    written: ['consensus'],
    clauses: [
      'consensus',
      'beyond',
      'readers',
      'by',
      'for',
      'scale',
      'at',
      'seed',
      'cases',
      'with',
      'manual',
      'pictures',
      'to',
    ],
    instead: {
      repeats: 'Each disagreement is settled once; leave it out.',
      ask: 'What is asked of each case as a whole is scored like a class: name it behind `for`.',
      session: 'Give a second consensus another name.',
    },
  },
} as const;

/** What they hold in a statement. */
export type ReadArguments = Omit<ArgumentsOf<unknown, typeof CLAUSES>, 'subject'>;
