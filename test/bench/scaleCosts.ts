/**
 * What measuring one CT costs a cluster, by the built command line: seconds of processor, bytes read and written, what the
 * cache keeps, and the requests that a network file system would get, counted by strace (Linux). Start-up is counted apart,
 * since a task measures many CTs.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PROJECT } from '../../scripts/lib/project.ts';

export interface Costs {
  readonly processorSeconds: number;
  readonly peakMb: number;
  readonly inputBytes: number;
  readonly inputFiles: number;
  readonly cacheBytes: number;
  readonly cacheFiles: number;
  /** Requests by path: open, stat, rename, listing and the like; reading and writing of open files apart. */
  readonly inputRequests: number;
  readonly cacheRequests: number;
  /** The same of a CT that is in the cache already. */
  readonly knownInputRequests: number;
  readonly knownCacheRequests: number;
  /** Seconds of processor of a run that finds its CT in the cache: start-up, mostly. */
  readonly startSeconds: number;
}

const CLI = join(PROJECT, 'out/kernel/cli.js');
const SAMPLE_MS = 50;

/** `path` is a folder or file with one CT. */
export async function costsOf(path: string): Promise<Costs> {
  const folder = mkdtempSync(join(tmpdir(), 'lungnb-costs-'));
  try {
    const cache = join(folder, 'cache');
    const input = resolve(path);
    const first = await watched(input, cache);
    const again = await watched(input, cache);
    const kept = sizesBelow(join(cache, 'measured-cts'));
    const files = sizesBelow(input);
    rmSync(cache, { recursive: true });
    const anew = requests(input, cache, join(folder, 'first.log'));
    const known = requests(input, cache, join(folder, 'again.log'));
    return {
      processorSeconds: first.seconds - again.seconds,
      peakMb: first.peakMb,
      inputBytes: sum(files),
      inputFiles: files.length,
      cacheBytes: sum(kept),
      cacheFiles: kept.length,
      inputRequests: anew.input,
      cacheRequests: anew.cache,
      knownInputRequests: known.input,
      knownCacheRequests: known.cache,
      startSeconds: again.seconds,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function command(input: string, cache: string): string[] {
  return [process.execPath, CLI, 'measure', input, '--cache', cache, '--json'];
}

/** Looks at the process while it runs, since nothing is left of it afterwards. */
async function watched(input: string, cache: string): Promise<{ readonly seconds: number; readonly peakMb: number }> {
  const [program, ...rest] = command(input, cache);
  const child = spawn(program!, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (data) => {
    said += data;
  });
  let seconds = 0;
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  let isEnded = false;
  void ended.then(() => {
    isEnded = true;
  });
  while (!isEnded) {
    seconds = Math.max(seconds, processorSecondsOf(child.pid!));
    await wait(SAMPLE_MS);
  }
  if ((await ended) !== 0) throw new Error(`The CT at ${input} could not be measured: ${said}`);
  return { seconds, peakMb: JSON.parse(said.trim().split('\n').at(-1)!).peakMb };
}

/** Of all threads, so far; 0 of a process that has ended. */
function processorSecondsOf(pid: number): number {
  try {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ').slice(11, 13);
    return (Number(user) + Number(system)) / 100;
  } catch {
    return 0;
  }
}

function sizesBelow(path: string): number[] {
  if (statSync(path).isFile()) return [statSync(path).size];
  const found = readdirSync(path, { recursive: true, withFileTypes: true });
  return found.flatMap((entry) => (entry.isFile() ? [statSync(join(entry.parentPath, entry.name)).size] : []));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** System calls that name a path, or list or synchronise a folder or file below it. */
function requests(input: string, cache: string, log: string): { readonly input: number; readonly cache: number } {
  const calls = ['-f', '-y', '-e', 'trace=%file,getdents64,fsync,fdatasync', '-e', 'signal=none', '-o', log];
  execFileSync('strace', [...calls, ...command(input, cache)], { stdio: ['ignore', 'ignore', 'inherit'] });
  const lines = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => !line.includes('resumed>'));
  const below = (folder: string) => lines.filter((line) => line.includes(`${folder}`)).length;
  const ofCache = below(cache);
  return { input: below(input), cache: ofCache };
}

if (import.meta.filename === process.argv[1]) {
  const [path, to] = process.argv.slice(2);
  const text = JSON.stringify(await costsOf(path!), undefined, 2);
  if (to) writeFileSync(to, `${text}\n`);
  console.log(text);
}
