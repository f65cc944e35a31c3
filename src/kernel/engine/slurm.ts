/** Tasks as an array job of Slurm, by its own commands: sbatch, squeue, sacct, scontrol, scancel. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { writeAtomically } from '../../files/writeAtomically.ts';
import { UserError } from '../base/userError.ts';
import type { ActiveState, BatchSystem, Ended, JobFiles } from './batchSystem.ts';
import { measureArguments } from './measureCommand.ts';
import { FILES_IN_FOLDER } from './numberedFile.ts';
import { numbersOf, rangesOf } from './ranges.ts';

const SCRIPT = 'job.sh';
const WAITING = ['PENDING', 'CONFIGURING', 'REQUEUED', 'REQUEUE_HOLD', 'REQUEUE_FED', 'SPECIAL_EXIT', 'SUSPENDED'];

/** `sbatch` are further options of sbatch, such as `--partition=long`. */
export function slurm(sbatch: readonly string[]): BatchSystem {
  return {
    name: 'Slurm',
    async mostTasks() {
      const answer = await run('scontrol', ['show', 'config']);
      // One more than the highest number of a task.
      const most = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(answer.out)?.[1]) - 1;
      return most > 0 ? most : undefined;
    },
    async submit(files, tasks, avoid) {
      const script = join(files.folder, SCRIPT);
      await writeAtomically(script, scriptOf(files, sbatch), { mode: 0o700 });
      const array = ['--parsable', `--array=${rangesOf(tasks)}`];
      const elsewhere = avoid.length > 0 && (await run('sbatch', [...array, `--exclude=${avoid.join(',')}`, script]));
      // Where no other computer is left, the same may do better this time.
      const answer = elsewhere && !elsewhere.failed ? elsewhere : await run('sbatch', [...array, script]);
      if (answer.failed)
        throw new UserError(
          'job-refused',
          `Slurm does not take the job: ${answer.said}. The script is ${SCRIPT} in the cache’s folder \`jobs\`.`,
        );
      // In a federation the cluster's name follows.
      return answer.out.trim().split(';')[0]!;
    },
    async active(job) {
      const answer = await run('squeue', ['--noheader', '--array', `--jobs=${job}`, '--format=%K|%T']);
      if (!answer.failed) return activeTasks(answer.out);
      // A job that ended a while ago is forgotten.
      return /invalid job id/i.test(answer.said) ? new Map() : undefined;
    },
    async ended(job, tasks) {
      const kept = await run('sacct', ['-nPX', '-j', job, '--format=JobID,State,ExitCode,NodeList']);
      const found = kept.failed ? new Map() : fromAccounting(kept.out);
      if (found.size) return found;
      const remembered = await run('scontrol', ['show', 'job', '--oneliner', job]);
      return remembered.failed ? new Map() : fromController(remembered.out, tasks);
    },
    async cancel(job) {
      await run('scancel', [job]);
    },
  };
}

/** For a human reader, too, who may submit it by hand. Throws a UserError for an option that would be more than one. */
function scriptOf(files: JobFiles, sbatch: readonly string[]): string {
  const option = sbatch.find((written) => !/^--?[a-z][^\p{Cc}]*$/iu.test(written));
  if (option !== undefined)
    throw new UserError(
      'job-refused',
      `"${option}" is no option of sbatch. Write one such as \`--partition=long\`, in one line.`,
    );
  const [command, ...rest] = [process.execPath, ...measureArguments(files)].map(quoted);
  return [
    '#!/bin/sh',
    `# LungNB measures the CTs of the folder lists; each of ${files.tasks} tasks has its own. By hand:`,
    `#   sbatch --array=1-${files.tasks} ${SCRIPT}`,
    '#SBATCH --job-name=lungnb',
    // A per cent sign of the folder's own stands for itself.
    `#SBATCH --output="${join(files.logs.replaceAll('%', '%%'), '%A_%a.log').replaceAll('"', '\\"')}"`,
    ...sbatch.map((option) => `#SBATCH ${option}`),
    '',
    `exec ${command} ${rest.join(' ')} \\`,
    `  --list ${quoted(files.lists)}/"$((SLURM_ARRAY_TASK_ID / ${FILES_IN_FOLDER}))/$SLURM_ARRAY_TASK_ID.json" \\`,
    `  --threads "\${SLURM_CPUS_PER_TASK:-\${SLURM_CPUS_ON_NODE:-1}}"`,
    '',
  ].join('\n');
}

function quoted(argument: string): string {
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}

function activeTasks(out: string): Map<number, ActiveState> {
  const rows = out.split('\n').flatMap((line) => {
    const [task = '', state = ''] = line.trim().split('|');
    // Ended, and its computer still tidies up, which may take for ever.
    if (state === 'COMPLETING') return [];
    const now: ActiveState = WAITING.includes(state) ? 'waiting' : 'running';
    return numbersOf(task).map((number) => [number, now] as const);
  });
  return new Map(rows);
}

/** Lines such as `123_4|TIMEOUT|0:15|node7`; a state may be followed by who did it ("CANCELLED by 1000"). */
function fromAccounting(out: string): Map<number, Ended> {
  const rows = out.split('\n').flatMap((line) => {
    const [job = '', state = '', exit = '', node = ''] = line.split('|');
    const tasks = numbersOf(job.split('_')[1]?.replace(/^\[|\]$/g, '') ?? '');
    return tasks.map((task) => [task, { state: state.split(' ')[0]!, how: howOf(exit), node: nodeOf(node) }] as const);
  });
  return new Map(rows);
}

/** What the controller calls the record of those tasks that never had one of their own, since the array was cancelled. */
const THE_REST = '4294967294';

function fromController(out: string, tasks: readonly number[]): Map<number, Ended> {
  const records = out.split('\n').map((line) => {
    const field = (name: string) => new RegExp(`(?:^|\\s)${name}=(\\S*)`).exec(line)?.[1] ?? '';
    // While its computer tidies up, the reason tells more than the state.
    const state = field('Reason') === 'TimeLimit' ? 'TIMEOUT' : field('JobState');
    const ended = { state, how: howOf(field('ExitCode')), node: nodeOf(field('NodeList')) };
    return { task: field('ArrayTaskId'), ended };
  });
  const rest = records.find(({ task, ended }) => task === THE_REST && ended.state === 'CANCELLED');
  const own = records.flatMap(({ task, ended }) =>
    task === THE_REST ? [] : numbersOf(task).map((number) => [number, ended] as const),
  );
  return new Map([...(rest ? tasks.map((task) => [task, rest.ended] as const) : []), ...own]);
}

/** Slurm writes exit code and signal as `1:0`. */
function howOf(exit: string): string {
  const [code = '0', signal = '0'] = exit.split(':');
  if (signal !== '0') return `signal ${signal}`;
  return code === '0' ? '' : `exit code ${code}`;
}

function nodeOf(list: string): string {
  return /^(\(null\)|None assigned)?$/.test(list) ? '' : list;
}

interface Answer {
  readonly failed: boolean;
  readonly out: string;
  /** What it said of the failure. */
  readonly said: string;
}

function run(command: string, arguments_: readonly string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    execFile(command, [...arguments_], { maxBuffer: 1e8 }, (error, out, err) => {
      if (error && 'code' in error && error.code === 'ENOENT')
        reject(
          new UserError(
            'no-slurm',
            `\`${command}\` is not on this computer. Run the notebook where Slurm’s commands are, such as the cluster’s login node, or measure here (setting lungnb.engine, or without --on slurm).`,
          ),
        );
      else resolve({ failed: error !== null, out, said: err.trim().replace(/^\w+: (error: )?/, '') });
    });
  });
}
