/** The study's flow chart, from all patients to those compared (STROBE 2007, item 13). */
import type { FigureView, Provenance } from '../../../protocol/view.ts';
import { counted } from '../../base/counted.ts';
import type { StudyFlow } from '../../values/studyFlow.ts';

const STEP_PIXELS = 116;
const MARGIN_PIXELS = 46;
const LINE = 38;
/** Visible on light and on dark pages. */
const GREY = 'rgba(128, 128, 128, 0.9)';

export function flowChart(name: string, { start, steps }: StudyFlow, provenance: Provenance | undefined): FigureView {
  const boxes = [start, ...steps.map((step, n) => ({ name: step.name ?? `step ${n + 1}`, patients: step.remaining }))];
  const height = boxes.length - 1;
  const annotations = boxes.flatMap((box, n) => {
    const y = height - n;
    const main = boxed(0, y, `<b>${inWords(box.name)}</b><br>n = ${box.patients}`, 'center');
    const step = steps[n];
    if (!step) return [main];
    const side = boxed(
      0.63,
      y - 0.5,
      `<b>Left out, n = ${step.excluded.length}</b><br>${wrapped(step.reason)}`,
      'left',
    );
    return [
      arrow({ x: 0, y: y - 0.72 }, { x: 0, y: y - 0.28 }),
      arrow({ x: 0.62, y: y - 0.5 }, { x: 0, y: y - 0.5 }),
      main,
      side,
    ];
  });
  const hidden = { visible: false, fixedrange: true };
  return {
    type: 'figure',
    title: `Flow of patients to ${name}`,
    description: `${inWords(start.name)}: ${counted(start.patients, 'patient')}. ${steps.map((step) => `${step.excluded.length} left out: ${step.reason}; ${step.remaining} remain.`).join(' ')}`,
    data: [{ type: 'scatter', mode: 'markers', x: [0, 1], y: [0, height], marker: { opacity: 0 }, hoverinfo: 'skip' }],
    layout: {
      annotations,
      xaxis: { ...hidden, range: [-0.5, 1.75] },
      yaxis: { ...hidden, range: [-0.45, height + 0.45] },
      margin: { l: 8, r: 8, t: 8, b: 8 },
      showlegend: false,
      height: MARGIN_PIXELS + Math.max(1, boxes.length) * STEP_PIXELS,
      width: 640,
    },
    notes: steps.length ? [] : ['Nobody was left out on the way.'],
    ...(provenance ? { provenance } : {}),
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function boxed(x: number, y: number, text: string, align: 'left' | 'center') {
  return {
    ...{ x, y, text, align },
    xref: 'x',
    yref: 'y',
    xanchor: align,
    yanchor: 'middle',
    showarrow: false,
    bordercolor: GREY,
    borderwidth: 1,
    borderpad: 8,
  };
}

/** From `tail` to `x`, `y`, in the units of the axes. */
function arrow({ x, y }: Point, tail: Point) {
  return {
    ...{ x, y, ax: tail.x, ay: tail.y, text: '' },
    xref: 'x',
    yref: 'y',
    axref: 'x',
    ayref: 'y',
    showarrow: true,
    arrowhead: 2,
    arrowwidth: 1.2,
    arrowcolor: GREY,
  };
}

function inWords(name: string): string {
  return name.replaceAll('_', ' ');
}

/** Lines of at most LINE characters, broken between words. */
function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)!;
    if (last && last.length + word.length >= LINE) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.map((line) => line.replaceAll('<', '&lt;')).join('<br>');
}
