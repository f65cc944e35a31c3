/** `npm run build`: bundles the three rooms and the sample cohort's generator into out/ with esbuild; `--tests` adds the suite that runs inside VS Code. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { PROJECT } from './lib/project.ts';

const shared: BuildOptions = {
  absWorkingDir: PROJECT,
  bundle: true,
  sourcemap: 'linked',
  logLevel: 'warning',
  target: 'node22',
};

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

/** Bundled CommonJS packages call `require`, which an ES module has to make for itself. */
const REQUIRE = `import { createRequire as lungnbCreateRequire } from 'node:module';
const require = lungnbCreateRequire(import.meta.url);`;

const kernel: BuildOptions = {
  ...shared,
  entryPoints: {
    main: 'src/kernel/main.ts',
    cli: 'src/kernel/cli.ts',
    imageWorker: 'src/kernel/lungs/imageWorker.ts',
    decodeWorker: 'src/kernel/ct/decodeWorker.ts',
  },
  outdir: 'out/kernel',
  platform: 'node',
  format: 'esm',
  banner: { js: REQUIRE },
  // Both start files of their own from where they are installed.
  external: ['onnxruntime-node', 'piscina'],
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

/** In one piece, which goes into an exported page. */
const page: BuildOptions = { ...webview, entryPoints: { page: 'src/webview/page/page.tsx' } };

/** Draws the sample cohort on the user's computer, which is smaller than to ship it. */
const samples: BuildOptions = {
  ...shared,
  entryPoints: { buildCohort: 'samples/phantom/buildCohort.ts' },
  outdir: 'out/samples',
  platform: 'node',
  format: 'esm',
  banner: { js: REQUIRE },
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
await Promise.all(
  [extension, kernel, renderer, drawing, page, samples, ...(withTests ? [integrationTests] : [])].map((options) =>
    build(options),
  ),
);
const CODECS = 'dcmjs-native-codecs.wasm';
await copyFile(join(PROJECT, 'node_modules/dcmjs-codecs/build', CODECS), join(PROJECT, 'out/kernel', CODECS));
