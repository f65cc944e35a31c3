/** `npm run build`: bundles the three rooms and the sample cohort's generator into out/ with esbuild; `--tests` adds the suite that runs inside VS Code. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { bundleKernel, COMMONJS, shared } from './lib/kernelBundle.ts';
import { pageEngine } from './lib/pageEngine.ts';
import { PROJECT } from './lib/project.ts';

/** CommonJS for Node's extension host. */
const extension: BuildOptions = {
  ...shared,
  minify: true,
  entryPoints: { main: 'src/extension/main.ts' },
  outdir: 'out/extension',
  platform: 'node',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  external: ['vscode'],
};

const KERNEL = {
  main: 'src/kernel/main.ts',
  imageWorker: 'src/kernel/lungs/imageWorker.ts',
  fissureWorker: 'src/kernel/lungs/fissureWorker.ts',
  networkWorker: 'src/kernel/inference/networkWorker.ts',
  decodeWorker: 'src/kernel/ct/dicom/decodeWorker.ts',
  slabWorker: 'src/kernel/lungs/slabs/slabWorker.ts',
  maskWorker: 'src/kernel/masks/write/maskWorker.ts',
  tableWorker: 'src/kernel/tables/tableWorker.ts',
};

/** The command for a Node that can run it, apart from what starts it in any: a bundle of both could not be linked by an older one. */
const COMMAND = { command: 'src/kernel/cli.ts' };
const start: BuildOptions = {
  ...shared,
  entryPoints: { cli: 'src/kernel/anyNode.ts' },
  outdir: 'out/kernel',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  plugins: [
    {
      name: 'command apart',
      setup: ({ onResolve }) =>
        onResolve({ filter: /\/cli\.ts$/ }, ({ kind }) =>
          kind === 'dynamic-import' ? { path: './command.js', external: true } : undefined,
        ),
    },
  ],
};

const webview: BuildOptions = {
  ...shared,
  outdir: 'out/webview',
  platform: 'browser',
  format: 'esm',
  target: 'chrome120',
  minify: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.css': 'text' },
  define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
};

/** Plotly and what draws by it in a file of their own, which is fetched with the first figure. Splitting would make a third file, and its fetching a turn more. */
const drawing: BuildOptions = { ...webview, entryPoints: { drawing: 'src/webview/figure/drawing.ts' } };
const renderer: BuildOptions = {
  ...webview,
  entryPoints: { renderer: 'src/webview/main.tsx' },
  plugins: [
    {
      name: 'drawing apart',
      setup: ({ onResolve }) =>
        onResolve({ filter: /\/drawing\.ts$/ }, ({ kind }) =>
          kind === 'dynamic-import' ? { path: './drawing.js', external: true } : undefined,
        ),
    },
  ],
};

/** The viewer in an editor of its own. */
const sliceEditor: BuildOptions = { ...webview, entryPoints: { sliceEditor: 'src/webview/sliceEditor.tsx' } };

/** Blinded reading, one case after another. */
const readingRoom: BuildOptions = { ...webview, entryPoints: { readingRoom: 'src/webview/reading/readingRoom.tsx' } };

/** In one piece, which goes into an exported page. */
const page: BuildOptions = { ...webview, entryPoints: { page: 'src/webview/page/page.tsx' } };

/** Tells when such a page is drawn, to the browser that prints it. */
const printing: BuildOptions = { ...webview, entryPoints: { printing: 'src/webview/printing.ts' } };

/** What an exported page computes by: packed, since it is half of the page's program and starts after its pictures. */
async function bundleEngine(): Promise<void> {
  const packed = await promisify(deflateRaw)(await pageEngine(), { level: 9 });
  await writeFile(join(PROJECT, 'out/webview/engine.txt'), packed.toString('base64'));
}

/** Draws the sample cohort on the user's computer, which is smaller than to ship it. */
const samples: BuildOptions = {
  ...shared,
  entryPoints: { buildCohort: 'samples/phantom/buildCohort.ts' },
  outdir: 'out/samples',
  platform: 'node',
  format: 'esm',
  banner: { js: COMMONJS },
};

const integrationTests: BuildOptions = {
  ...shared,
  entryPoints: { index: 'test/integration/index.ts' },
  outdir: 'out/test',
  platform: 'node',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  external: ['vscode', 'mocha'],
};

const withTests = process.argv.includes('--tests');
const options = [
  extension,
  start,
  renderer,
  drawing,
  sliceEditor,
  readingRoom,
  page,
  printing,
  samples,
  ...(withTests ? [integrationTests] : []),
];
await Promise.all([
  ...options.map((one) => build(one)),
  bundleEngine(),
  bundleKernel({ ...KERNEL, ...COMMAND }, 'out/kernel'),
]);
