import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { noticesOf, packagesIn } from '../../../scripts/lib/notices.ts';

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'lungnb-notices-'));
});
afterEach(() => rmSync(project, { recursive: true }));

function put(path: string, text: string | object): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), typeof text === 'string' ? text : JSON.stringify(text));
}

it('gives each package of the bundles with its licence, a text that several share once', () => {
  put('node_modules/one/package.json', { name: 'one', version: '1.0.0', license: 'MIT' });
  put('node_modules/one/LICENSE.md', 'Copyright A\n');
  put('node_modules/@scope/two/package.json', { name: '@scope/two', version: '2.0.0', license: 'MIT' });
  put('node_modules/@scope/two/LICENSE', 'Copyright A');
  put('node_modules/three/package.json', { name: 'three', version: '3.0.0', license: 'ISC' });
  put('out/kernel/main.js.map', {
    sources: ['../../src/own.ts', '../../node_modules/one/index.js', '../../node_modules/one/lib/x.js'],
  });
  put('out/webview/page.js.map', {
    // Of what `three` was bundled from there is no folder.
    sources: ['../../node_modules/@scope/two/a.js', '../../node_modules/three/node_modules/gone/a.js'],
  });
  const packages = packagesIn(join(project, 'out'));
  expect(packages).toEqual(['@scope/two', 'one', 'three'].map((name) => `${project}/node_modules/${name}`));
  expect(noticesOf(packages).split(/\n+-{80}\n+/)).toEqual([
    'LungNB contains code of these packages, each under its own licence.',
    '@scope/two 2.0.0 (MIT)\none 1.0.0 (MIT)\n\nCopyright A',
    'three 3.0.0 (ISC)',
  ]);
});

it('refuses a package that says nothing of its licence', () => {
  put('node_modules/bare/package.json', { name: 'bare', version: '1.0.0' });
  expect(() => noticesOf([join(project, 'node_modules/bare')])).toThrow(/package bare says nothing of its licence/);
});
