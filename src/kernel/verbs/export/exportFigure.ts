/** `export figure`: the figure above in the same cell as SVG or PNG, as large as a journal wants it. */
import { extname } from 'node:path';
import { captionOf } from '../../../protocol/methods/caption.ts';
import type { FigureView } from '../../../protocol/view.ts';
import { formatPlain } from '../../../protocol/words/formatCell.ts';
import { info, warning } from '../../base/remarks.ts';
import { UserError } from '../../base/userError.ts';
import { type DrawnFigure, drawFigures } from '../../browser/drawFigures.ts';
import { findBrowser } from '../../browser/findBrowser.ts';
import type { Placed } from '../../language/clauses/placed.ts';
import { MM_PER_INCH, PIXELS_PER_INCH } from '../../paper/page.ts';
import { pointingAt } from '../pointingAt.ts';
import type { VerbContext, VerbResult } from '../verb.ts';

export const WIDTH_UNITS = ['mm', 'px'] as const;
export type FigureWidth = readonly [number, (typeof WIDTH_UNITS)[number] | undefined];

export interface FigureAsked {
  readonly to: Placed<string>;
  readonly width: Placed<FigureWidth> | undefined;
  readonly dpi: number | undefined;
}

/** What journals ask of pictures with letters in them. */
const USUAL_DPI = 300;
/** Two columns of a journal. */
const USUAL_WIDTH_MM = 180;
const WIDTHS_MM = { least: 20, most: 1000 };
/** Browsers draw no larger pictures. */
const MOST_PIXELS = 10_000;
/** In points; most journals ask for 6 to 8 at least. */
const LEAST_POINTS = 6;

/** The format that the file's name says. Throws a UserError for any other. */
export function figureFormat({ value, span }: Placed<string>): 'svg' | 'png' {
  const ending = extname(value).toLowerCase();
  if (ending === '.svg') return 'svg';
  if (ending === '.png') return 'png';
  throw new UserError(
    'unknown-format',
    `\`export figure\` writes .svg or .png, and "${value}" ends in neither. A result that is called \`figure\` needs another name to be written.`,
    span,
  );
}

export async function exportFigure(asked: FigureAsked, context: VerbContext): Promise<VerbResult> {
  const { to } = asked;
  const { figureAbove: view, task, options } = context;
  if (!view)
    throw new UserError(
      'no-figure',
      '`export figure` writes the figure of a statement above it in the same cell, and there is none: write it below its `plot` or `flow`.',
    );
  const dpi = figureFormat(to) === 'svg' ? undefined : (asked.dpi ?? USUAL_DPI);
  const widthMm = await pointingAt(asked.width, () => millimetres(asked.width?.value, dpi));
  const caption = captionOf(view, 'alone');
  const description = [caption.text, caption.methods, caption.byHand].filter(Boolean).join(' ');
  const browser = findBrowser(options.browser);
  task.progress(0, 'drawing the figure');
  const [drawn] = await drawFigures(browser, [{ view, widthMm, dpi, description }], task.signal);
  await pointingAt(to, () => context.writeFile(to.value, drawn!.bytes));
  return { remarks: remarksOn(view, drawn!, { name: to.value, widthMm, dpi, description }) };
}

/** Throws a UserError for what no picture has. */
function millimetres(width: FigureWidth | undefined, dpi: number | undefined): number {
  const [value, unit] = width ?? [USUAL_WIDTH_MM, 'mm'];
  const mm = unit === 'px' ? (value / (dpi ?? PIXELS_PER_INCH)) * MM_PER_INCH : value;
  const pixels = Math.round((mm / MM_PER_INCH) * (dpi ?? 0));
  if (mm < WIDTHS_MM.least || mm > WIDTHS_MM.most)
    throw new UserError(
      'out-of-range',
      `A figure is ${WIDTHS_MM.least} to ${WIDTHS_MM.most} mm broad, and this would be ${formatPlain(mm, 3)} mm.`,
    );
  if (pixels > MOST_PIXELS)
    throw new UserError(
      'out-of-range',
      `A picture has at most ${MOST_PIXELS} pixels in a row, and this would have ${pixels}: take a smaller width, fewer dots per inch, or SVG, which has no pixels.`,
    );
  return mm;
}

function remarksOn(
  { title }: FigureView,
  { heightMm, points }: DrawnFigure,
  file: {
    readonly name: string;
    readonly widthMm: number;
    readonly dpi: number | undefined;
    readonly description: string;
  },
) {
  const { name, widthMm, dpi } = file;
  const size = (mm: number) => formatPlain(mm, 4);
  const pixels = (mm: number) => Math.round((mm / MM_PER_INCH) * (dpi ?? 0));
  const dots = dpi === undefined ? '' : `, ${pixels(widthMm)} × ${pixels(heightMm)} pixels at ${dpi} dpi`;
  const written = `Wrote “${title}” to ${name}: ${size(widthMm)} × ${size(heightMm)} mm${dots}, letters of ${formatPlain(points, 2)} pt.`;
  const needed = Math.ceil((widthMm * LEAST_POINTS) / points);
  return [
    info('figure-written', written),
    // The same of a figure that is written in two formats, and shown once.
    info('figure-written', `Caption: ${file.description}`),
    ...(points < LEAST_POINTS
      ? [
          warning(
            'small-letters',
            `At ${size(widthMm)} mm most letters of ${name} are ${formatPlain(points, 2)} pt high, and journals ask for ${LEAST_POINTS} or more: they are from ${needed} mm on, or with fewer panels.`,
          ),
        ]
      : []),
  ];
}
