/** Figures for files, drawn in a browser by what draws them in notebooks. */
import type { FigureView } from '../../protocol/view.ts';
import { built } from '../ownFiles.ts';
import { withBrowserPage } from './devTools.ts';
import { withResolution } from './pngFile.ts';

export interface WantedFigure {
  readonly view: FigureView;
  readonly widthMm: number;
  /** Dots per inch of a PNG; without, an SVG is drawn. */
  readonly dpi: number | undefined;
  /** What the file says of itself. */
  readonly description: string;
}

export interface DrawnFigure {
  readonly bytes: Uint8Array;
  readonly heightMm: number;
  /** Of most of the letters, as they are printed. */
  readonly points: number;
}

/** What draws, in the folder of built files. */
const DRAWING_PROGRAM = 'webview/drawing.js';

const PAGE = `<!doctype html><meta charset="utf-8"><title>LungNB</title><body><script type="module">
import * as drawing from '/drawing.js';
globalThis.lungnbDrawing = drawing;
</script></body>`;

/** One after the other, in one browser. Throws a UserError where it fails. */
export async function drawFigures(
  browser: string,
  figures: readonly WantedFigure[],
  signal?: AbortSignal,
): Promise<DrawnFigure[]> {
  const files = {
    '/': { type: 'text/html', body: PAGE },
    '/drawing.js': { type: 'text/javascript', body: await built(DRAWING_PROGRAM, 'Figures need') },
  };
  return withBrowserPage(
    browser,
    files,
    async ({ evaluate }) => {
      const drawn: DrawnFigure[] = [];
      for (const { view, description, ...size } of figures) {
        const wanted = JSON.stringify({ ...size, description });
        const answer = await evaluate(`lungnbDrawing.figureFile(${JSON.stringify(view)}, ${wanted})`);
        // SAFETY: what `src/webview/figure/figureFile.ts` gives, of the same build.
        const { content, heightMm, points } = answer as { content: string; heightMm: number; points: number };
        const bytes =
          size.dpi === undefined
            ? Buffer.from(content, 'utf8')
            : withResolution(Buffer.from(content, 'base64'), size.dpi, description);
        drawn.push({ bytes, heightMm, points });
      }
      return drawn;
    },
    signal,
  );
}
