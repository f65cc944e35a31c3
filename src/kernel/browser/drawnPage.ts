/** A notebook's page in a browser, as it is printed: light, as broad as the sheet, and drawn to the end. */
import type { BrowserPage } from './devTools.ts';

/** What tells in the page when it is drawn, in the folder of built files. */
export const PRINTING_PROGRAM = 'webview/printing.js';

export interface PageToDraw {
  /** The page, whole in itself. */
  readonly html: string;
  /** The text of `PRINTING_PROGRAM`. */
  readonly program: string;
}

/** Sizes are in CSS pixels. */
export async function drawnPage(
  { send, evaluate }: BrowserPage,
  { program }: PageToDraw,
  size: { readonly width: number; readonly height: number; readonly deviceScaleFactor: number },
): Promise<void> {
  // Before it is drawn, or figures and slices would be cut.
  await send('Emulation.setDeviceMetricsOverride', { ...size, mobile: false });
  await send('Emulation.setEmulatedMedia', {
    media: 'print',
    features: [{ name: 'prefers-color-scheme', value: 'light' }],
  });
  await evaluate(`${program}\nvoid 0;`);
  await evaluate('lungnbUntilDrawn()');
}
