/** A page of a notebook as a PDF: printed by a browser once all of it is drawn, with a footer on every sheet. */
import { escapeHtml } from '../../protocol/htmlPage.ts';
import { SOFTWARE } from '../base/software.ts';
import { MM_PER_INCH, PIXELS_PER_INCH, SHEETS_MM, type SheetName } from '../paper/page.ts';
import { withBrowserPage } from './devTools.ts';
import { drawnPage, type PageToDraw } from './drawnPage.ts';

/** Room for the footer below. */
const MARGIN_MM = 14;

export interface Printed extends PageToDraw {
  /** Told in the footer. */
  readonly title: string;
  readonly sheet: SheetName;
}

/** The bytes of the PDF. Throws a UserError where the browser fails. */
export function printPage(browser: string, printed: Printed, signal?: AbortSignal): Promise<Uint8Array> {
  const { html, title, sheet } = printed;
  const [width, height] = SHEETS_MM[sheet];
  return withBrowserPage(
    browser,
    { '/': { type: 'text/html', body: html } },
    async (page) => {
      const { send } = page;
      await drawnPage(page, printed, {
        width: Math.floor(((width - 2 * MARGIN_MM) / MM_PER_INCH) * PIXELS_PER_INCH),
        height: Math.floor(((height - 2 * MARGIN_MM) / MM_PER_INCH) * PIXELS_PER_INCH),
        deviceScaleFactor: 2,
      });
      const margin = MARGIN_MM / MM_PER_INCH;
      const { stream } = await send('Page.printToPDF', {
        paperWidth: width / MM_PER_INCH,
        paperHeight: height / MM_PER_INCH,
        marginTop: margin,
        marginBottom: margin,
        marginLeft: margin,
        marginRight: margin,
        printBackground: true,
        displayHeaderFooter: true,
        headerTemplate: '<span></span>',
        footerTemplate: footer(title),
        generateTaggedPDF: true,
        generateDocumentOutline: true,
        transferMode: 'ReturnAsStream',
      });
      const parts: Buffer[] = [];
      for (;;) {
        const { data, base64Encoded, eof } = await send('IO.read', { handle: stream, size: 1 << 20 });
        parts.push(Buffer.from(String(data), base64Encoded ? 'base64' : 'utf8'));
        if (eof) return Buffer.concat(parts);
      }
    },
    signal,
  );
}

function footer(title: string): string {
  return `<div style="width: 100%; margin: 0 ${MARGIN_MM}mm; font: 7.5px Arial, Helvetica, sans-serif; color: #616161; display: flex; justify-content: space-between"><span>${escapeHtml(title)} · ${SOFTWARE} · Research only. Not a medical device; not for diagnosis.</span><span><span class="pageNumber"></span> / <span class="totalPages"></span></span></div>`;
}
