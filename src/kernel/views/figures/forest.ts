/** κ and ρ of every class and region with their confidence intervals, one below the other. */
import type { FigureView } from '../../../protocol/view.ts';
import { classLabel, regionInText } from '../../../protocol/words/displayNames.ts';
import type { AgreementRow } from '../../agreement/agreementTable.ts';
import { counted } from '../../base/counted.ts';
import type { AgreementValue } from '../../values/value.ts';
import { levelIn } from '../level.ts';
import { numberText, RESEARCH_ONLY, withInterval } from './panels.ts';

export const ROW_PIXELS = 22;
const MARGIN_PIXELS = 150;
const GAP = 0.04;
/** Below it the ticks of the two panels would run into each other beside the names. */
const LEAST_WIDTH = 640;

export function forest(value: AgreementValue, rows: readonly AgreementRow[]): FigureView {
  const { left, right } = value.names;
  const labels = rows.map((row) => `${classLabel(row.class)}, ${regionInText(row.region)}`);
  const weights = rows[0]?.weights;
  const lowest = Math.min(0, ...rows.flatMap((row) => [row.kappa_ci_low ?? 0, row.rho_ci_low ?? 0]));
  const axis = { range: [Math.max(-1, lowest - 0.05), 1.04], zeroline: true, side: 'top', nticks: 5 };
  const share = (1 - GAP) / 2;
  return {
    type: 'figure',
    title: `κ and ρ of ${left} with ${right}`,
    description: `Forest plot of ${counted(rows.length, 'comparison')} of ${left} with ${right}: ${rows.map((row, n) => `${labels[n]}, κ ${numberText(row.kappa)}, ρ ${numberText(row.rho)}`).join('; ')}.`,
    data: [
      intervalTrace(
        rows.map((row) => [row.kappa, row.kappa_ci_low, row.kappa_ci_high]),
        labels,
        'κ',
        'x',
      ),
      intervalTrace(
        rows.map((row) => [row.rho, row.rho_ci_low, row.rho_ci_high]),
        labels,
        'ρ',
        'x2',
      ),
    ],
    sizes: rows.map(({ n }) => n),
    layout: {
      xaxis: {
        ...axis,
        title: { text: `κ${weights && weights !== 'none' ? ` (${weights})` : ''}` },
        domain: [0, share],
      },
      xaxis2: { ...axis, title: { text: 'ρ' }, domain: [share + GAP, 1], anchor: 'y' },
      yaxis: { autorange: 'reversed', ticks: '', showline: false, showgrid: false },
      showlegend: false,
      height: MARGIN_PIXELS + rows.length * ROW_PIXELS,
      meta: { leastWidth: LEAST_WIDTH },
    },
    notes: [
      `Lines are ${levelIn(value.provenance)} confidence intervals. A coefficient without a value has no mark.`,
      RESEARCH_ONLY,
    ],
    provenance: value.provenance,
  };
}

/** A coefficient with its confidence interval; undefined ones have no mark. */
export type Interval = readonly [value: number | undefined, low: number | undefined, high: number | undefined];

export function intervalTrace(
  intervals: readonly Interval[],
  labels: readonly string[],
  symbol: string,
  xaxis: string,
) {
  // A corrected bootstrap interval need not hold its estimate.
  const distance = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? 0 : Math.max(0, a - b);
  return {
    type: 'scatter',
    mode: 'markers',
    x: intervals.map(([estimate]) => estimate ?? null),
    y: labels,
    xaxis,
    yaxis: 'y',
    error_x: {
      type: 'data',
      symmetric: false,
      array: intervals.map(([estimate, , high]) => distance(high, estimate)),
      arrayminus: intervals.map(([estimate, low]) => distance(estimate, low)),
      thickness: 1.4,
      width: 4,
    },
    marker: { size: 8, symbol: 'square' },
    customdata: intervals.map((interval) => withInterval(...interval)),
    hovertemplate: `%{y}<br>${symbol} %{customdata}<extra></extra>`,
  };
}
