import { expect, it } from 'vitest';
import { contentPolicy } from '../../../src/webview/contentPolicy.ts';

it('names the host of the renderer where a policy can name it, and neither inline scripts nor eval', () => {
  const script = (own: string) => /script-src ([^;]*)/.exec(contentPolicy(own))?.[1]?.split(' ');
  expect(script('http://localhost:3017')).toContain('http://localhost:3017');
  expect(script('https://vscode-remote+localhost-003a3017.vscode-resource.vscode-cdn.net')).toEqual([
    "'self'",
    'https://*.vscode-cdn.net',
    'https://*.vscode-unpkg.net',
    'blob:',
  ]);
  expect(contentPolicy('vscode-webview://abc')).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|vscode-webview/);
});
