/** Runs and ends the processes that the scripts start. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { exitCode } from '../bootstrap.mjs';
import { PROJECT } from './project.ts';

/** Runs a Node script in the project's root, its output on this terminal, and gives its exit code. */
export function runNode(args: readonly string[], options: SpawnOptions = {}): Promise<number> {
  return exitCode(spawn(process.execPath, args, { cwd: PROJECT, stdio: 'inherit', ...options }));
}

/** Runs a Node script that has to succeed. */
export async function mustRunNode(args: readonly string[], options: SpawnOptions = {}): Promise<void> {
  const code = await runNode(args, options);
  if (code !== 0) throw new Error(`\`node ${args.join(' ')}\` ended with exit code ${code}.`);
}

/** Ends a process that this one started, by its id: politely, and after five seconds for certain. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}
