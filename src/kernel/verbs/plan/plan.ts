/** `plan`: how many patients a study of agreement needs, or what so many would give. */
import { from } from 'arquero';
import type { Provenance } from '../../../protocol/view.ts';
import { SOFTWARE } from '../../base/software.ts';
import { UserError } from '../../base/userError.ts';
import { oneOf } from '../../language/clauses/choice.ts';
import { list } from '../../language/clauses/list.ts';
import { number } from '../../language/clauses/number.ts';
import { placed } from '../../language/clauses/placed.ts';
import { sequence } from '../../language/clauses/sequence.ts';
import { optional } from '../../language/declaration.ts';
import { planFigure } from '../../views/figures/planFigure.ts';
import { declareVerb } from '../verb.ts';
import { answerOf, curveOf } from './answer.ts';
import { goalOf } from './goal.ts';
import { COEFFICIENTS, questionOf } from './question.ts';
import { planReading } from './readingShares.ts';

export const plan = declareVerb({
  name: 'plan',
  summary: 'Says how many patients a study of agreement needs.',
  documentation:
    'Behind the verb stand the coefficient and its expected value: `kappa 0.6`, `icc 0.8`, `spearman 0.7`, or `limits 12` with the standard deviation of the differences. `width` asks for the patients whose confidence interval is expected to be no wider than that (from its lower end to its upper one); `against` for those that tell the expected value from another one with the power asked for; `patients` the other way round, what so many would give. κ is planned by the goodness-of-fit approach of Donner and Eliasziw, for any number of readers and categories, and for two readers also by Flack’s largest standard error; an intraclass correlation by Bonett and by Walter, Eliasziw and Donner; limits of agreement by the exact interval of Jan and Shieh, which holds both limits; ρ by Fisher’s z with the variance of Bonett and Wright. The curve shows fewer and more patients too; named by `as`, it is a table. `plan reading 60` divides so many cases among readers instead, for `read … cases`.',
  examples: [
    'plan kappa 0.6 width 0.1 categories 5 readers 2',
    'plan kappa 0.7 against 0.4 shares 0.8, 0.2',
    'plan icc 0.8 against 0.6 readers 3 power 90 as design',
    'plan limits 12 width 54 assurance 90',
    'plan spearman 0.7 patients 107',
    'plan reading 60 readers 5 each 2 as shares',
  ],
  subject: {
    type: sequence(oneOf(...COEFFICIENTS, 'reading'), placed(number())),
    noun: 'a coefficient and its expected value, such as `kappa 0.6`',
    documentation:
      'The coefficient, and the value that is expected of it; of `limits` the standard deviation of the differences.',
  },
  clauses: {
    width: optional(placed(number({ minimum: 0 })), 'How wide the confidence interval may be, from end to end.'),
    against: optional(placed(number()), 'The value that the expected one is to be told from.'),
    power: optional(number({ units: ['%'], minimum: 50, maximum: 99.9 }), 'The power of the test in percent.', '80'),
    patients: optional(
      number({ integer: true, minimum: 3, maximum: 10_000_000 }),
      'A number of patients: gives the width, or with `against` the power.',
    ),
    categories: optional(
      number({ integer: true, minimum: 2, maximum: 20 }),
      'Of κ: the number of categories, all equally common.',
      '2',
    ),
    shares: optional(
      placed(list(number({ minimum: 0, maximum: 1 }))),
      'Of κ: how common each category is, adding up to 1; all equally common where it is left out.',
    ),
    readers: optional(
      number({ integer: true, minimum: 2, maximum: 100 }),
      'Of κ and ICC: how many readers read each patient; of `reading`: how many there are.',
      '2',
    ),
    each: optional(
      number({ integer: true, minimum: 1, maximum: 20 }),
      'Of `reading`: how many of the readers read each case.',
      '1',
    ),
    level: optional(number({ units: ['%'], minimum: 50, maximum: 99.9 }), 'The confidence in percent.', '95'),
    sides: optional(number({ integer: true, minimum: 1, maximum: 2 }), 'Whether the test has two sides or one.', '2'),
    assurance: optional(
      number({ units: ['%'], minimum: 50, maximum: 99.9 }),
      'Of `limits`: the probability in percent that the interval is no wider than `width`; without it, its expected width is.',
    ),
  },
  gives: ['table'],
  alwaysShown: true,
  async run({ subject: [coefficient, expected], each, ...asked }) {
    if (coefficient === 'reading') return planReading(expected, { ...asked, each });
    if (each !== undefined)
      throw new UserError('idle-clause', '`each` belongs to `plan reading`, which says who reads what. Leave it out.');
    const question = questionOf([coefficient, expected], asked);
    const answer = answerOf(question, goalOf(question, asked));
    const provenance: Provenance = { software: SOFTWARE, models: [], inputs: {}, parameters: answer.parameters };
    const table = from(curveOf(question, answer));
    const figure = () => planFigure(table, { ...answer, provenance });
    return {
      value: { kind: 'table', table, cutPoints: undefined, figures: { 'sample-size': figure }, provenance },
      view: figure,
    };
  },
});
