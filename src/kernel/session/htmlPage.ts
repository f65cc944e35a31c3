/** An executed notebook as one HTML file that shows itself anywhere, with the pictures of the notebook renderer. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Notebook, PAGE_DATA_ID } from '../../protocol/notebook.ts';
import { UserError } from '../base/userError.ts';

/** The page may run what stands in it, and load nothing at all. */
const CONTENT_POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";

/** `script` is the bundled page program (`pageScript`). */
export function htmlPage(notebook: Notebook, title: string, script: string): string {
  // Neither the notebook nor the program may close its own script element.
  const data = JSON.stringify(notebook).replaceAll('<', '\\u003c');
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

/** The page program, from the folder of built files beside the kernel's. Rejects with a UserError when nothing was built. */
export async function pageScript(builtFiles: URL): Promise<string> {
  const file = new URL('webview/page.js', builtFiles);
  if (!existsSync(file))
    throw new UserError('not-built', `--html needs ${fileURLToPath(file)}, which \`npm run build\` makes.`);
  return readFile(file, 'utf8');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
