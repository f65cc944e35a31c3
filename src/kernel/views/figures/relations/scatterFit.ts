/** A point per patient, the outcome upwards, with the line of least squares and a band for its mean. */
import type { FigureView } from '../../../../protocol/view.ts';
import { formatP } from '../../../../protocol/words/formatCell.ts';
import { lineBand } from '../../../agreement/association/lineBand.ts';
import { valueIn } from '../../../agreement/estimate.ts';
import { panelLayout, plotlyAxes, RESEARCH_ONLY, withInterval } from '../panels.ts';
import { colourOf, faint } from './colours.ts';
import { axisTitle, linkedPanels, panelName, type RelatedPanel, type RelationDrawing } from './relatedPanel.ts';

/** Places across at which the band is computed. */
const STEPS = 24;

export function scatterFit(panels: readonly RelatedPanel[], drawing: RelationDrawing): FigureView {
  const { name, column, confidence, provenance } = drawing;
  const outcomes = [...new Set(panels.map(({ outcomeName }) => outcomeName))].join(', ');
  return {
    type: 'figure',
    title: `${column} of ${name} and ${outcomes}`,
    description: `Scatter plots of ${outcomes} over ${column}: ${panels.map((panel) => `${panelName(panel, panels)} ${rhoText(panel)}, n ${panel.patients.length}`).join('; ')}.`,
    data: panels.flatMap((panel, n) => [...fittedLine(panel, n, confidence), points(panel, n)]),
    layout: panelLayout(
      panels.map((panel) => ({
        x: { title: { text: axisTitle(drawing, panel) }, zeroline: false },
        y: { title: { text: panel.outcomeName }, zeroline: false },
        heading: `${panelName(panel, panels) ? `<b>${panelName(panel, panels)}</b><br>` : ''}${rhoText(panel)}, n ${panel.patients.length}`,
      })),
    ),
    notes: [
      `Line of least squares, unadjusted, with the ${Number((100 * confidence).toPrecision(6))} % band of its mean (HC3).`,
      RESEARCH_ONLY,
    ],
    patients: linkedPanels(panels, drawing),
    provenance,
  };
}

function rhoText({ relation: { rank } }: RelatedPanel): string {
  const [value, low, high] = [rank.value, rank.interval?.ciLow, rank.interval?.ciHigh].map(
    (own) => own && valueIn(own),
  );
  const p = rank.p && valueIn(rank.p);
  return `ρ ${withInterval(value, low, high)}${p === undefined ? '' : `, p ${formatP(p)}`}`;
}

function points({ patients, x, outcome, outcomeName }: RelatedPanel, n: number) {
  return {
    type: 'scatter',
    mode: 'markers',
    x,
    y: outcome.values,
    ...plotlyAxes(n),
    customdata: patients,
    meta: { panel: n },
    hovertemplate: `<b>%{customdata}</b><br>%{x:.4g}<br>${outcomeName}: %{y:.4g}<extra></extra>`,
    marker: { size: x.length > 60 ? 6 : 9, opacity: 0.75 },
    cliponaxis: false,
  };
}

/** The line and its band; none where there is no line. */
function fittedLine({ x, outcome }: RelatedPanel, n: number, confidence: number): Record<string, unknown>[] {
  if (outcome.kind !== 'number') return [];
  const [low, high] = [Math.min(...x), Math.max(...x)];
  const places = Array.from({ length: STEPS + 1 }, (_, step) => low + ((high - low) * step) / STEPS);
  const band = lineBand(x, outcome.values, places, confidence);
  if (band.length === 0) return [];
  const line = { type: 'scatter', mode: 'lines', ...plotlyAxes(n), hoverinfo: 'skip', showlegend: false };
  const colour = colourOf(1);
  return [
    {
      ...line,
      x: [...places, ...places.toReversed()],
      y: [...band.map(({ low: bottom }) => bottom), ...band.toReversed().map(({ high: top }) => top)],
      fill: 'toself',
      fillcolor: faint(colour),
      line: { width: 0 },
    },
    { ...line, x: places, y: band.map(({ value }) => value), line: { color: colour, width: 2 } },
  ];
}
