/** A small study in folders of its own, run by the built command line, with all that a run leaves behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { CLI } from '../../scripts/lib/project.ts';
import { boxOfLung, bringOwnModels } from '../unit/cli/ownModels.ts';
import { writeSeries } from '../unit/ct/helpers.ts';

/** Loads, measures, shows, compares and exports; every kind of output is among its results. */
const CELLS = [
  ['load "cohort" as c', 'load "reader.csv" as reader'],
  ['quantify c with "my-textures" lobes "my-lobes" as ai'],
  ['show c "A01" overlay ai plane axial window lung'],
  ['score ai at 1, 25, 50, 75 as scored', 'agree scored with reader for ggo, emphysema as ag'],
  ['export ai to "results/ai.csv"', 'export ag to "results/ag.parquet"'],
];
const READER = 'patient,region,class,score\nA01,total,ggo,3\nA01,total,emphysema,2\nA02,total,ggo,0\n';
/** Each option of the command line that writes, with its file below the place `out`. */
const OUT_FILES = { out: 'executed.lungnb', html: 'report.html', json: 'results.json' } as const;
const NOTEBOOK = 'study.lungnb';
/** No run of so small a study takes so long, on however busy a computer. */
const HANGS_AFTER_MS = 240_000;

const PLACES = ['study', 'out', 'cache', 'home', 'tmp'] as const;

/** A computer on which the study was not run yet; all of it goes with `remove`. */
export interface Computer {
  readonly root: string;
  readonly at: (place: (typeof PLACES)[number], ...path: string[]) => string;
  remove(): void;
}

/** What came of one run of the command. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly hung: boolean;
}

/** Files of the study and of its outputs, by path, with the SHA-256 of what is in them. */
export type Snapshot = Readonly<Record<string, string>>;

/** `cohort` is where `load` finds the CT, in the study's own folder or at the address of a server; `patient` is its label there. */
export function newComputer(cohort = 'cohort', patient = 'A01'): Computer {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'lungnb-faults-')));
  const at: Computer['at'] = (place, ...path) => join(root, place, ...path);
  for (const place of PLACES) mkdirSync(at(place));
  mkdirSync(at('study', 'results'));
  writeFileSync(at('study', 'reader.csv'), READER.replaceAll('A01', patient));
  cpSync(madeOnce(), at('study'), { recursive: true });
  writeNotebook(
    at('study', NOTEBOOK),
    CELLS.map((cell) => cell.map((line) => line.replace('"cohort"', `"${cohort}"`).replace('"A01"', `"${patient}"`))),
  );
  return { root, at, remove: () => rmSync(root, { recursive: true, force: true }) };
}

function writeNotebook(path: string, cells: readonly (readonly string[])[]): void {
  writeFileSync(path, JSON.stringify({ lungnb: 1, cells: cells.map((source) => ({ kind: 'code', source })) }));
}

let made: string | undefined;

/** The cohort and its models, which are the same for every computer. */
function madeOnce(): string {
  if (made !== undefined) return made;
  const folder = mkdtempSync(join(tmpdir(), 'lungnb-faults-study-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  writeSeries(join(folder, 'cohort', 'A01'), boxOfLung());
  bringOwnModels(folder);
  made = folder;
  return folder;
}

/** The DICOM files of the study's one CT. */
export function filesOfCt(): string[] {
  return globSync(join(madeOnce(), 'cohort', 'A01', '*')).sort();
}

export interface RunOptions {
  /** Where it is not the computer's own. */
  readonly cache?: string;
  /** Put before the command, such as `prlimit …`. */
  readonly before?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with the process as soon as it is there. */
  readonly watch?: (child: ChildProcess) => void;
}

/** `lungnb run` of the study, with all its outputs, in an environment of its own. */
export async function run(computer: Computer, options: RunOptions = {}): Promise<Ended> {
  const outputs = Object.entries(OUT_FILES).flatMap(([option, name]) => [`--${option}`, computer.at('out', name)]);
  const args = ['run', NOTEBOOK, '--cache', options.cache ?? computer.at('cache'), '--overwrite', ...outputs];
  const [program = '', ...rest] = [...(options.before ?? []), process.execPath, CLI, ...args];
  const child = spawn(program, rest, {
    cwd: computer.at('study'),
    env: {
      PATH: process.env.PATH ?? '',
      HOME: computer.at('home'),
      TMPDIR: computer.at('tmp'),
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  let hung = false;
  const patience = setTimeout(() => {
    hung = true;
    child.kill('SIGKILL');
  }, HANGS_AFTER_MS);
  options.watch?.(child);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject).once('close', (...how) => resolve(how));
  });
  clearTimeout(patience);
  return { code, signal, ...said, hung };
}

/** What is in the study and its outputs now. */
export function snapshot({ root, at }: Computer): Snapshot {
  const found: Record<string, string> = {};
  for (const place of ['study', 'out'] as const)
    for (const entry of readdirSync(at(place), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      found[relative(root, path)] = createHash('sha256').update(readFileSync(path)).digest('hex');
    }
  return found;
}

/** What a run leaves where nothing may be left: temporary files, files in the home folder, and processes. */
export function leftovers({ root, at }: Computer): string[] {
  const files = (['tmp', 'home'] as const).flatMap((place) => readdirSync(at(place)).map((name) => `${place}/${name}`));
  return [...files, ...processesOf(root)];
}

/** Processes that run with a folder of this computer in their environment, by which those of another test are none. */
function processesOf(root: string): string[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((id) => readIfThere(`/proc/${id}/environ`).includes(`TMPDIR=${join(root, 'tmp')}`))
    .map((id) => `process ${id} (${readIfThere(`/proc/${id}/cmdline`).replaceAll('\0', ' ').slice(0, 80)})`);
}

/** A process may end while it is looked at. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
