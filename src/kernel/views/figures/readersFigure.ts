/** What each reader achieves under two conditions, a line for each, and the mean of all with its interval. */

import type { Region } from '../../../protocol/names.ts';
import type { FigureView, Provenance } from '../../../protocol/view.ts';
import { classLabel, regionInText } from '../../../protocol/words/displayNames.ts';
import { formatP } from '../../../protocol/words/formatCell.ts';
import { valueIn } from '../../agreement/estimate.ts';
import type { MultireaderAnalysis } from '../../agreement/multireader/obuchowskiRockette.ts';
import { UserError } from '../../base/userError.ts';
import type { AskedFigure } from '../../values/value.ts';
import { panelLayout, plotlyAxes, RESEARCH_ONLY, withInterval } from './panels.ts';

interface Drawn {
  readonly region: Region;
  readonly class: string;
  readonly statistic: 'rho' | 'kappa' | 'auc';
  readonly readers: readonly { readonly name: string; readonly values: readonly [number, number] | undefined }[];
  readonly analysis: MultireaderAnalysis | undefined;
}

const SIGNS = { rho: 'ρ', kappa: 'κ', auc: 'AUC' } as const;
const GREY = 'rgba(128, 128, 128, 0.9)';
/** Okabe and Ito's vermilion. */
const MEAN = '#D55E00';

export function readersFigure(
  compared: readonly Drawn[],
  { classes, region = 'total' }: AskedFigure,
  {
    names,
    level,
    provenance,
  }: { readonly names: readonly [string, string]; readonly level: number; readonly provenance: Provenance },
): FigureView {
  const panels = compared.flatMap((one) => {
    const { analysis } = one;
    return analysis && one.region === region && (!classes || classes.includes(one.class)) ? [{ ...one, analysis }] : [];
  });
  if (panels.length === 0)
    throw new UserError('not-compared', 'There is no comparison of these classes in this region to draw.');
  const headings = panels.map(({ analysis, readers }) => {
    const { value, ciLow, ciHigh, p } = readers.length > 1 ? analysis.difference.both : analysis.difference.cases;
    const tested = valueIn(p);
    return `difference ${withInterval(valueIn(value), valueIn(ciLow), valueIn(ciHigh))}${tested === undefined ? '' : `, p ${formatP(tested)}`}`;
  });
  const title = `Readers ${names[0]} and ${names[1]}, ${regionInText(region)}`;
  return {
    type: 'figure',
    title,
    description: `A line for each reader from ${names[0]} to ${names[1]}: ${panels.map((panel, n) => `${classLabel(panel.class)}, ${SIGNS[panel.statistic]}, ${headings[n]}`).join('; ')}.`,
    data: panels.flatMap((panel, n) => [
      ...panel.readers.flatMap(({ name, values }) =>
        values
          ? [
              {
                type: 'scatter',
                mode: 'lines+markers',
                name,
                x: names,
                y: values,
                ...plotlyAxes(n),
                line: { color: GREY, width: 1.4 },
                marker: { size: 7 },
                hovertemplate: `<b>${name}</b><br>%{x}: %{y:.2f}<extra></extra>`,
              },
            ]
          : [],
      ),
      meanTrace(panel.analysis, names, n),
    ]),
    layout: panelLayout(
      panels.map((panel, n) => ({
        x: { type: 'category', range: [-0.35, 1.35] },
        y: { title: { text: SIGNS[panel.statistic], standoff: 10 }, zeroline: false },
        heading: `<b>${classLabel(panel.class)}</b><br>${headings[n]}`,
      })),
    ),
    notes: [
      `Orange: the mean of the readers, with ${Number(level.toPrecision(6))} % confidence intervals.`,
      RESEARCH_ONLY,
    ],
    provenance,
  };
}

function meanTrace(
  { conditions }: MultireaderAnalysis,
  names: readonly string[],
  n: number,
): object & Record<string, unknown> {
  const values = conditions.map((own) => ({
    at: valueIn(own.value)!,
    low: valueIn(own.ciLow),
    high: valueIn(own.ciHigh),
  }));
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name: 'mean',
    x: names,
    y: values.map(({ at }) => at),
    ...plotlyAxes(n),
    line: { color: MEAN, width: 3 },
    marker: { size: 9, color: MEAN },
    error_y: {
      type: 'data',
      symmetric: false,
      array: values.map(({ at, high }) => (high === undefined ? 0 : high - at)),
      arrayminus: values.map(({ at, low }) => (low === undefined ? 0 : at - low)),
      color: MEAN,
      thickness: 1.4,
      width: 5,
    },
    customdata: values.map(({ at, low, high }) => withInterval(at, low, high)),
    hovertemplate: '<b>mean</b><br>%{x}: %{customdata}<extra></extra>',
  };
}
