/** `lungnb measure`: measures CTs into the cache, as a notebook's `quantify` would, for scripts and the jobs of a cluster. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Device } from '../../protocol/devices.ts';
import { MEASUREMENTS_FOLDER } from '../../protocol/kernelApi.ts';
import type { RemarkCode } from '../../protocol/remarkCodes.ts';
import { plainText } from '../../protocol/views/index.ts';
import { counted } from '../base/counted.ts';
import { reasonOf } from '../base/plainErrors.ts';
import type { Task } from '../base/task.ts';
import { limitThreads } from '../base/threads.ts';
import { errorOf } from '../base/thrown.ts';
import { UserError } from '../base/userError.ts';
import type { Cohort } from '../ct/cohort/cohort.ts';
import { usedSeries } from '../ct/cohort/seriesChoice.ts';
import type { Discovering } from '../ct/files/discover.ts';
import { keptOfEach } from '../ct/files/keptHeaders.ts';
import { type CtResult, writeResult } from '../engine/ctResult.ts';
import { measureCts } from '../engine/measureCts.ts';
import { itemsOf, parseShard, type Shard } from '../engine/shard.ts';
import { meansOfList, readWorkList } from '../engine/workList.ts';
import { findModel } from '../inference/model.ts';
import { createImageService } from '../lungs/imageService.ts';
import type { Measuring } from '../lungs/means.ts';
import { createMeasurementCache } from '../session/measurementCache.ts';
import { print, report } from '../terminal.ts';
import type { CtToMeasure } from '../values/engine.ts';
import type { MeasurementStore } from '../values/measurementStore.ts';
import { LOBE_MODEL, TEXTURE_MODEL } from '../verbs/quantify/means.ts';
import { unusedRemarks } from '../views/cohortView.ts';
import { kept } from '../views/messagesView.ts';
import { deviceOf } from './deviceOption.ts';
import { opened } from './opened.ts';
import { parsedArgs } from './parsedArgs.ts';
import { UsageError } from './usageError.ts';

export const MEASURE_USAGE = `lungnb measure: measures CTs into the cache, as \`quantify\` would; what is there already is left.

  lungnb measure cohort/ [--shard 3/40] [--json]
  lungnb measure --list FILE [--shard 3/40] [--json]

The cohort is whatever \`load\` takes: a folder, an archive, a manifest, a DICOMweb address. FILE
has a path in each line. What fails or cannot be read never ends the rest. Exit codes: 0 all is
measured, 1 something failed or could not be read, 2 nothing could be measured at all.

  --with MODEL --lobes MODEL   the models, as in \`quantify\`
  --models FOLDER    a folder with model folders (may be repeated)
  --cache FOLDER     where measured CTs are kept
  --cache-from FOLDER   another cache that is read and never written (may be repeated)
  --shard 3/40       only the third of 40 parts: of the CTs, or of the paths of a list, of which
                     the others are not looked into
  --threads N        at most so many threads
  --memory GB        refuses a CT that needs more, with the models named
  --device NAME      cpu (as ever), cuda, directml, coreml, or auto for the first that is there
  --json             a line of JSON for each CT, in place of text`;

interface Defaults {
  readonly cacheFolder: string;
  /** Models that come with LungNB. */
  readonly modelFolder: string;
}

/** The exit code. Throws a UsageError where nothing can be measured at all. */
export async function measure(argv: readonly string[], defaults: Defaults): Promise<number> {
  try {
    return await measureAsked(argv, defaults);
  } catch (error) {
    throw error instanceof UserError ? new UsageError(error.message) : error;
  }
}

async function measureAsked(argv: readonly string[], { cacheFolder, modelFolder }: Defaults): Promise<number> {
  const { values, positionals } = parseCommand(argv);
  if (values.help) {
    print(MEASURE_USAGE);
    return 0;
  }
  if (positionals.length + Number(values.list !== undefined) !== 1) throw new UsageError(MEASURE_USAGE);
  if (positionals[0]?.trim() === '') throw new UsageError('The path of the cohort is empty.');
  if (values.threads !== undefined) limitThreads(Math.ceil(numberOf('threads', values.threads)));
  // A task of a job goes on without what its computer does not see.
  if (values.results === undefined)
    for (const option of ['models', 'cache-from'] as const)
      for (const folder of values[option] ?? []) await expectFolder(option, folder);
  const shard = parseShard(values.shard ?? '1/1');
  const task = interruptibleTask();
  const ownFolders = (values.models ?? []).map((folder) => resolve(folder));
  const named = {
    lobes: values.lobes ?? LOBE_MODEL,
    textures: values.with ?? TEXTURE_MODEL,
    modelFolders: [...ownFolders, modelFolder],
    ...(values.device !== undefined && { device: deviceOf(values.device) }),
  };
  const measurements = createMeasurementCache(join(resolve(values.cache ?? cacheFolder), MEASUREMENTS_FOLDER), {
    limitBytes: Number.POSITIVE_INFINITY,
    readAlso: (values['cache-from'] ?? []).map((folder) => join(resolve(folder), MEASUREMENTS_FOLDER)),
  });
  const unread: Unread[] = [];
  const asking = { measurements, task, unread };
  const work = values.list === undefined ? undefined : await readWorkList(values.list).catch(noList(values.list));
  const parts =
    values.list === undefined
      ? inOnePart(itemsOf(shard, await ctsAt(positionals[0]!, measurements, asking)))
      : work
        ? inOnePart(work.cts)
        : partsListed(values.list, shard, asking);
  // Nobody looks at slices meanwhile.
  const images = createImageService({ volumesKept: 1 });
  const results: CtResult[] = [];
  try {
    const memory = values.memory === undefined ? {} : { memoryBytes: numberOf('memory', values.memory) * 1e9 };
    const meansOf = work ? await meansOfList(work) : await meansNamed(named);
    const measuring = { meansOf, images, measurements, task, ...memory };
    for await (const cts of parts)
      await measureCts(cts, measuring, {
        async done(n, result) {
          const place = work?.cts[n]?.place;
          if (values.results !== undefined && place !== undefined) await writeResult(values.results, place, result);
        },
        tell(result) {
          results.push(result);
          print(values.json ? JSON.stringify(result) : lineOf(result));
        },
      });
  } finally {
    await images.close();
  }
  if (values.json) for (const one of unread) print(JSON.stringify({ state: 'unread', ...one }));
  else print(summaryOf(results, unread));
  return unread.length === 0 && results.every(({ state }) => state === 'measured' || state === 'kept') ? 0 : 1;
}

/** What may hold a CT and could not be read, or a line of a list where there is none. */
interface Unread {
  readonly code?: RemarkCode;
  readonly message: string;
  /** Of the list, from 1. */
  readonly line?: number;
}

/** What is asked of every path, and where that is told which cannot be read. */
interface Asking {
  readonly measurements: MeasurementStore;
  readonly task: Task;
  readonly unread: Unread[];
}

function noList(path: string) {
  return (error: unknown): never => {
    throw new UsageError(`The list ${basename(path)} cannot be read: ${reasonOf(error)}.`);
  };
}

/** What a typing error would leave out of the search without a word. */
async function expectFolder(option: string, folder: string): Promise<void> {
  const found = await readdir(folder).catch(reasonOf);
  if (typeof found === 'string') throw new UsageError(`--${option}: the folder ${folder} cannot be read: ${found}.`);
}

function parseCommand(argv: readonly string[]) {
  return parsedArgs(
    argv,
    {
      list: { type: 'string' },
      shard: { type: 'string' },
      with: { type: 'string' },
      lobes: { type: 'string' },
      models: { type: 'string', multiple: true },
      cache: { type: 'string' },
      'cache-from': { type: 'string', multiple: true },
      threads: { type: 'string' },
      memory: { type: 'string' },
      device: { type: 'string' },
      json: { type: 'boolean' },
      // Of the jobs that LungNB submits itself: a file for each CT in this folder.
      results: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    MEASURE_USAGE,
  );
}

/** The same models for all CTs. */
async function meansNamed({
  lobes,
  textures,
  modelFolders,
  device,
}: {
  readonly lobes: string;
  readonly textures: string;
  readonly modelFolders: readonly string[];
  readonly device?: Device;
}): Promise<() => Measuring> {
  const means = {
    lobes: await findModel(modelFolders, lobes, 'lobes'),
    textures: await findModel(modelFolders, textures, 'textures'),
    ...(device !== undefined && { device }),
  };
  return () => means;
}

function numberOf(option: string, written: string): number {
  const number = Number(written);
  if (written.trim() && number > 0 && Number.isFinite(number)) return number;
  throw new UsageError(`--${option} expects a number above 0, not "${written}".`);
}

/** What a job is told to end with ends the CT under way; those that were measured stay. */
function interruptibleTask(): Task {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => controller.abort(new UsageError(`Ended by ${signal}.`)));
  return { signal: controller.signal, progress: () => {} };
}

async function ctsAt(path: string, headers: Discovering['headers'], { task, unread }: Asking): Promise<CtToMeasure[]> {
  const found = await opened(path, headers, task);
  if (found.kind !== 'cohort')
    throw new UsageError(
      `"${path}" holds no CT: it was read as ${found.kind === 'table' ? 'a table without the columns `patient` and `path`' : 'masks'}.`,
    );
  return ctsOf(found.cohort, unread);
}

async function* inOnePart(cts: readonly CtToMeasure[]): AsyncGenerator<readonly CtToMeasure[]> {
  yield cts;
}

/** Paths that are looked into before what is there is measured, and forgotten: memory does not grow with the list. */
const PATHS_AT_ONCE = 100;

/** What is wrong with one path is said, and the others go on. */
async function* partsListed(file: string, shard: Shard, asking: Asking): AsyncGenerator<readonly CtToMeasure[]> {
  const { measurements, task, unread } = asking;
  const lines = (await readFile(file, 'utf8'))
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((path, n) => ({ path, line: n + 1 }));
  const paths = itemsOf(
    shard,
    lines.filter(({ path }) => path.trim() !== ''),
  );
  const headers = keptOfEach(measurements, paths.length);
  let found = 0;
  for (let first = 0; first < paths.length; first += PATHS_AT_ONCE) {
    const cts: CtToMeasure[] = [];
    for (const { path, line } of paths.slice(first, first + PATHS_AT_ONCE))
      try {
        cts.push(...(await ctsAt(resolve(dirname(file), path), headers, asking)));
      } catch (error) {
        if (task.signal.aborted) throw error;
        const { message } = errorOf(error);
        report(`Line ${line} of the list: ${message}`);
        unread.push({ line, message, ...(error instanceof UserError && { code: error.code }) });
      }
    found += cts.length;
    yield cts;
  }
  if (found === 0 && paths.length > 0)
    throw new UsageError(`No CT was found at ${counted(paths.length, 'path')} of the list.`);
}

/** Remarks on files that may hold a CT and cannot be used; on others (`not-an-image`) a cohort is whole without them. */
const LOST: ReadonlySet<RemarkCode> = new Set([
  'damaged-image',
  'disk-full',
  'file-changed',
  'file-too-large',
  'image-not-fetched',
  'path-missing',
  'tar-unreadable',
  'unpacks-too-large',
  'unreadable-file',
  'unreadable-folder',
  'volume-file',
  'zip-entry-missing',
  'zip-entry-unreadable',
  'zip-unreadable',
  'zip-untrue',
]);

function ctsOf(cohort: Cohort, unread: Unread[]): CtToMeasure[] {
  const said = plainText({ type: 'messages', messages: unusedRemarks(cohort).map(kept), flags: [] });
  if (said) report(said);
  unread.push(...cohort.problems.filter(({ code }) => LOST.has(code)).map(({ code, message }) => ({ code, message })));
  return cohort.patients.flatMap((patient) => usedSeries(patient).map((series) => ({ patient: patient.id, series })));
}

const STATE_WORDS: Readonly<Record<CtResult['state'], string>> = {
  measured: 'measured',
  kept: 'measured before',
  failed: 'failed',
  'not-kept': 'measured, and not kept',
};

function lineOf({ patient, series, state, message, seconds, peakMb }: CtResult): string {
  const cost = state === 'measured' ? ` in ${seconds.toFixed(1)} s, at most ${peakMb} MB` : '';
  return `${patient}, ${series}: ${STATE_WORDS[state]}${cost}${message === undefined ? '' : `: ${message}`}`;
}

function summaryOf(results: readonly CtResult[], unread: readonly Unread[]): string {
  const states = Object.entries(STATE_WORDS).flatMap(([state, words]) => {
    const count = results.filter((result) => result.state === state).length;
    return count ? [`${count} ${words}`] : [];
  });
  const measured = `${counted(results.length, 'CT')}: ${states.join(', ') || 'none in this part'}`;
  return unread.length ? `${measured}; ${counted(unread.length, 'remark')} on what could not be read` : measured;
}
