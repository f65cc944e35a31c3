/** What a kind of fault is, and what must hold after any of them. */
import { type Computer, type Ended, leftovers, run, type Snapshot, snapshot } from './study.ts';

/** What one attempt came to. */
export interface Outcome {
  /** What exactly was done, such as where it was killed. */
  readonly tried: string;
  /** How the command answered, in a few words. */
  readonly came: string;
  /** What does not hold; empty where all is well. */
  readonly wrong: readonly string[];
}

/** A run that nothing disturbed, with which all others are compared. */
export interface Reference {
  /** What the study holds before it is run. */
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** A cache that holds its measurements. */
  readonly cache: string;
}

export interface Fault {
  readonly name: string;
  /** Why this computer cannot have this fault; undefined where it can. */
  readonly whyNot?: () => string | undefined;
  /** Of `rounds`, the number that is asked for, each fault makes as many attempts as it needs to say the same. */
  attempts(rounds: number, reference: Reference): AsyncGenerator<Outcome>;
}

/** Results that a machine reads, in which no message stands. */
const FOR_MACHINES = /\.(json|csv|parquet)$/;
/** What a writer has not put in place; only a kill leaves it, and only until the next run. */
const UNFINISHED = /\.lungnb-writing$/;
/** How programmers' errors look: a stack, a class, a word of ours for a bug, a library's sentence about codes. */
const NOT_PLAIN = /^\s+at \S|This is a bug|\b\w*(Error|Exception): |ENOENT: |errno|\bundefined\b|\[object /m;

/** No file is half-written: each is as it was before, as `old` says, or as the undisturbed run makes it. */
export function halfWritten(
  found: Snapshot,
  { before, after }: Reference,
  old: Snapshot = {},
  killed = false,
): string[] {
  return Object.entries(found).flatMap(([path, sha256]) => {
    if (killed && UNFINISHED.test(path)) return [];
    return [before[path], after[path], old[path]].includes(sha256) ? [] : [`${path} is neither old nor new`];
  });
}

/** Every result, or those for machines alone, is to the byte that of the undisturbed run, and there is nothing else. */
export function differences(found: Snapshot, { after }: Reference, which: 'all' | 'machines' = 'all'): string[] {
  const matters = (path: string) => which === 'all' || FOR_MACHINES.test(path);
  const missing = Object.keys(after).filter((path) => !(path in found));
  const changed = Object.keys(found).filter((path) => matters(path) && found[path] !== after[path]);
  return [...missing.map((path) => `${path} is missing`), ...changed.map((path) => `${path} differs`)];
}

/** An end with words that a user understands: none where all went well, some where not. */
export function unplain({ code, signal, stdout, stderr, hung }: Ended): string[] {
  if (hung) return ['it hung'];
  if (signal) return [`it was ended by ${signal}: ${stderr.trim().slice(-300)}`];
  const said = messagesOf(stderr);
  if (code !== 0 && said === '') return [`it ended with ${code} and no word`];
  return NOT_PLAIN.test(`${said}\n${stdout}`) ? [`no plain words: ${said}`] : [];
}

/** What was said of trouble: neither the progress, nor what a page that computes holds, which every good run tells. */
export function messagesOf(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !/^\s*\d+ % |: To compute with, it holds /.test(line))
    .join('\n')
    .trim();
}

/** After the fault is over, one more run gives what an undisturbed one gives, and leaves nothing. */
export async function wrongAfterAnotherRun(computer: Computer, reference: Reference): Promise<string[]> {
  const again = await run(computer);
  return [
    ...(again.code === 0 && messagesOf(again.stderr) === '' ? [] : [`the next run: ${again.code} ${again.stderr}`]),
    ...differences(snapshot(computer), reference).map((one) => `after the next run, ${one}`),
    ...leftovers(computer).map((one) => `left over: ${one}`),
  ];
}

/** In a few words, for the table. */
export function inShort({ code, signal, stdout, stderr }: Ended): string {
  if (signal) return `ended by ${signal}`;
  const told = messagesOf(stderr) || /^.*(could not be kept|was passed over).*$/m.exec(stdout)?.[0];
  return code === 0 ? (told ? 'complete, told' : 'complete') : `exit ${code}, told`;
}
