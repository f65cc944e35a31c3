/** The page of an editor of slices: one script of ours, and nothing from elsewhere. */
import { randomBytes } from 'node:crypto';
import type * as vscode from 'vscode';

export function sliceEditorPage(webview: vscode.Webview, script: vscode.Uri, title = 'Slices'): string {
  const nonce = randomBytes(16).toString('hex');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    // The view's styles stand in its shadow root.
    "style-src 'unsafe-inline'",
    `font-src ${webview.cspSource}`,
    'img-src blob: data:',
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>html, body { height: 100%; margin: 0; padding: 0; background: var(--vscode-editor-background); } #view { height: 100%; }</style>
</head>
<body>
<main id="view"></main>
<script type="module" nonce="${nonce}" src="${webview.asWebviewUri(script)}"></script>
</body>
</html>`;
}
