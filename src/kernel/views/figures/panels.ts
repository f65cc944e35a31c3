/** What figures share: panels side by side with their axes and headings, and how numbers are written in them. */
import { formatNumber } from '../../../protocol/words/formatCell.ts';
import {
  type AgreementPairs,
  type AgreementRow,
  pairedValues,
  tableOf,
  timesOf,
} from '../../agreement/agreementTable.ts';
import { cohenKappa } from '../../agreement/categories/kappa.ts';
import { spearman } from '../../agreement/correlation/spearman.ts';
import { undefinedReason } from '../../agreement/statisticRow.ts';
import { info } from '../../base/remarks.ts';
import { placeOf, sentencesOf } from '../../values/remarks.ts';
import type { AgreementValue } from '../../values/value.ts';

export const RESEARCH_ONLY = 'Research only: not for diagnosis.';

/** One class in one region of an agreement. */
export interface Panel {
  readonly group: AgreementPairs;
  readonly row: AgreementRow;
}

export interface PanelAxes {
  readonly x: object;
  readonly y: object;
  readonly heading: string;
}

export function numberText(value: number | undefined): string {
  return value === undefined ? 'none' : formatNumber(value, 2);
}

/** "0.61", or "0.61 [0.40; 0.76]" where there is an interval. */
export function withInterval(value: number | undefined, low: number | undefined, high: number | undefined): string {
  return low === undefined ? numberText(value) : `${numberText(value)} [${numberText(low)}; ${numberText(high)}]`;
}

/** Why coefficients of panels have no value, so that they are not drawn; each reason once, with all panels of which it is true. */
export function emptyNotes(
  panels: readonly Panel[],
  signs: readonly ('ρ' | 'κ')[],
  { weights }: Pick<AgreementValue, 'weights'>,
): string[] {
  const estimates = {
    ρ: ({ group }: Panel) => spearman(...pairedValues(group), undefined, timesOf(group)).coefficient,
    κ: ({ group }: Panel) => cohenKappa(tableOf(group), weights.weights).kappa,
  };
  const remarks = signs.flatMap((sign) =>
    panels.flatMap((panel) => {
      const { row } = panel;
      if ((sign === 'ρ' ? row.rho : row.kappa) !== undefined) return [];
      const reason = undefinedReason([estimates[sign](panel)]);
      return reason === undefined ? [] : [{ ...info('empty-cell', `no ${sign} where ${reason}`), place: placeOf(row) }];
    }),
  );
  return sentencesOf(remarks);
}

/** Of points, in pixels; one that stands for many cases has an area that grows with them. */
export function markerSize({ pairs }: AgreementPairs, usual: number): number | number[] {
  if (pairs.every(({ times }) => times === undefined)) return usual;
  const most = pairs.reduce((largest, { times = 1 }) => Math.max(largest, times), 1);
  return pairs.map(({ times = 1 }) => usual + 33 * Math.sqrt(times / most));
}

/** The names by which Plotly's traces find the axes of panel `n`. */
export function plotlyAxes(n: number): { readonly xaxis: string; readonly yaxis: string } {
  return n === 0 ? { xaxis: 'x', yaxis: 'y' } : { xaxis: `x${n + 1}`, yaxis: `y${n + 1}` };
}

/** Of a panel with its axis, at least: its heading and ticks need them. */
const PANEL_PIXELS = 240;

/** In how many columns so many panels stand. */
export function panelColumns(panels: number): number {
  return panels === 4 ? 2 : Math.min(3, panels);
}

/** Between rows of panels of a height of their own: ticks, title and heading. */
const ROW_GAP_PIXELS = 90;

/** The layout of a figure with an axis pair and a heading for each panel, in up to three columns; `panelPixels` is the height of each, where it has one of its own. */
export function panelLayout(panels: readonly PanelAxes[], panelPixels?: number): Record<string, unknown> {
  const columns = panelColumns(panels.length);
  const rows = Math.ceil(panels.length / columns);
  const within = panelPixels === undefined ? undefined : rows * panelPixels + (rows - 1) * ROW_GAP_PIXELS;
  const places = domains(panels.length, columns, { rows, gap: within === undefined ? 0.22 : ROW_GAP_PIXELS / within });
  const axes = panels.flatMap(({ x, y }, n) => {
    const place = places[n]!;
    const suffix = n === 0 ? '' : String(n + 1);
    return [
      [`xaxis${suffix}`, { ...x, domain: place.x, anchor: `y${suffix}` }],
      [`yaxis${suffix}`, { ...y, domain: place.y, anchor: `x${suffix}` }],
    ] as const;
  });
  const annotations = panels.map(({ heading }, n) => ({
    text: heading,
    x: (places[n]!.x[0] + places[n]!.x[1]) / 2,
    y: places[n]!.y[1],
    xref: 'paper',
    yref: 'paper',
    xanchor: 'center',
    yanchor: 'bottom',
    showarrow: false,
    yshift: 8,
  }));
  return {
    ...Object.fromEntries(axes),
    annotations,
    showlegend: false,
    height: within === undefined ? 130 + rows * (rows === 1 ? 300 : 270) : 140 + within,
    ...(panels.length === 1 ? { width: 480 } : {}),
    meta: { leastWidth: columns * PANEL_PIXELS },
  };
}

interface Place {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** Room that the panels share, as Plotly's domains. */
function domains(
  count: number,
  columns: number,
  { rows, gap: gapY }: { readonly rows: number; readonly gap: number },
): Place[] {
  const gapX = 0.1;
  const width = (1 - gapX * (columns - 1)) / columns;
  const height = (1 - gapY * (rows - 1)) / rows;
  return Array.from({ length: count }, (_, n) => {
    const column = n % columns;
    const top = 1 - Math.floor(n / columns) * (height + gapY);
    return { x: [column * (width + gapX), column * (width + gapX) + width], y: [Math.max(0, top - height), top] };
  });
}
