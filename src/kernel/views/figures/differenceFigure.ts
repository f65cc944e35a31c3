/** The difference of two readings against their mean, with bias, limits of agreement and their intervals, and whether the difference grows with the mean. */
import type { FigureView, Provenance } from '../../../protocol/view.ts';
import { classInText, classLabel } from '../../../protocol/words/displayNames.ts';
import { formatP } from '../../../protocol/words/formatCell.ts';
import { proportionalBias } from '../../agreement/continuous/proportionalBias.ts';
import { regressionLimits } from '../../agreement/continuous/regressionLimits.ts';
import { type Estimate, type Interval, valueIn } from '../../agreement/estimate.ts';
import { undefinedReason } from '../../agreement/statisticRow.ts';
import type { Times } from '../../agreement/times.ts';
import type { DifferenceScale } from '../../values/value.ts';
import { numberText, panelLayout, plotlyAxes, RESEARCH_ONLY } from './panels.ts';

const GREY = 'rgba(128, 128, 128, 0.9)';
const BAND = 'rgba(128, 128, 128, 0.18)';
/** Okabe and Ito's vermilion, which the colour-blind can tell from the points. */
const TREND = '#D55E00';

interface Line extends Interval {
  readonly value: Estimate;
}

/** Bias and limits of agreement with their intervals. */
export interface DrawnLimits {
  readonly bias: Line;
  readonly lower: Line;
  readonly upper: Line;
}

export interface DifferencePanel {
  readonly class: string;
  readonly n: number;
  /** `times` says of how many equal cases a point stands. */
  readonly points: readonly {
    readonly patient: string;
    readonly left: number;
    readonly right: number;
    readonly times?: number;
  }[];
  /** In pixels; 7 unless said. */
  readonly markerSize?: number | number[];
  readonly limits: DrawnLimits;
}

export interface DifferenceDrawing {
  readonly names: { readonly left: string; readonly right: string };
  /** Of the mean, and of the difference; empty where it is not known. */
  readonly unit: readonly [mean: string, difference: string];
  /** Where, in words; empty where there are no regions. */
  readonly place: string;
  readonly scale: DifferenceScale;
  readonly panels: readonly DifferencePanel[];
  /** Sentences about lines and bands. */
  readonly notes: readonly string[];
  readonly provenance: Provenance;
}

/** What one panel shows beside its points. */
interface PanelLines {
  readonly heading: string;
  readonly traces: readonly object[];
  readonly shapes: readonly object[];
  /** Ends of the difference's axis, where the limits reach beyond the points. */
  readonly reach: readonly number[];
  /** What is not drawn, and why. */
  readonly missing: readonly string[];
}

export function differenceFigure({
  names,
  unit,
  place,
  scale,
  panels,
  notes,
  provenance,
}: DifferenceDrawing): FigureView {
  const { left, right } = names;
  const isRatio = scale === 'ratio';
  const between = isRatio ? (a: number, b: number) => a / b : (a: number, b: number) => a - b;
  const lines = panels.map((panel, n) =>
    scale === 'trend' ? followingLines(panel) : constantLines(panel, n, isRatio),
  );
  const where = place && `, ${place}`;
  const inUnit = (of: string) => (of ? ` (${of})` : '');
  return {
    type: 'figure',
    title: `${isRatio ? 'Ratio' : 'Difference'} of ${left} and ${right}${where}`,
    description: `Bland–Altman plots of ${left} ${isRatio ? 'over' : 'minus'} ${right}${where}: ${panels.map((panel, n) => `${panel.class ? `${classInText(panel.class)} ` : ''}${lines[n]!.heading.replaceAll('<br>', ', ')}`).join('; ')}.`,
    data: panels.flatMap(({ points, markerSize = 7 }, n) => [
      {
        type: 'scatter',
        mode: 'markers',
        x: points.map((point) => (point.left + point.right) / 2),
        // A ratio to 0 has no place on a logarithmic axis.
        y: points.map((point) => {
          const y = between(point.left, point.right);
          return Number.isFinite(y) && (!isRatio || y > 0) ? y : null;
        }),
        ...plotlyAxes(n),
        customdata: points.map((point) => [point.patient, point.left, point.right]),
        hovertemplate: `<b>%{customdata[0]}</b><br>${left}: %{customdata[1]:.1f}<br>${right}: %{customdata[2]:.1f}<extra></extra>`,
        meta: { panel: n },
        marker: { size: markerSize, opacity: 0.75 },
      },
      ...lines[n]!.traces.map((trace) => ({ ...trace, ...plotlyAxes(n) })),
    ]),
    layout: {
      ...panelLayout(
        panels.map((panel, n) => ({
          x: { title: { text: `Mean of both${inUnit(unit[0])}` }, zeroline: false },
          y: {
            title: {
              text: `${left} ${isRatio ? '/' : '−'} ${right}${isRatio ? '' : inUnit(unit[1])}`,
              standoff: 10,
            },
            zeroline: !isRatio,
            ...rangeWith(
              panel.points.map((point) => between(point.left, point.right)),
              lines[n]!.reach,
              isRatio,
            ),
          },
          heading: `${panel.class ? `<b>${classLabel(panel.class)}</b><br>` : ''}${lines[n]!.heading}`,
        })),
      ),
      dragmode: 'lasso',
      shapes: lines.flatMap(({ shapes }) => shapes),
    },
    notes: [...notes, ...panels.flatMap((panel, n) => missingIn(panel, lines[n]!)), RESEARCH_ONLY],
    provenance,
  };
}

/** "Emphysema: no limits, since limits of agreement and intervals need at least 2 pairs." */
function missingIn({ class: name }: DifferencePanel, { missing }: PanelLines): string[] {
  if (missing.length === 0) return [];
  const said = missing.join('; ');
  return [name ? `${classLabel(name)}: ${said}.` : `${said.charAt(0).toUpperCase()}${said.slice(1)}.`];
}

function without(what: string, estimate: Estimate): string[] {
  const reason = undefinedReason([estimate]);
  return reason === undefined ? [] : [`${what}, since ${reason}`];
}

/** The same limits at every mean, and the trend. */
function constantLines({ points, limits, n: patients }: DifferencePanel, n: number, isRatio: boolean): PanelLines {
  const { bias, lower, upper } = limits;
  const trend = isRatio ? undefined : trendOf(points);
  const reach = [valueIn(lower.ciLow) ?? valueIn(lower.value), valueIn(upper.ciHigh) ?? valueIn(upper.value)];
  return {
    heading: `${limitsText(limits)}, n ${patients}${trend?.text === undefined ? '' : `<br>${trend.text}`}`,
    traces: trend?.line ? [trend.line] : [],
    shapes: [
      ...lineWithBand(bias.value, bias, n, 'solid'),
      ...lineWithBand(lower.value, lower, n, 'dash'),
      ...lineWithBand(upper.value, upper, n, 'dash'),
    ],
    reach: reach.some((end) => end === undefined) ? [] : reach.map(Number),
    missing:
      valueIn(lower.value) === undefined
        ? without('no limits', lower.value)
        : [...without('no confidence bands', lower.ciLow), ...(trend?.missing ?? [])],
  };
}

function limitsText({ bias, lower, upper }: DrawnLimits): string {
  const [middle, low, high] = [bias, lower, upper].map(({ value }) => valueIn(value));
  if (middle === undefined) return 'no limits';
  const limits = low === undefined ? 'no limits' : `limits ${numberText(low)} to ${numberText(high)}`;
  return `bias ${numberText(middle)}, ${limits}`;
}

/** Bias and limits as straight lines over the means. */
function followingLines({ points, n: patients }: DifferencePanel): PanelLines {
  const { bias, scatter, means, limitAt } = regressionLimits(
    points.map(({ left }) => left),
    points.map(({ right }) => right),
    undefined,
    timesOfPoints(points),
  );
  const [intercept, slope] = [bias.intercept.value, bias.slope.value].map(valueIn);
  if (!means || intercept === undefined || slope === undefined)
    return {
      heading: `n ${patients}, no regression`,
      traces: [],
      shapes: [],
      reach: [],
      missing: without('no regression', bias.slope.value),
    };
  const ends = [means[0], means[2]];
  const line = (y: (number | undefined)[], dash: string) => ({
    type: 'scatter',
    mode: 'lines',
    x: ends,
    y: y.map((value) => value ?? null),
    line: { color: dash === 'solid' ? TREND : GREY, width: 1.6, dash },
    hoverinfo: 'skip',
  });
  const limits = (['lower', 'upper'] as const).map((end) => ends.map((mean) => valueIn(limitAt(end, mean))));
  const p = [bias.p, scatter.p].map((own) => pText(own));
  return {
    heading: `bias ${numberText(intercept)} ${slope < 0 ? '−' : '+'} ${numberText(Math.abs(slope))} × mean (${p[0]}), n ${patients}<br>scatter with the mean: slope ${numberText(valueIn(scatter.slope.value))} (${p[1]})`,
    traces: [
      line(
        ends.map((mean) => intercept + slope * mean),
        'solid',
      ),
      ...limits.map((y) => line(y, 'dash')),
    ],
    shapes: [],
    reach: limits.flat().flatMap((end) => end ?? []),
    missing: [...without('no limits', limitAt('lower', means[0])), ...without('no p of the bias', bias.p)],
  };
}

function pText(p: Estimate): string {
  const value = valueIn(p);
  return value === undefined ? 'no p' : `p ${formatP(value)}`;
}

/** An axis that holds the limits' intervals as well as the points: Plotly's own looks at the points alone. */
function rangeWith(values: readonly number[], reach: readonly number[], isRatio: boolean): object {
  const type = isRatio ? { type: 'log' } : {};
  if (reach.length === 0) return type;
  const ends = [Math.min(...reach, ...values), Math.max(...reach, ...values)].map((end) =>
    isRatio ? Math.log10(end) : end,
  );
  const room = 0.05 * (ends[1]! - ends[0]!);
  return { ...type, range: [ends[0]! - room, ends[1]! + room] };
}

function timesOfPoints(points: DifferencePanel['points']): Times {
  return points.some(({ times }) => times !== undefined) ? points.map(({ times = 1 }) => times) : undefined;
}

/** The regression of the difference on the mean, or why there is none. */
function trendOf(points: DifferencePanel['points']) {
  const [left, right] = [points.map((point) => point.left), points.map((point) => point.right)];
  const { slope, intercept, p } = proportionalBias(left, right, undefined, timesOfPoints(points));
  const [b, a, pValue] = [slope.value, intercept.value, p].map(valueIn);
  if (a === undefined || b === undefined || pValue === undefined)
    return { missing: without('no slope', valueIn(slope.value) === undefined ? slope.value : p) };
  const means = left.map((value, n) => (value + right[n]!) / 2);
  const ends = [Math.min(...means), Math.max(...means)];
  return {
    missing: [],
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
