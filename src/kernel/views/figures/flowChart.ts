/** The study's flow chart, from all patients to those compared (STROBE 2007, item 13), in words that a paper can print. */
import type { FigureView, Provenance } from '../../../protocol/view.ts';
import { expressionInWords } from '../../../protocol/words/expressionInWords.ts';
import { counted } from '../../base/counted.ts';
import type { FlowStep, StudyFlow } from '../../values/studyFlow.ts';

/** Places and sizes are in pixels, from the upper left corner. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Lines of HTML. */
  readonly lines: readonly string[];
}

const WIDTH = 640;
const MARGIN = 8;
const MAIN = { left: 10, width: 230 };
const SIDE = { left: 300, width: 330 };
const LINE_PIXELS = 17;
const PADDING = 11;
/** Between boxes one below the other, at least. */
const GAP = 52;
/** Characters of a line in a side box. */
const LINE = 46;
/** Visible on light and on dark pages. */
const GREY = 'rgba(128, 128, 128, 0.9)';

export function flowChart(name: string, { start, steps }: StudyFlow, provenance: Provenance | undefined): FigureView {
  const { main, side, height } = placed(start.patients, steps);
  const middle = MAIN.left + MAIN.width / 2;
  const hidden = { visible: false, fixedrange: true };
  return {
    type: 'figure',
    title: `Flow of patients to ${name}`,
    description: `${start.name.replaceAll('_', ' ')}: ${counted(start.patients, 'patient')}. ${steps.map((step) => `${leftOutOf(step)} left out: ${reasonOf(step)}; ${step.remaining} remain.`).join(' ')}`,
    data: [
      { type: 'scatter', mode: 'markers', x: [0, WIDTH], y: [0, height], marker: { opacity: 0 }, hoverinfo: 'skip' },
    ],
    layout: {
      shapes: [...main, ...side].map(outline),
      annotations: [
        ...main.map((box) => textIn(box, 'center')),
        ...side.map((box) => textIn(box, 'left')),
        ...main.slice(1).map((box, n) => arrow([middle, bottomOf(main[n]!)], [middle, box.top])),
        ...side.map((box) => arrow([middle, box.top + box.height / 2], [box.left, box.top + box.height / 2])),
      ],
      xaxis: { ...hidden, range: [0, WIDTH] },
      yaxis: { ...hidden, range: [height, 0] },
      margin: { l: MARGIN, r: MARGIN, t: MARGIN, b: MARGIN },
      showlegend: false,
      height: height + 2 * MARGIN,
      width: WIDTH + 2 * MARGIN,
      // Text does not shrink with its boxes.
      meta: { leastWidth: WIDTH + 2 * MARGIN },
    },
    notes: steps.length ? [] : ['Nobody was left out on the way.'],
    ...(provenance ? { provenance } : {}),
  };
}

/** The boxes of those who stay, one below the other, and beside the lines between them those of who is left out. */
function placed(patients: number, steps: readonly FlowStep[]): { main: Box[]; side: Box[]; height: number } {
  const main: Box[] = [boxAt(MAIN, 1, ['<b>Patients</b>', `n = ${patients}`])];
  const side: Box[] = [];
  for (const [n, step] of steps.entries()) {
    const from = bottomOf(main[n]!);
    const left = boxAt(SIDE, 0, [
      `<b>Left out</b>, ${step.visitsExcluded ? leftOutOf(step) : `n = ${step.excluded.length}`}`,
      ...wrapped(reasonOf(step)),
    ]);
    const gap = Math.max(GAP, left.height + 28);
    side.push({ ...left, top: from + (gap - left.height) / 2 });
    const isLast = n === steps.length - 1;
    main.push(
      boxAt(MAIN, from + gap, [
        `<b>${isLast ? 'Patients analysed' : 'Patients remaining'}</b>`,
        `n = ${step.remaining}`,
      ]),
    );
  }
  return { main, side, height: bottomOf(main.at(-1)!) + 1 };
}

function boxAt({ left, width }: Pick<Box, 'left' | 'width'>, top: number, lines: readonly string[]): Box {
  return { left, width, top, height: lines.length * LINE_PIXELS + 2 * PADDING, lines };
}

function bottomOf({ top, height }: Box): number {
  return top + height;
}

function outline({ left, top, width, height }: Box) {
  return {
    type: 'rect',
    xref: 'x',
    yref: 'y',
    x0: left,
    x1: left + width,
    y0: top,
    y1: top + height,
    line: { color: GREY, width: 1 },
  };
}

function textIn({ left, top, width, height, lines }: Box, align: 'left' | 'center') {
  return {
    x: align === 'left' ? left + PADDING : left + width / 2,
    y: top + height / 2,
    text: lines.join('<br>'),
    align,
    xref: 'x',
    yref: 'y',
    xanchor: align,
    yanchor: 'middle',
    showarrow: false,
    borderpad: 0,
  };
}

type Point = readonly [x: number, y: number];

/** From edge to edge: nothing is left between a line and its boxes. */
function arrow([ax, ay]: Point, [x, y]: Point) {
  return {
    ...{ x, y, ax, ay, text: '' },
    xref: 'x',
    yref: 'y',
    axref: 'x',
    ayref: 'y',
    showarrow: true,
    standoff: 0,
    arrowhead: 2,
    arrowwidth: 1.2,
    arrowcolor: GREY,
  };
}

/** How many patients, or visits of patients some of whom stay. */
function leftOutOf({ excluded, visitsExcluded }: FlowStep): string {
  if (!visitsExcluded) return String(excluded.length);
  const visits = counted(visitsExcluded.length, 'visit');
  return excluded.length ? `${visits}, with ${counted(excluded.length, 'patient')}` : visits;
}

/** The reason as it was given; a condition of `filter`, which is all there is where none was, in words. */
function reasonOf({ reason }: FlowStep): string {
  const condition = /^not: (.*)$/s.exec(reason)?.[1];
  return condition === undefined ? reason : `did not meet: ${expressionInWords(condition)}`;
}

/** Lines of at most LINE characters, broken between words. */
function wrapped(text: string): string[] {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)!;
    if (last && last.length + word.length >= LINE) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.map((line) => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
}
