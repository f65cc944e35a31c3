/** Seconds per case and differences to another reading in the order of reading, with the halves of each session. */
import type { FigureView, Provenance } from '../../../protocol/view.ts';
import { classLabel, regionInText } from '../../../protocol/words/displayNames.ts';
import { UserError } from '../../base/userError.ts';
import type { AskedFigure } from '../../values/value.ts';
import { numberText, panelLayout, plotlyAxes, RESEARCH_ONLY } from './panels.ts';

export interface DriftPanel {
  readonly measure: 'seconds' | 'difference';
  readonly session: string | number | undefined;
  readonly region: string;
  readonly class: string;
  readonly points: readonly { readonly place: number; readonly value: number }[];
  readonly firstHalf: number | undefined;
  readonly secondHalf: number | undefined;
}

const HALF = '#D55E00';

export function driftFigure(
  all: readonly DriftPanel[],
  { classes, region = 'total' }: AskedFigure,
  {
    reader,
    difference,
    provenance,
  }: { readonly reader: string; readonly difference: string; readonly provenance: Provenance },
): FigureView {
  const panels = all.filter(
    (one) =>
      one.measure === 'seconds' || (one.region === region && (classes === undefined || classes.includes(one.class))),
  );
  if (panels.length === 0)
    throw new UserError('not-compared', 'There is nothing of these classes in this region to draw.');
  const heading = (panel: DriftPanel) =>
    `<b>${panel.measure === 'seconds' ? 'Time per case' : `${classLabel(panel.class)}, ${regionInText(panel.region)}`}</b>${panel.session === undefined ? '' : `<br>session ${panel.session}`}`;
  return {
    type: 'figure',
    title: `${reader} in the order of reading`,
    description: `Values of each case in the order in which ${reader} has read: ${panels
      .map(
        (panel) =>
          `${heading(panel)
            .replaceAll(/<[^>]+>/g, ' ')
            .trim()}, first half ${numberText(panel.firstHalf)}, second half ${numberText(panel.secondHalf)}`,
      )
      .join('; ')}.`,
    data: panels.flatMap((panel, n) => [
      {
        type: 'scatter',
        mode: 'markers',
        x: panel.points.map(({ place }) => place),
        y: panel.points.map(({ value }) => value),
        ...plotlyAxes(n),
        marker: { size: 7, opacity: 0.75 },
        hovertemplate: 'case %{x}: %{y:.1f}<extra></extra>',
      },
      ...halfTraces(panel, n),
    ]),
    layout: panelLayout(
      panels.map((panel) => ({
        x: { title: { text: 'Order of reading' }, zeroline: false },
        y: {
          title: { text: panel.measure === 'seconds' ? 'Seconds' : difference, standoff: 10 },
          zeroline: panel.measure === 'difference',
        },
        heading: heading(panel),
      })),
    ),
    notes: ['Orange: of each half of the session, the median of seconds and the mean of differences.', RESEARCH_ONLY],
    provenance,
  };
}

function halfTraces({ points, firstHalf, secondHalf }: DriftPanel, n: number): Record<string, unknown>[] {
  const half = Math.floor(points.length / 2);
  const line = (own: readonly { readonly place: number }[], value: number | undefined) =>
    own.length === 0 || value === undefined
      ? []
      : [
          {
            type: 'scatter',
            mode: 'lines',
            x: [own[0]!.place, own.at(-1)!.place],
            y: [value, value],
            ...plotlyAxes(n),
            line: { color: HALF, width: 2.4 },
            hoverinfo: 'skip',
          },
        ];
  return [...line(points.slice(0, half), firstHalf), ...line(points.slice(points.length - half), secondHalf)];
}
