/** The options of `lungnb`'s commands, and what they make of the kernel. */
import { homedir, platform } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { EngineOptions, KernelOptions } from '../../protocol/kernelApi.ts';
import { serversFromEnvironment } from '../ct/dicomWeb/address.ts';
import { OWN_MODELS } from '../ownFiles.ts';
import { deviceOf } from './deviceOption.ts';
import { parsedArgs } from './parsedArgs.ts';
import { UsageError } from './usageError.ts';

export function parseCommand(argv: readonly string[], usage: string) {
  return parsedArgs(
    argv,
    {
      set: { type: 'string', multiple: true },
      out: { type: 'string' },
      html: { type: 'string' },
      'no-code': { type: 'boolean' },
      slices: { type: 'string' },
      static: { type: 'boolean' },
      serve: { type: 'boolean' },
      'with-labels': { type: 'boolean' },
      json: { type: 'string' },
      crate: { type: 'string' },
      pdf: { type: 'string' },
      docx: { type: 'string' },
      paper: { type: 'string' },
      browser: { type: 'string' },
      overwrite: { type: 'boolean' },
      'allow-outside': { type: 'boolean' },
      'keep-going': { type: 'boolean' },
      'show-paths': { type: 'boolean' },
      models: { type: 'string', multiple: true },
      cache: { type: 'string' },
      device: { type: 'string' },
      as: { type: 'string' },
      to: { type: 'string' },
      task: { type: 'string' },
      label: { type: 'string', multiple: true },
      orientation: { type: 'string' },
      'no-mirroring': { type: 'boolean' },
      'cache-from': { type: 'string', multiple: true },
      on: { type: 'string' },
      jobs: { type: 'string' },
      sbatch: { type: 'string', multiple: true },
      'array-size': { type: 'string' },
      'no-wait': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean' },
    },
    usage,
  );
}

export type RunOptions = ReturnType<typeof parseCommand>['values'];

export function kernelOptions(notebook: string, values: RunOptions): KernelOptions {
  const { models = [], cache, 'cache-from': cacheFrom = [], set = [], device } = values;
  const parameters = set.map((assignment) => {
    const [name, ...value] = assignment.split('=');
    if (!name || value.length === 0) throw new UsageError(`--set expects name=value, not "${assignment}".`);
    return [name, value.join('=')];
  });
  const notebookFolder = dirname(resolve(notebook));
  return {
    notebookFolder,
    notebookFile: resolve(notebook),
    cacheFolder: cacheFolderOf(cache),
    cacheFrom: cacheFrom.map((folder) => resolve(folder)),
    modelFolders: [...models.map((folder) => resolve(folder)), join(notebookFolder, 'models'), OWN_MODELS],
    parameters: Object.fromEntries(parameters),
    ...(device !== undefined && { device: deviceOf(device) }),
    ...(values.browser !== undefined && { browser: values.browser }),
    dicomWebServers: serversFromEnvironment(process.env),
    engine: engineFrom(values),
  };
}

/** Throws a UsageError where options contradict each other. */
function engineFrom(values: RunOptions): EngineOptions {
  const { on = 'local', jobs, sbatch, 'array-size': arraySize, 'no-wait': noWait } = values;
  const whole = (option: string, written: string | undefined) => {
    const number = Number(written);
    if (written !== undefined && !(Number.isInteger(number) && number > 0))
      throw new UsageError(`--${option} expects a whole number above 0, not "${written}".`);
    return written === undefined ? undefined : number;
  };
  if (on === 'slurm') {
    if (jobs !== undefined)
      throw new UsageError('--jobs belongs to --on local. With Slurm, --array-size says how many tasks.');
    return { on, sbatch: sbatch ?? [], arraySize: whole('array-size', arraySize), noWait };
  }
  if (on !== 'local') throw new UsageError(`--on expects local or slurm, not "${on}".`);
  for (const [option, value] of Object.entries({ sbatch, 'array-size': arraySize, 'no-wait': noWait }))
    if (value !== undefined) throw new UsageError(`--${option} belongs to --on slurm.`);
  return { on, jobs: whole('jobs', jobs) };
}

export function cacheFolderOf(cache?: string): string {
  return resolve(cache ?? process.env.LUNGNB_CACHE ?? defaultCache());
}

/** Where the platform keeps caches. */
function defaultCache(): string {
  if (platform() === 'win32') return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'lungnb');
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Caches', 'lungnb');
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lungnb');
}
