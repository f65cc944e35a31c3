/** What a study of agreement gives with fewer and more patients, with the chosen number marked. */
import type { ColumnTable } from 'arquero';
import type { FigureView, Provenance } from '../../../protocol/view.ts';

export interface PlanDrawing {
  readonly patients: number;
  readonly measure: 'width' | 'power' | 'assurance';
  readonly reached: number;
  readonly title: string;
  readonly sentence: string;
  readonly notes: readonly string[];
  readonly provenance: Provenance;
}

const GREY = 'rgba(128, 128, 128, 0.9)';
/** Okabe and Ito's, which the colour-blind can tell from the theme's accent. */
const SECOND = '#D55E00';

const AXES = {
  width: 'Expected width of the confidence interval',
  power: 'Power',
  assurance: 'Probability of such an interval',
} as const;

/** `table` has the columns `patients`, the measure's own, and the same by Flack's method. */
export function planFigure(table: ColumnTable, drawing: PlanDrawing): FigureView {
  const { patients, measure, reached, title, sentence, notes, provenance } = drawing;
  const x = Array.from(table.array('patients'), Number);
  const hasSecond = table.columnNames().includes(`${measure}_flack`);
  const line = (column: string, name: string, style: object) => ({
    type: 'scatter',
    mode: 'lines',
    name,
    x,
    y: Array.from(table.array(column), Number),
    line: { width: 2, ...style },
    hovertemplate: `%{x} patients: %{y:.3g}<extra>${name}</extra>`,
  });
  const guide = (x1: number, y1: number, from: { x0: number; y0: number }) => ({
    type: 'line',
    ...from,
    x1,
    y1,
    line: { color: GREY, width: 1, dash: 'dot' },
  });
  const lowest = measure === 'width' ? 0 : Math.min(...Array.from(table.array(measure), Number)) - 0.02;
  return {
    type: 'figure',
    title,
    description: `${AXES[measure]} over ${x[0]} to ${x.at(-1)} patients, with ${patients} marked.`,
    data: [
      line(measure, hasSecond ? 'goodness of fit' : AXES[measure], {}),
      ...(hasSecond
        ? [line(`${measure}_flack`, 'largest standard error (Flack)', { color: SECOND, dash: 'dash' })]
        : []),
      {
        type: 'scatter',
        mode: 'markers+text',
        name: 'chosen',
        showlegend: false,
        x: [patients],
        y: [reached],
        text: [`<b>${patients}</b>`],
        textposition: measure === 'width' ? 'top right' : 'bottom right',
        marker: { size: 11 },
        hovertemplate: `${patients} patients: %{y:.3g}<extra></extra>`,
      },
    ],
    layout: {
      xaxis: { title: { text: 'Patients' }, range: [x[0], x.at(-1)], zeroline: false },
      yaxis: {
        title: { text: AXES[measure] },
        ...(measure === 'width' ? { rangemode: 'tozero' } : { range: [Math.max(0, lowest), 1.02] }),
        zeroline: false,
      },
      shapes: [
        guide(patients, reached, { x0: patients, y0: Math.max(0, lowest) }),
        guide(patients, reached, { x0: x[0]!, y0: reached }),
      ],
      showlegend: hasSecond,
      legend: { orientation: 'h', y: -0.25 },
      margin: { l: 64, r: 24, t: 40, b: 56 },
      height: 360,
      width: 620,
    },
    notes: [sentence, ...notes],
    provenance,
  };
}
