/** Pictures of percentages, of measurements or of any table that has them. */
import type { FigureView } from '../../../protocol/view.ts';
import { UserError } from '../../base/userError.ts';
import type { Named } from '../../values/named.ts';
import { box } from '../../views/figures/box.ts';
import { percentRows } from '../../views/figures/percents.ts';
import { stacked } from '../../views/figures/stacked.ts';

export const PERCENT_KINDS = ['box', 'stacked'] as const;
type PercentKind = (typeof PERCENT_KINDS)[number];

const FIGURES = { box, stacked } as const satisfies Record<PercentKind, unknown>;

export function figureOfPercents(
  kind: string,
  { name, value }: Named<'measurements' | 'table'>,
  classes: readonly string[] | undefined,
): FigureView {
  const known = PERCENT_KINDS.find((own) => own === kind);
  if (!known)
    throw new UserError(
      'wrong-kind',
      `\`${kind}\` draws an agreement. Compare \`${name}\` with another reading by \`agree\` first, or write ${PERCENT_KINDS.join(', ')}.`,
    );
  return FIGURES[known](name, percentRows(value.table, name), classes, value.provenance);
}
