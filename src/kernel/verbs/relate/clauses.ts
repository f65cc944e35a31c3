/** The clauses of `relate`. */
import { oneOf } from '../../language/clauses/choice.ts';
import { column } from '../../language/clauses/column.ts';
import { either } from '../../language/clauses/either.ts';
import { list } from '../../language/clauses/list.ts';
import { number } from '../../language/clauses/number.ts';
import { type ArgumentsOf, optional, required, withDefault } from '../../language/declaration.ts';
import { CLASSES } from '../names.ts';
import { PLACE } from '../places.ts';

export const CLAUSES = {
  with: required(
    list(column()),
    'What it is related to: one or more columns with a value per patient, such as lung function, a yes/no, or groups; with `event`, the time of follow-up.',
  ),
  event: optional(
    column(),
    'Whether the follow-up of `with` ended with the event (1 or yes) or without it (0 or no): survival analysis.',
  ),
  for: optional(CLASSES, 'The classes to relate, where the table has classes.', 'all classes'),
  by: optional(
    either(PLACE, column()),
    '`by region` relates each lobe beside the whole lungs, and zones and levels where the table has them; `by zone` and `by level` these alone; a column of groups, such as `antibody`, relates within each group, and says whether the effect differs between them.',
  ),
  adjusting: optional(list(column()), 'Columns that the regression takes into account, such as age and sex.'),
  per: withDefault(
    either(number({ units: ['%'], minimum: 1e-6 }), oneOf('sd')),
    1,
    'The step that effects are of: so many units (of a percentage, percent), or `sd` for a standard deviation of these patients.',
  ),
  level: withDefault(
    number({ units: ['%'], minimum: 50, maximum: 99.9 }),
    95,
    'The confidence of the intervals in percent.',
  ),
};

export type RelateArguments = Omit<ArgumentsOf<unknown, typeof CLAUSES>, 'subject'>;
