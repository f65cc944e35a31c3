/** Differences of two agreements with their intervals, beside the margin by which the first may be worse. */
import type { ColumnTable } from 'arquero';
import { REGIONS } from '../../../protocol/names.ts';
import type { FigureView, Provenance } from '../../../protocol/view.ts';
import { classLabel, regionInText } from '../../../protocol/words/displayNames.ts';
import { UserError } from '../../base/userError.ts';
import type { AskedFigure } from '../../values/value.ts';
import { type Interval, intervalTrace, ROW_PIXELS } from './forest.ts';
import { numberText, RESEARCH_ONLY, withInterval } from './panels.ts';

export interface MarginDrawing {
  readonly names: { readonly left: string; readonly right: string };
  readonly margin: number;
  readonly confidence: number;
  readonly provenance: Provenance;
}

interface DifferenceRow {
  readonly region: string;
  readonly class: string;
  readonly rho_difference?: number;
  readonly rho_ci_low?: number;
  readonly rho_ci_high?: number;
  readonly rho_verdict?: string;
  readonly kappa_difference?: number;
  readonly kappa_ci_low?: number;
  readonly kappa_ci_high?: number;
  readonly kappa_verdict?: string;
}

/** Okabe and Ito's vermilion: to the left of it the first is worse than the margin allows. */
const MARGIN = '#D55E00';
const MARGIN_PIXELS = 170;
/** Where a difference has no interval, of which the notes of its table say why. */
const NO_VERDICT = 'no interval';
/** Room for the verdicts to the right of each panel, as a share of the figure. */
const VERDICT = 0.12;

export function nonInferiorityFigure(
  table: ColumnTable,
  { classes, region }: AskedFigure,
  { names, margin, confidence, provenance }: MarginDrawing,
): FigureView {
  // SAFETY: some or all of the rows that `agree` made of the two agreements.
  const all = table.objects() as DifferenceRow[];
  const rows = all.filter((row) => (!classes || classes.includes(row.class)) && (!region || row.region === region));
  if (rows.length === 0)
    throw new UserError('not-compared', 'There is no comparison of these classes and regions to draw.');
  const labels = rows.map(
    (row) => `${classLabel(row.class)}, ${regionInText(REGIONS.find((own) => own === row.region) ?? 'lobes')}`,
  );
  const [kappas, rhos] = [
    rows.map((row): Interval => [row.kappa_difference, row.kappa_ci_low, row.kappa_ci_high]),
    rows.map((row): Interval => [row.rho_difference, row.rho_ci_low, row.rho_ci_high]),
  ];
  const level = Number((100 * confidence).toPrecision(6));
  const ends = [...kappas, ...rhos].flat().flatMap((end) => end ?? []);
  const range = [Math.min(-1.3 * margin, ...ends) - 0.05, Math.max(margin, ...ends) + 0.05];
  const share = 0.5 - VERDICT;
  const axis = { range, zeroline: true, side: 'top', nticks: 5 };
  return {
    type: 'figure',
    title: `Is ${names.left} as good as ${names.right}, within ${margin}?`,
    description: `Differences of ${names.left} and ${names.right} with the margin −${margin}: ${rows.map((row, n) => `${labels[n]}, κ ${withInterval(...kappas[n]!)} ${row.kappa_verdict ?? NO_VERDICT}, ρ ${withInterval(...rhos[n]!)} ${row.rho_verdict ?? NO_VERDICT}`).join('; ')}.`,
    data: [
      { ...intervalTrace(kappas, labels, 'Δκ', 'x'), text: rows.map((row) => row.kappa_verdict ?? '') },
      { ...intervalTrace(rhos, labels, 'Δρ', 'x2'), text: rows.map((row) => row.rho_verdict ?? '') },
    ],
    layout: {
      xaxis: { ...axis, title: { text: `κ of ${names.left} − κ of ${names.right}` }, domain: [0, share] },
      xaxis2: {
        ...axis,
        title: { text: `ρ of ${names.left} − ρ of ${names.right}` },
        domain: [0.5, 0.5 + share],
        anchor: 'y',
      },
      yaxis: { autorange: 'reversed', ticks: '', showline: false, showgrid: false },
      showlegend: false,
      height: MARGIN_PIXELS + rows.length * ROW_PIXELS,
      meta: { leastWidth: 720 },
      shapes: ['x', 'x2'].map((xref) => ({
        type: 'line',
        xref,
        yref: 'paper',
        x0: -margin,
        x1: -margin,
        y0: 0,
        y1: 1,
        line: { color: MARGIN, width: 1.6, dash: 'dash' },
      })),
      annotations: [share, 0.5 + share].flatMap((x, panel) =>
        rows.map((row, n) => ({
          xref: 'paper',
          yref: 'y',
          x: x + 0.01,
          y: labels[n],
          text: (panel === 0 ? row.kappa_verdict : row.rho_verdict) ?? NO_VERDICT,
          xanchor: 'left',
          yanchor: 'middle',
          showarrow: false,
          font: { size: 11 },
        })),
      ),
    },
    notes: [
      `Lines are ${level} % confidence intervals of the difference. Dashed: the margin, −${numberText(margin)}. An interval wholly to its right shows that ${names.left} is not worse than the margin allows; one that crosses it shows nothing.`,
      RESEARCH_ONLY,
    ],
    provenance,
  };
}
