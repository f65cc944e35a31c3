/** Effects of all rows with their intervals, one below the other; ratios on a logarithmic axis. */
import type { FigureView } from '../../../../protocol/view.ts';
import { formatP } from '../../../../protocol/words/formatCell.ts';
import { EFFECTS, type Outcome } from '../../../agreement/association/relation.ts';
import { valueIn } from '../../../agreement/estimate.ts';
import { counted } from '../../../base/counted.ts';
import { UserError } from '../../../base/userError.ts';
import { type Interval, intervalTrace, ROW_PIXELS } from '../forest.ts';
import { RESEARCH_ONLY, withInterval } from '../panels.ts';
import { panelName, type RelatedPanel, type RelationDrawing } from './relatedPanel.ts';

const MARGIN_PIXELS = 170;
const GREY = 'rgba(128, 128, 128, 0.9)';

export function effectForest(panels: readonly RelatedPanel[], drawing: RelationDrawing): FigureView {
  const { name, column, confidence, per, provenance } = drawing;
  const kinds = [...new Set(panels.map(({ outcome }) => outcome.kind))];
  const isRatio = (kind: Outcome['kind']) => kind !== 'number';
  if (kinds.some(isRatio) && !kinds.every(isRatio))
    throw new UserError(
      'not-compared',
      'Slopes and ratios have no axis in common. Filter one outcome first, for example `filter r where outcome == "fvc" as r_fvc`.',
    );
  const onLog = kinds.some(isRatio);
  const what = [...new Set(kinds.map((kind) => EFFECTS[kind]))].join(', ');
  const step = per === 'sd' ? 'standard deviation' : column === 'percent' ? `${per} %` : `${per} of ${column}`;
  const intervals = panels.map(({ relation }): Interval => {
    const { value, interval } = relation.effect ?? {};
    const [at, low, high] = [value, interval?.ciLow, interval?.ciHigh].map((own) => own && valueIn(own));
    return [at, low, high];
  });
  const labels = panels.map((panel) => `${panelName(panel, panels) || panel.outcomeName} (n ${panel.patients.length})`);
  const outcomes = [...new Set(panels.map(({ outcomeName }) => outcomeName))].join(', ');
  return {
    type: 'figure',
    title: `${what.replace(/^[a-z]/, (letter) => letter.toUpperCase())} of ${outcomes} per ${step} of ${name}`,
    description: `Forest plot of ${counted(panels.length, 'effect')}: ${panels.map((_, n) => `${labels[n]} ${withInterval(...intervals[n]!)}`).join('; ')}.`,
    data: [intervalTrace(intervals, labels, what, 'x')],
    sizes: panels.map(({ patients }) => patients.length),
    layout: {
      xaxis: {
        title: { text: `${what} per ${step}` },
        zeroline: false,
        side: 'top',
        ...(onLog ? { type: 'log' } : {}),
      },
      yaxis: { autorange: 'reversed', ticks: '', showline: false, showgrid: false },
      shapes: [
        {
          type: 'line',
          x0: onLog ? 1 : 0,
          x1: onLog ? 1 : 0,
          yref: 'paper',
          y0: 0,
          y1: 1,
          line: { color: GREY, width: 1.4, dash: 'dot' },
        },
      ],
      annotations: panels.map(({ relation }, n) => {
        const p = relation.effect?.p && valueIn(relation.effect.p);
        return {
          text: p === undefined ? '' : `${withInterval(...intervals[n]!)}, p ${formatP(p)}`,
          xref: 'paper',
          x: 1.02,
          xanchor: 'left',
          y: labels[n],
          showarrow: false,
        };
      }),
      margin: { l: 64, r: 220, t: 84, b: 40 },
      showlegend: false,
      height: MARGIN_PIXELS + panels.length * ROW_PIXELS,
    },
    notes: [
      `Lines are ${Number((100 * confidence).toPrecision(6))} % confidence intervals; the dotted line is no effect. An effect that is undefined has no mark.`,
      RESEARCH_ONLY,
    ],
    provenance,
  };
}
