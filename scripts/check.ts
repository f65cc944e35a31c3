/** `npm run check`: format, lint, reasons of casts, and types of every room. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNode } from './lib/processes.ts';
import { PROJECT } from './lib/project.ts';

const ROOMS = [
  'src/protocol',
  'src/files',
  'src/kernel',
  'src/extension',
  'src/webview',
  'scripts',
  'samples',
  'models',
  'test',
] as const;

export interface Check {
  readonly name: string;
  /** Arguments for Node. */
  readonly args: readonly string[];
}

const tool = (path: string) => join(PROJECT, 'node_modules', path);

export const CHECKS: readonly Check[] = [
  { name: 'format and lint', args: [tool('@biomejs/biome/bin/biome'), 'ci', '--error-on-warnings'] },
  { name: 'reasons of casts', args: [join(PROJECT, 'scripts', 'casts.ts')] },
  ...ROOMS.map((room) => ({ name: `types of ${room}`, args: [tool('typescript/bin/tsc'), '-p', room] })),
];

/** Names of the checks that failed; what they found is on the terminal. */
export async function runChecks(): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, args } of CHECKS) if ((await runNode(args)) !== 0) failed.push(name);
  return failed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const failed = await runChecks();
  console.log(failed.length ? `Failed: ${failed.join(', ')}.` : 'All checks passed.');
  process.exitCode = failed.length ? 1 : 0;
}
