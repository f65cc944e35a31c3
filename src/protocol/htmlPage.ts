/** An executed notebook as one HTML file that shows itself anywhere, with the pictures of the notebook renderer, and computes what follows from its tables. */
import { type Notebook, PAGE_DATA_ID } from './notebook.ts';
import { savedNotebook } from './notebookFile.ts';
import { COMPUTING_ID, ENGINE_ID, type PageComputing } from './page/computing.ts';
import { type MadePageSlices, PAGE_SLICES_ID, partId } from './pageSlices.ts';

/** The page may run what stands in it, and load nothing at all. */
const CONTENT_POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";

/**
 * As above, with a thread made of what stands in the page; and expressions over tables are compiled as the kernel compiles
 * them, from their checked syntax tree. Neither can load anything.
 */
const COMPUTING_POLICY = `${CONTENT_POLICY.replace("'unsafe-inline'", "'unsafe-inline' 'unsafe-eval'")}; worker-src blob:`;

/** Where the bundled page program is, in the folder of built files. */
export const PAGE_PROGRAM = 'webview/page.js';
/** Likewise the program that computes: raw deflate, base64. */
export const ENGINE_PROGRAM = 'webview/engine.txt';

export interface PageOptions {
  /** Without code, the cells show their outputs alone, and nothing can be computed. */
  readonly withCode?: boolean;
  /** Left out, the page shows and does not compute. */
  readonly computes?: { readonly computing: PageComputing; readonly engine: string };
  /** Beside those that stand in the notebook. */
  readonly slices?: MadePageSlices | undefined;
}

/** `script` is the page program. Of the notebook it has what a saved one has. */
export function htmlPage(
  notebook: Notebook,
  title: string,
  script: string,
  { withCode = true, computes, slices }: PageOptions = {},
): string {
  const isComputing = withCode && computes !== undefined;
  const kept = savedNotebook(notebook);
  // Neither the notebook nor the program may close its own script element.
  const data = jsonElement(PAGE_DATA_ID, withCode ? kept : withoutCode(kept));
  const program = script.replaceAll('</script', '<\\/script');
  const engine = isComputing
    ? `${jsonElement(COMPUTING_ID, computes.computing)}<script type="text/plain" id="${ENGINE_ID}">${computes.engine}</script>\n`
    : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${isComputing ? COMPUTING_POLICY : CONTENT_POLICY}">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
</head>
<body>
${data}${slices ? sliceElements(slices) : ''}${engine}<script type="module">${program}</script>
</body>
</html>
`;
}

function jsonElement(id: string, value: unknown): string {
  return textElement(id, JSON.stringify(value));
}

/** No JSON may close its own script element. */
function textElement(id: string, json: string): string {
  return `<script type="application/json" id="${id}">${json.replaceAll('<', '\\u003c')}</script>\n`;
}

function sliceElements({ slices, parts }: MadePageSlices): string {
  return [jsonElement(PAGE_SLICES_ID, slices), ...parts.map((json, n) => textElement(partId(n), json))].join('');
}

function withoutCode({ cells, ...rest }: Notebook): Notebook {
  return { ...rest, cells: cells.map((cell) => (cell.kind === 'code' ? { ...cell, source: [] } : cell)) };
}

/** For the text of an element, not for attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
