/** An executed notebook as one HTML file that shows itself anywhere, with the pictures of the notebook renderer. */
import { type Notebook, PAGE_DATA_ID } from './notebook.ts';
import { savedNotebook } from './notebookFile.ts';

/** The page may run what stands in it, and load nothing at all. */
const CONTENT_POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";

/** Where the bundled page program is, in the folder of built files. */
export const PAGE_PROGRAM = 'webview/page.js';

/** `script` is the page program. Of the notebook it has what a saved one has. Without code, the cells show their outputs alone. */
export function htmlPage(notebook: Notebook, title: string, script: string, withCode = true): string {
  const kept = savedNotebook(notebook);
  // Neither the notebook nor the program may close its own script element.
  const data = JSON.stringify(withCode ? kept : withoutCode(kept)).replaceAll('<', '\\u003c');
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
<script type="application/json" id="${PAGE_DATA_ID}">${data}</script>
<script type="module">${program}</script>
</body>
</html>
`;
}

function withoutCode({ cells, ...rest }: Notebook): Notebook {
  return { ...rest, cells: cells.map((cell) => (cell.kind === 'code' ? { ...cell, source: [] } : cell)) };
}

/** For the text of an element, not for attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
