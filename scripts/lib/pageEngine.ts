/** The kernel's code on tables as a program for a browser's thread. It fails to build where that asks for what only Node has. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { PROJECT } from './project.ts';

const NEEDS_COMPUTER = join(PROJECT, 'src/kernel/page/needsComputer.ts');

export async function pageEngine(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: PROJECT,
    entryPoints: { engine: 'src/kernel/page/worker.ts' },
    bundle: true,
    write: false,
    minify: true,
    logLevel: 'warning',
    platform: 'browser',
    format: 'iife',
    target: 'chrome120',
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    plugins: [
      {
        name: 'what needs a computer apart',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^\./ }, ({ kind }) =>
            kind === 'dynamic-import' ? { path: NEEDS_COMPUTER } : undefined,
          ),
      },
    ],
  });
  return outputFiles[0]!.text;
}
