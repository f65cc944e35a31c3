#!/usr/bin/env node
/**
 * What `lungnb` starts with, on any Node from 20 on: the command itself where this Node can run it, else the same command
 * in the Node that `npm ci` has put into the project. It imports nothing that needs what an older Node lacks; what can be
 * linked only by a newer one is behind the import at its end.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as zlib from 'node:zlib';
import { report } from './terminal.ts';

const PROJECT_NODE = new URL(
  `../../node_modules/node/bin/${process.platform === 'win32' ? 'node.exe' : 'node'}`,
  import.meta.url,
);
/** Since Node 22.15 and 23.8: the last thing that the kernel needs of a newer Node. */
const isNewEnough = 'zstdCompress' in zlib;

if (isNewEnough) await import('./cli.ts');
else if (existsSync(PROJECT_NODE)) runIn(fileURLToPath(PROJECT_NODE));
else {
  report(
    `LungNB needs Node.js 22.15 or newer, and this is ${process.version}. Run \`npm ci\` in LungNB's folder, which fetches one for it, or install a newer Node.js.`,
  );
  process.exitCode = 2;
}

/** Ends as the other process does. */
function runIn(node: string): void {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl+C reaches the child itself; a signal that is sent to this process alone is handed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    report(`${node} cannot be started: ${error.message}. Run \`npm ci\` in LungNB's folder.`);
    process.exitCode = 1;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
