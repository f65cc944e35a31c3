/** Pictures that only certain tables have, such as a comparison of a column or a plan. */
import type { FigureView } from '../../../protocol/view.ts';
import { UserError } from '../../base/userError.ts';
import type { Named } from '../../values/named.ts';
import type { AskedFigure } from '../../values/value.ts';

/** Those that neither agreements nor percentages have. */
export const TABLE_KINDS = [
  'non-inferiority',
  'sample-size',
  'kaplan-meier',
  'profile',
  'waterfall',
  'spaghetti',
  'transitions',
  'readers',
  'drift',
] as const;

/** `value` has pictures of its own. */
export function figureOfTable(kind: string, { name, value }: Named<'table'>, asked: AskedFigure): FigureView {
  const figures = value.figures ?? {};
  const draw = Object.hasOwn(figures, kind) ? figures[kind] : undefined;
  if (draw) return draw(value.table, asked);
  throw new UserError(
    'wrong-kind',
    `\`${name}\` cannot be drawn as \`${kind}\`. Write ${Object.keys(figures).join(', ')}.`,
  );
}
