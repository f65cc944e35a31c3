/** Numbers of groups as boxes with every patient beside them, a panel for each that is compared. */
import { formatP } from '../../../protocol/words/formatCell.ts';
import { valueIn } from '../../agreement/estimate.ts';
import type { NamedStatistic } from '../../agreement/statisticRow.ts';
import { panelLayout, plotlyAxes } from './panels.ts';
import { colourOf } from './relations/colours.ts';

export interface BoxPanel {
  /** What the panel is of; empty where there is one. */
  readonly heading: string;
  /** Under and beside the axes. */
  readonly across: string;
  readonly upwards: string;
  /** In percent, which cannot be below 0. */
  readonly fromZero: boolean;
  readonly groups: readonly {
    readonly name: string;
    readonly values: readonly number[];
    readonly patients: readonly string[];
    /** Their places among the linked patients of the panel, where there are any. */
    readonly rows?: readonly number[];
  }[];
  /** Between the groups. */
  readonly test: NamedStatistic;
}

export const BOX_NOTE =
  'Boxes are quartiles with the median; whiskers reach to the last value within 1.5 interquartile ranges.';

/** "Mann–Whitney, rank-biserial r 0.31, p 0.020". */
/** How many patients each panel is of. */
export function sizesOf(panels: readonly BoxPanel[]): number[] {
  return panels.map(({ groups }) => groups.reduce((sum, { values }) => sum + values.length, 0));
}

export function testText({ name, value, p }: NamedStatistic): string {
  const [size, probability] = [valueIn(value), p && valueIn(p)];
  return `${name}${size === undefined ? '' : ` ${size.toFixed(2)}`}${probability === undefined ? '' : `, p ${formatP(probability)}`}`;
}

export function boxTraces(panels: readonly BoxPanel[]): Record<string, unknown>[] {
  return panels.flatMap(({ groups }, n) =>
    groups.map(({ name, values, patients, rows }, g) => ({
      type: 'box',
      name: `${name}<br>n ${values.length}`,
      y: values,
      text: patients,
      boxpoints: 'all',
      jitter: 0.5,
      pointpos: -1.6,
      marker: { size: 4, opacity: 0.6, color: colourOf(g) },
      line: { color: colourOf(g), width: 1.6 },
      ...plotlyAxes(n),
      ...(rows ? { meta: { panel: n, rows } } : {}),
      hovertemplate: '<b>%{text}</b><br>%{y:.4g}<extra></extra>',
    })),
  );
}

export function boxLayout(panels: readonly BoxPanel[]): Record<string, unknown> {
  return panelLayout(
    panels.map(({ heading, across, upwards, fromZero, test }) => ({
      x: { type: 'category', title: { text: across } },
      y: { title: { text: upwards }, zeroline: false, ...(fromZero ? { rangemode: 'tozero' } : {}) },
      heading: `${heading ? `<b>${heading}</b><br>` : ''}${testText(test)}`,
    })),
  );
}
