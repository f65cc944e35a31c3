/**
 * A content policy for the document in which VS Code draws a notebook's outputs. VS Code gives it none of its own; one
 * that a `meta` element brings holds from then on and can only narrow. A `.lungnb` notebook's document shows LungNB's
 * outputs, VS Code's own texts and errors, and nothing else, so that no other extension's renderer is met by it.
 */

/** Where VS Code serves its own and extensions' files from: the desktop and the server, and the browser's VS Code. */
const VS_CODE = 'https://*.vscode-cdn.net https://*.vscode-unpkg.net';

/** No script that stands in the page or is made of text, nothing from other hosts. `own` is where the renderer came from. */
export function contentPolicy(own: string): string {
  // Policies cannot name hosts like VS Code's own `vscode-remote+…`; those are among its wildcards.
  const files = ["'self'", ...(/^https?:\/\/[\w.-]+(?::\d+)?$/.test(own) ? [own] : []), VS_CODE].join(' ');
  return [
    "default-src 'none'",
    `script-src ${files} blob:`,
    `style-src ${files} 'unsafe-inline'`,
    `img-src ${files} data: blob:`,
    `font-src ${files} data:`,
    `media-src ${files} data: blob:`,
    `connect-src ${files}`,
    "form-action 'none'",
  ].join('; ');
}

/** Once per document. */
export function applyContentPolicy(rendererUrl: string): void {
  if (document.head.querySelector('meta[data-lungnb]')) return;
  const meta = document.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = contentPolicy(new URL(rendererUrl).origin);
  meta.dataset.lungnb = '';
  document.head.append(meta);
}
