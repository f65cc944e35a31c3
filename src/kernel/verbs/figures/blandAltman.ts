/** The difference of two readings against their mean, with bias, limits of agreement and their intervals. */
import type { FigureView } from '../../../protocol/view.ts';
import { type ComparedRegion, valuesOf } from '../../agreement/agreementTable.ts';
import { blandAltman } from '../../agreement/continuous/blandAltman.ts';
import { type Estimate, type Interval, valueIn } from '../../agreement/estimate.ts';
import { classLabel } from '../../base/labels.ts';
import type { AgreementValue } from '../value.ts';
import { axesOf, number, type Panel, panelLayout, RESEARCH_ONLY, regionLabel } from './panels.ts';

const GREY = 'rgba(128, 128, 128, 0.9)';
const BAND = 'rgba(128, 128, 128, 0.18)';

export function blandAltmanFigure(value: AgreementValue, panels: readonly Panel[], region: ComparedRegion): FigureView {
  const { left, right } = value.names;
  const limits = panels.map(({ group }) => blandAltman(...valuesOf(group)));
  const bias = (n: number) => number(valueIn(limits[n]!.bias.value));
  const range = (n: number) =>
    `${number(valueIn(limits[n]!.lower.limit))} to ${number(valueIn(limits[n]!.upper.limit))}`;
  return {
    type: 'figure',
    title: `Difference of ${left} and ${right}, ${regionLabel(region)}`,
    description: `Bland–Altman plots of ${left} minus ${right}, ${regionLabel(region)}: ${panels.map(({ group, row }, n) => `${group.class} bias ${bias(n)}, limits ${range(n)}, n ${row.n}`).join('; ')}.`,
    data: panels.map(({ group }, n) => ({
      type: 'scatter',
      mode: 'markers',
      x: group.pairs.map((pair) => (pair.left + pair.right) / 2),
      y: group.pairs.map((pair) => pair.left - pair.right),
      ...axesOf(n),
      customdata: group.pairs.map((pair) => [pair.patient, pair.left, pair.right]),
      hovertemplate: `<b>%{customdata[0]}</b><br>${left}: %{customdata[1]:.1f}<br>${right}: %{customdata[2]:.1f}<extra></extra>`,
      meta: { panel: n },
      marker: { size: 7, opacity: 0.75 },
    })),
    layout: {
      ...panelLayout(
        panels.map(({ group, row }, n) => ({
          x: { title: { text: 'Mean of both (%)' }, zeroline: false },
          y: { title: { text: `${left} − ${right} (points)` }, zeroline: true },
          heading: `<b>${classLabel(group.class)}</b><br>bias ${bias(n)}, limits ${range(n)}, n ${row.n}`,
        })),
      ),
      dragmode: 'lasso',
      shapes: limits.flatMap(({ bias: middle, lower, upper }, n) => [
        ...lineWithBand(middle.value, middle, n, 'solid'),
        ...lineWithBand(lower.limit, lower.exact, n, 'dash'),
        ...lineWithBand(upper.limit, upper.exact, n, 'dash'),
      ]),
    },
    notes: [
      'Lines: bias and 95 % limits of agreement; bands: their exact 95 % confidence intervals (Carkeet 2015).',
      RESEARCH_ONLY,
    ],
    provenance: { ...value.provenance, parameters: { ...value.provenance.parameters, limitsOfAgreement: true } },
  };
}

function lineWithBand(value: Estimate, { ciLow, ciHigh }: Interval, n: number, dash: string): object[] {
  const [middle, low, high] = [value, ciLow, ciHigh].map(valueIn);
  if (middle === undefined) return [];
  const place = { xref: `${axesOf(n).xaxis} domain`, yref: axesOf(n).yaxis, x0: 0, x1: 1, layer: 'below' };
  const line = { type: 'line', ...place, y0: middle, y1: middle, line: { color: GREY, width: 1.4, dash } };
  return low === undefined || high === undefined
    ? [line]
    : [{ type: 'rect', ...place, y0: low, y1: high, fillcolor: BAND, line: { width: 0 } }, line];
}
