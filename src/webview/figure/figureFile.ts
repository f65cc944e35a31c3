/** A figure for a file, as large as it will be printed: as SVG, whose text stays text, or as PNG. */
import type { FigureView } from '../../protocol/view.ts';
import { PAPER } from '../theme.ts';
import { type Plain, plain } from './plain.ts';
import { Plotly } from './plotly.ts';
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
/** No tool bar stands above the headings of a figure in a file. */
const TOP_MARGIN = 56;

export async function figureFile(view: FigureView, wanted: WantedFigure): Promise<DrawnFigure> {
  const { widthMm, dpi } = wanted;
  const layout = layoutFor(view, (widthMm / MM_PER_INCH) * PIXELS_PER_INCH);
  const { width, height } = layout;
  const uri = await Plotly.toImage(
    // SAFETY: the kernel writes Plotly's own data and layout; their types live in another process.
    { data: themedData(view.data, PAPER), layout } as never,
    { format: 'svg', width, height },
  );
  const heightMm = (widthMm * height) / width;
  const svg = asFile(decodeURIComponent(uri.slice(uri.indexOf(',') + 1)), {
    ...wanted,
    heightMm,
    width,
    height,
    title: view.title,
  });
  const size = plain(layout.font).size;
  const points = ((Number(size) * widthMm) / MM_PER_INCH / width) * POINTS_PER_INCH;
  if (dpi === undefined) return { content: svg, heightMm, points };
  const pixels = (mm: number) => Math.round((mm / MM_PER_INCH) * dpi);
  return { content: await asPng(svg, pixels(widthMm), pixels(heightMm)), heightMm, points };
}

/** As on a screen of that width; a figure that needs more is drawn as broad as it needs, and printed smaller. */
function layoutFor({ layout }: FigureView, width: number): Plain & { readonly width: number; readonly height: number } {
  const themed = themedLayout(layout, PAPER, Math.round(width));
  const margin = plain(layout.margin).t === undefined ? { margin: { ...plain(themed.margin), t: TOP_MARGIN } } : {};
  return {
    ...themed,
    ...margin,
    paper_bgcolor: PAPER.background,
    width: Number(themed.width),
    height: typeof layout.height === 'number' ? layout.height : USUAL_HEIGHT,
  };
}

function asFile(
  text: string,
  size: WantedFigure & Record<'heightMm' | 'width' | 'height', number> & { readonly title: string },
): string {
  const file = new DOMParser().parseFromString(text, 'image/svg+xml');
  const root = file.documentElement;
  root.setAttribute('width', `${rounded(size.widthMm)}mm`);
  root.setAttribute('height', `${rounded(size.heightMm)}mm`);
  root.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
  root.removeAttribute('class');
  for (const [name, words] of [
    ['desc', size.description],
    ['title', size.title],
  ] as const) {
    const element = file.createElementNS(root.namespaceURI, name);
    element.textContent = words;
    root.prepend(element);
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(file)}\n`;
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
