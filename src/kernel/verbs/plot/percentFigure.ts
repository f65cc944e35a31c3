/** Pictures of percentages, of measurements or of any table that has them. */
import type { FigureView } from '../../../protocol/view.ts';
import { UserError } from '../../base/userError.ts';
import { measuredClasses, ownClassesIn } from '../../values/measuredClasses.ts';
import type { Named } from '../../values/named.ts';
import type { MeasurementsValue, TableValue } from '../../values/value.ts';
import { box } from '../../views/figures/box.ts';
import { percentRows } from '../../views/figures/percents.ts';
import { stacked } from '../../views/figures/stacked.ts';
import { type PlaceKind, regionsBy } from '../places.ts';

export const PERCENT_KINDS = ['box', 'stacked'] as const;
type PercentKind = (typeof PERCENT_KINDS)[number];

const FIGURES = { box, stacked } as const satisfies Record<PercentKind, unknown>;

export function figureOfPercents(
  kind: string,
  { name, value }: Named<'measurements' | 'table'>,
  { classes, by }: { readonly classes: readonly string[] | undefined; readonly by?: PlaceKind | undefined },
): FigureView {
  const known = PERCENT_KINDS.find((own) => own === kind);
  if (!known)
    throw new UserError(
      'wrong-kind',
      `\`${kind}\` draws an agreement. Compare \`${name}\` with another reading by \`agree\` first, or write ${PERCENT_KINDS.join(', ')}.`,
    );
  const all = measuredClasses(value).filter((of) => known !== 'stacked' || of !== 'normal');
  const rows = percentRows(value.table, name);
  const regions = by && regionsBy(by, [name], (region) => rows.some((row) => row.region === region));
  const drawn = regions ? rows.filter(({ region }) => regions.includes(region)) : rows;
  const figure = FIGURES[known](name, drawn, classes ?? all, value.provenance);
  return inOwnColours(figure, value);
}

/** Traces of a model's own classes take the colours that its manifest gives them. */
export function inOwnColours(figure: FigureView, value: MeasurementsValue | TableValue): FigureView {
  const own = new Map(ownClassesIn(value).map((one) => [one.name, one.colour]));
  if (own.size === 0) return figure;
  const data = figure.data.map((trace) => {
    const { meta } = trace;
    const name = typeof meta === 'object' && meta !== null && 'class' in meta ? String(meta.class) : '';
    const colour = own.get(name);
    return colour === undefined ? trace : { ...trace, meta: { class: name, colour } };
  });
  return { ...figure, data };
}
