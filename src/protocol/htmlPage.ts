/** An executed notebook as one HTML file that shows itself anywhere, with the pictures of the notebook renderer. */
import { type Notebook, PAGE_DATA_ID } from './notebook.ts';
import { type MadePageSlices, PAGE_SLICES_ID, partId } from './pageSlices.ts';

/** The page may run what stands in it, and load nothing at all. */
const CONTENT_POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";

/** Where the bundled page program is, in the folder of built files. */
export const PAGE_PROGRAM = 'webview/page.js';

export interface PageOptions {
  /** Without code, the cells show their outputs alone. */
  readonly withCode?: boolean;
  /** Beside those that stand in the notebook. */
  readonly slices?: MadePageSlices | undefined;
}

/** `script` is the page program. */
export function htmlPage(
  notebook: Notebook,
  title: string,
  script: string,
  { withCode = true, slices }: PageOptions = {},
): string {
  const data = dataElement(PAGE_DATA_ID, JSON.stringify(withCode ? notebook : withoutCode(notebook)));
  // The program may not close its own script element.
  const program = script.replaceAll('</script', '<\\/script');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
</head>
<body>
${data}${slices ? sliceElements(slices) : ''}
<script type="module">${program}</script>
</body>
</html>
`;
}

/** No JSON may close its own script element. */
function dataElement(id: string, json: string): string {
  return `<script type="application/json" id="${id}">${json.replaceAll('<', '\\u003c')}</script>`;
}

function sliceElements({ slices, parts }: MadePageSlices): string {
  const elements = parts.map((json, n) => dataElement(partId(n), json));
  return `\n${[dataElement(PAGE_SLICES_ID, JSON.stringify(slices)), ...elements].join('\n')}`;
}

function withoutCode({ cells, ...rest }: Notebook): Notebook {
  return { ...rest, cells: cells.map((cell) => (cell.kind === 'code' ? { ...cell, source: [] } : cell)) };
}

/** For the text of an element, not for attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
