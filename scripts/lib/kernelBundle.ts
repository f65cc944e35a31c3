/** Bundles parts of the kernel as they ship, with the files that they need beside them. */
import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { PROJECT } from './project.ts';

/** What bundled CommonJS packages take for granted, and an ES module has to make for itself. */
export const COMMONJS = `import { createRequire as lungnbCreateRequire } from 'node:module';
const require = lungnbCreateRequire(import.meta.url);
const __dirname = import.meta.dirname;`;

const CODECS = [
  'dcmjs-codecs/build/dcmjs-native-codecs.wasm',
  '@cornerstonejs/codec-charls/dist/charlswasm_decode.wasm',
];

/** What every bundle of LungNB has in common. */
export const shared: BuildOptions = {
  absWorkingDir: PROJECT,
  bundle: true,
  sourcemap: 'linked',
  logLevel: 'warning',
  target: 'node22',
};

export async function bundleKernel(entryPoints: Readonly<Record<string, string>>, outdir: string): Promise<void> {
  await build({
    ...shared,
    entryPoints: { ...entryPoints },
    outdir,
    platform: 'node',
    format: 'esm',
    banner: { js: COMMONJS },
    // dcmjs-codecs would bring a second one, and its dictionary takes megabytes in every thread.
    alias: { dcmjs: join(PROJECT, 'node_modules/dcmjs/build/dcmjs.es.js') },
    // Both start files of their own from where they are installed.
    external: ['onnxruntime-node', 'piscina'],
  });
  for (const codec of CODECS)
    await copyFile(join(PROJECT, 'node_modules', codec), join(PROJECT, outdir, basename(codec)));
}
