/** The slices of a notebook's page as pictures: with what is laid over them, its legend and the report beside. */
import { MM_PER_INCH, PIXELS_PER_INCH } from '../paper/page.ts';
import { withBrowserPage } from './devTools.ts';
import { drawnPage, type PageToDraw } from './drawnPage.ts';

export interface DrawnSlices {
  readonly png: Uint8Array;
  readonly widthMm: number;
  readonly heightMm: number;
}

/** CSS pixels: some 170 mm, the text's width on most sheets. */
const WIDTH = 680;
/** Of picture to CSS pixels, for 288 dots per inch. */
const SCALE = 3;
const MM_PER_PIXEL = MM_PER_INCH / PIXELS_PER_INCH;

/** In their order in the page. Throws a UserError where the browser fails. */
export function drawSlices(browser: string, page: PageToDraw, signal?: AbortSignal): Promise<DrawnSlices[]> {
  return withBrowserPage(
    browser,
    { '/': { type: 'text/html', body: page.html } },
    async (opened) => {
      await drawnPage(opened, page, { width: WIDTH, height: 1000, deviceScaleFactor: SCALE });
      // SAFETY: what `src/webview/printing.ts` gives, of the same build.
      const places = (await opened.evaluate('lungnbSlicePlaces()')) as Record<'x' | 'y' | 'width' | 'height', number>[];
      const drawn: DrawnSlices[] = [];
      for (const place of places) {
        const clip = { ...place, scale: 1 };
        const { data } = await opened.send('Page.captureScreenshot', { clip, captureBeyondViewport: true });
        const png = Buffer.from(String(data), 'base64');
        drawn.push({ png, widthMm: place.width * MM_PER_PIXEL, heightMm: place.height * MM_PER_PIXEL });
      }
      return drawn;
    },
    signal,
  );
}
