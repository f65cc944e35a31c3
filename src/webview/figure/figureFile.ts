/** A figure for a file, as large as it will be printed: as SVG, whose text stays text, or as PNG. */
import type { FigureView } from '../../protocol/view.ts';
import { PAPER } from '../theme.ts';
import { type Plain, plain } from './plain.ts';
import { Plotly } from './plotly.ts';
import { textFaults } from './textFaults.ts';
import { themedData, themedLayout } from './themed.ts';

export interface WantedFigure {
  readonly widthMm: number;
  /** Dots per inch of a PNG; an SVG has none. */
  readonly dpi?: number;
  /** Said by an SVG of itself. */
  readonly description: string;
}

export interface DrawnFigure {
  /** Of an SVG, its text; of a PNG, its bytes in base64. */
  readonly content: string;
  readonly heightMm: number;
  /** Of most of the letters, as they will be printed. */
  readonly points: number;
}

const MM_PER_INCH = 25.4;
const PIXELS_PER_INCH = 96;
const POINTS_PER_INCH = 72;
/** Plotly's, where a layout says none. */
const USUAL_HEIGHT = 450;
/** Around what is drawn: no tool bar stands above the headings of a figure in a file. */
const EDGE = 6;

export async function figureFile(view: FigureView, wanted: WantedFigure): Promise<DrawnFigure> {
  const { widthMm, dpi } = wanted;
  const { text, layout } = await legible(view, (widthMm / MM_PER_INCH) * PIXELS_PER_INCH);
  const { width, height } = layout;
  const { top, bottom } = shownOn(text, (place) => drawnWithin(place, height));
  const heightMm = (widthMm * (bottom - top)) / width;
  const svg = asFile(text, {
    size: { widthMm, heightMm },
    box: [0, top, width, bottom - top],
    words: { title: view.title, desc: wanted.description },
  });
  const points = ((Number(plain(layout.font).size) * widthMm) / MM_PER_INCH / width) * POINTS_PER_INCH;
  if (dpi === undefined) return { content: svg, heightMm, points };
  const pixels = (mm: number) => Math.round((mm / MM_PER_INCH) * dpi);
  return { content: await asPng(svg, pixels(widthMm), pixels(heightMm)), heightMm, points };
}

interface Drawing {
  /** An SVG. */
  readonly text: string;
  readonly layout: SizedLayout;
}

/** Of a figure whose texts have no room, to the next width that is tried. */
const WIDER = 1.2;
/** In pixels. Nothing is clearer on a broader one. */
const MOST_WIDTH = 1100;

/** In a figure that is printed smaller all can be read, in one whose texts are cut off or lie on each other not: the narrowest with the fewest of those. */
async function legible(view: FigureView, width: number): Promise<Drawing> {
  let best: { readonly drawing: Drawing; readonly faults: number } | undefined;
  for (let tried = width; ; tried *= WIDER) {
    const drawing = await drawn(view, tried);
    const faults = shownOn(drawing.text, (place) => textFaults(place, drawing.layout.width));
    if (!best || faults < best.faults) best = { drawing, faults };
    if (faults === 0 || tried >= MOST_WIDTH) return best.drawing;
  }
}

async function drawn(view: FigureView, wanted: number): Promise<Drawing> {
  const layout = layoutFor(view, wanted);
  const { width, height } = layout;
  const uri = await Plotly.toImage(
    // SAFETY: the kernel writes Plotly's own data and layout; their types live in another process.
    { data: themedData(view.data, PAPER), layout } as never,
    { format: 'svg', width, height },
  );
  return { text: decodeURIComponent(uri.slice(uri.indexOf(',') + 1)), layout };
}

type SizedLayout = Plain & { readonly width: number; readonly height: number };

/** As on a screen of that width; a figure that needs more is drawn as broad as it needs, and printed smaller. */
function layoutFor({ layout }: FigureView, width: number): SizedLayout {
  const themed = themedLayout(layout, PAPER, Math.round(width));
  return {
    ...themed,
    paper_bgcolor: PAPER.background,
    width: Number(themed.width),
    height: typeof layout.height === 'number' ? layout.height : USUAL_HEIGHT,
  };
}

/** What `look` finds in the picture, which stands in the page meanwhile. */
function shownOn<T>(svg: string, look: (place: HTMLElement) => T): T {
  const place = document.createElement('div');
  place.style.cssText = 'position: absolute; top: 0; left: 0';
  place.innerHTML = svg;
  document.body.append(place);
  try {
    return look(place);
  } finally {
    place.remove();
  }
}

/** Where the first and the last mark of a picture lie, with an edge, in its pixels. */
function drawnWithin(place: HTMLElement, height: number): { readonly top: number; readonly bottom: number } {
  const above = place.getBoundingClientRect().top;
  const boxes = [...place.querySelectorAll('text, path, rect:not(.bg), image')]
    .filter((mark) => !mark.closest('defs') && !(mark.matches('rect') && mark.parentElement?.matches('svg')))
    .map((mark) => mark.getBoundingClientRect())
    .filter((box) => box.width > 0 || box.height > 0);
  if (boxes.length === 0) return { top: 0, bottom: height };
  // What lies beyond the picture's ends is cut off there.
  const top = Math.max(0, Math.floor(Math.min(...boxes.map((box) => box.top)) - above - EDGE));
  const bottom = Math.min(height, Math.ceil(Math.max(...boxes.map((box) => box.bottom)) - above + EDGE));
  return { top, bottom };
}

interface FileParts {
  readonly size: Pick<DrawnFigure, 'heightMm'> & Pick<WantedFigure, 'widthMm'>;
  /** What of the picture is shown, in its pixels: left, top, width, height. */
  readonly box: readonly [number, number, number, number];
  readonly words: Readonly<Record<'title' | 'desc', string>>;
}

function asFile(text: string, { size, box, words }: FileParts): string {
  const file = new DOMParser().parseFromString(text, 'image/svg+xml');
  const root = file.documentElement;
  root.setAttribute('width', `${rounded(size.widthMm)}mm`);
  root.setAttribute('height', `${rounded(size.heightMm)}mm`);
  root.setAttribute('viewBox', box.join(' '));
  root.removeAttribute('class');
  root.removeAttribute('style');
  numberNames(root);
  for (const name of ['desc', 'title'] as const) {
    const element = file.createElementNS(root.namespaceURI, name);
    element.textContent = words[name];
    root.prepend(element);
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(file)}\n`;
}

/** What parts of a picture refer to each other by is drawn by lot; counted instead, the same figure is the same file. */
function numberNames(root: Element): void {
  const parts = [...root.querySelectorAll('*')];
  const numbers = new Map<string, string>();
  for (const part of parts) if (part.id && !numbers.has(part.id)) numbers.set(part.id, `part${numbers.size + 1}`);
  for (const { attributes } of parts)
    for (const attribute of attributes) {
      if (attribute.name === 'id') attribute.value = numbers.get(attribute.value) ?? attribute.value;
      // Words of the figure stand in no attribute that begins so.
      else if (/url\(|^#/.test(attribute.value))
        attribute.value = attribute.value.replace(/#([\w.:-]+)/g, (whole, name) =>
          numbers.has(name) ? `#${numbers.get(name)}` : whole,
        );
    }
}

function rounded(mm: number): number {
  return Number(mm.toFixed(3));
}

async function asPng(svg: string, width: number, height: number): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  if (!context) throw new Error(`no picture of ${width} × ${height} pixels can be made`);
  context.drawImage(image, 0, 0, width, height);
  return canvas.toDataURL('image/png').split(',')[1]!;
}
