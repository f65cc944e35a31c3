/** The difference of two readings against their mean, with bias, limits of agreement and their intervals, and whether the difference grows with the mean. */

import type { FigureView } from '../../../protocol/view.ts';
import { formatP } from '../../../protocol/words/formatCell.ts';
import { type AgreementPairs, type ComparedRegion, pairedValues, timesOf } from '../../agreement/agreementTable.ts';
import { type BlandAltman, blandAltman, blandAltmanRatio } from '../../agreement/continuous/blandAltman.ts';
import { proportionalBias } from '../../agreement/continuous/proportionalBias.ts';
import { type Estimate, type Interval, valueIn } from '../../agreement/estimate.ts';
import { classLabel } from '../../base/labels.ts';
import type { AgreementValue } from '../../values/value.ts';
import { markerSize, numberText, type Panel, panelLayout, plotlyAxes, RESEARCH_ONLY, regionLabel } from './panels.ts';

const GREY = 'rgba(128, 128, 128, 0.9)';
const BAND = 'rgba(128, 128, 128, 0.18)';
/** Okabe and Ito's vermilion, which the colour-blind can tell from the points. */
const TREND = '#D55E00';

/** Differences in the readings' unit, or ratios on a logarithmic axis. */
export type DifferenceScale = 'difference' | 'ratio';

export function blandAltmanFigure(
  value: AgreementValue,
  panels: readonly Panel[],
  region: ComparedRegion,
  scale: DifferenceScale = 'difference',
): FigureView {
  const { left, right } = value.names;
  const isRatio = scale === 'ratio';
  const [analyse, between, operator] = isRatio
    ? [blandAltmanRatio, (a: number, b: number) => a / b, '/']
    : [blandAltman, (a: number, b: number) => a - b, '−'];
  const limits = panels.map(({ group }) => analyse(...pairedValues(group), undefined, timesOf(group)));
  const bias = (n: number) => numberText(valueIn(limits[n]!.bias.value));
  const range = (n: number) =>
    `${numberText(valueIn(limits[n]!.lower.limit))} to ${numberText(valueIn(limits[n]!.upper.limit))}`;
  const trends = panels.map(({ group }) => (isRatio ? undefined : trendOf(group)));
  const unit = value.isPercent.left ? ['%', '% points'] : ['score', 'scores'];
  const unusable = limits.flatMap(({ bias: { value: estimate } }, n) =>
    'undefinedBecause' in estimate ? [`${classLabel(panels[n]!.group.class)}: ${estimate.undefinedBecause}.`] : [],
  );
  return {
    type: 'figure',
    title: `${isRatio ? 'Ratio' : 'Difference'} of ${left} and ${right}, ${regionLabel(region)}`,
    description: `Bland–Altman plots of ${left} ${isRatio ? 'over' : 'minus'} ${right}, ${regionLabel(region)}: ${panels.map(({ group, row }, n) => `${group.class} bias ${bias(n)}, limits ${range(n)}, n ${row.n}${trends[n] ? `, ${trends[n].text}` : ''}`).join('; ')}.`,
    data: panels.flatMap(({ group }, n) => [
      {
        type: 'scatter',
        mode: 'markers',
        x: group.pairs.map((pair) => (pair.left + pair.right) / 2),
        // A ratio to 0 has no place on a logarithmic axis.
        y: group.pairs.map((pair) => {
          const y = between(pair.left, pair.right);
          return Number.isFinite(y) && (!isRatio || y > 0) ? y : null;
        }),
        ...plotlyAxes(n),
        customdata: group.pairs.map((pair) => [pair.patient, pair.left, pair.right]),
        hovertemplate: `<b>%{customdata[0]}</b><br>${left}: %{customdata[1]:.1f}<br>${right}: %{customdata[2]:.1f}<extra></extra>`,
        meta: { panel: n },
        marker: { size: markerSize(group, 7), opacity: 0.75 },
      },
      ...(trends[n] ? [{ ...trends[n].line, ...plotlyAxes(n) }] : []),
    ]),
    layout: {
      ...panelLayout(
        panels.map(({ group, row }, n) => ({
          x: { title: { text: `Mean of both (${unit[0]})` }, zeroline: false },
          y: {
            title: { text: `${left} ${operator} ${right}${isRatio ? '' : ` (${unit[1]})`}`, standoff: 10 },
            zeroline: !isRatio,
            ...rangeWithLimits(
              group.pairs.map((pair) => between(pair.left, pair.right)),
              limits[n]!,
              isRatio,
            ),
          },
          heading: `<b>${classLabel(group.class)}</b><br>bias ${bias(n)}, limits ${range(n)}, n ${row.n}${trends[n] ? `<br>${trends[n].text}` : ''}`,
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
      'Grey lines: bias and 95 % limits of agreement; bands: their exact 95 % confidence intervals (Carkeet 2015).',
      ...(isRatio ? [] : ['Dotted: does the difference grow with the mean? Slope with the p of its t test.']),
      ...unusable,
      RESEARCH_ONLY,
    ],
    provenance: {
      ...value.provenance,
      parameters: { ...value.provenance.parameters, limitsOfAgreement: isRatio ? 'ratios' : true },
    },
  };
}

/** An axis that holds the limits' intervals as well as the points: Plotly's own looks at the points alone. */
function rangeWithLimits(values: readonly number[], { lower, upper }: BlandAltman, isRatio: boolean): object {
  const type = isRatio ? { type: 'log' } : {};
  const [low, high] = [lower.exact.ciLow, upper.exact.ciHigh].map(valueIn);
  if (low === undefined || high === undefined) return type;
  const ends = [Math.min(low, ...values), Math.max(high, ...values)].map((end) => (isRatio ? Math.log10(end) : end));
  const room = 0.05 * (ends[1]! - ends[0]!);
  return { ...type, range: [ends[0]! - room, ends[1]! + room] };
}

/** The regression of the difference on the mean, where there is one. */
function trendOf(group: AgreementPairs) {
  const [left, right] = pairedValues(group);
  const { slope, intercept, p } = proportionalBias(left, right, undefined, timesOf(group));
  const [b, a, pValue] = [slope.value, intercept.value, p].map(valueIn);
  if (a === undefined || b === undefined || pValue === undefined) return undefined;
  const means = left.map((value, n) => (value + right[n]!) / 2);
  const ends = [Math.min(...means), Math.max(...means)];
  return {
    text: `slope ${numberText(b)}, p ${formatP(pValue)}`,
    line: {
      type: 'scatter',
      mode: 'lines',
      x: ends,
      y: ends.map((x) => a + b * x),
      line: { color: TREND, width: 1.6, dash: 'dot' },
      hoverinfo: 'skip',
    },
  };
}

function lineWithBand(value: Estimate, { ciLow, ciHigh }: Interval, n: number, dash: string): object[] {
  const [middle, low, high] = [value, ciLow, ciHigh].map(valueIn);
  if (middle === undefined) return [];
  const place = { xref: `${plotlyAxes(n).xaxis} domain`, yref: plotlyAxes(n).yaxis, x0: 0, x1: 1, layer: 'below' };
  const line = { type: 'line', ...place, y0: middle, y1: middle, line: { color: GREY, width: 1.4, dash } };
  return low === undefined || high === undefined
    ? [line]
    : [{ type: 'rect', ...place, y0: low, y1: high, fillcolor: BAND, line: { width: 0 } }, line];
}
