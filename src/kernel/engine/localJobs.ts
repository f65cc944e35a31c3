/** Tasks as processes on this computer, a few at a time. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ActiveState, BatchSystem, Ended, JobFiles } from './batchSystem.ts';
import { measureArguments } from './measureCommand.ts';
import { numberedFile } from './numberedFile.ts';

export function localJobs(atOnce: number): BatchSystem {
  const threads = Math.max(1, Math.floor(availableParallelism() / atOnce));
  const jobs = new Map<string, LocalJob>();
  return {
    name: 'this computer',
    mostTasks: async () => undefined,
    async submit(files, tasks) {
      const job = `${process.pid}-${jobs.size + 1}`;
      jobs.set(job, startJob(files, tasks, { atOnce, threads }));
      return job;
    },
    active: async (job) => jobs.get(job)?.active ?? new Map(),
    ended: async (job) => jobs.get(job)?.ended ?? new Map(),
    async cancel(job) {
      jobs.get(job)?.cancel();
    },
  };
}

interface LocalJob {
  readonly active: Map<number, ActiveState>;
  readonly ended: Map<number, Ended>;
  cancel(): void;
}

function startJob(
  files: JobFiles,
  tasks: readonly number[],
  { atOnce, threads }: { readonly atOnce: number; readonly threads: number },
): LocalJob {
  const active = new Map<number, ActiveState>(tasks.map((task) => [task, 'waiting']));
  const ended = new Map<number, Ended>();
  const running = new Set<ReturnType<typeof spawn>>();
  const cancel = () => {
    for (const [task, state] of active) if (state === 'waiting') active.delete(task);
    for (const child of running) child.kill();
  };
  let next = 0;
  const startNext = () => {
    const task = tasks[next++];
    if (task === undefined || !active.has(task)) return;
    active.set(task, 'running');
    const log = openSync(join(files.logs, `${task}.log`), 'a', 0o600);
    const part = ['--list', numberedFile(files.lists, task), '--threads', `${threads}`];
    const child = spawn(process.execPath, [...measureArguments(files), ...part], { stdio: ['ignore', log, log] });
    closeSync(log);
    running.add(child);
    const end = (state: string, how: string) => {
      running.delete(child);
      active.delete(task);
      ended.set(task, { state, how, node: '' });
      if (running.size === 0) process.off('exit', cancel);
      startNext();
    };
    child.on('error', ({ message }) => end('FAILED', message));
    child.on('exit', (code, signal) => end(code === 0 ? 'COMPLETED' : 'FAILED', signal ?? `exit code ${code}`));
  };
  process.on('exit', cancel);
  for (let n = 0; n < atOnce; n++) startNext();
  return { active, ended, cancel };
}
