/**
 * Writes what a notebook makes: exports, and the results of the command line. Nothing that the notebook loads is ever
 * written over; what else is there and no run of this notebook wrote is asked for, as is a place outside its folder.
 */
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { canonicalPath, isWithin, specialKind, statOf } from '../../files/identity.ts';
import { WriteError, writeAtomically } from '../../files/writeAtomically.ts';
import type { WriteAnswer, WriteQuestion } from '../../protocol/kernelApi.ts';
import { NotebookFileError, parseNotebook } from '../../protocol/notebookFile.ts';
import type { Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import { readStart } from '../ct/files/sources.ts';
import type { WriteGroup } from '../verbs/verb.ts';
import { isBehind, type ResolvedFile, resolvesTo } from './loadedFiles.ts';
import { sha256Of, sha256OfFile, type Writer, type WrittenFiles } from './writtenFiles.ts';

/** What a notebook loads: a path, made absolute. */
export interface Load {
  readonly path: string;
  /** Only cells, or statements, below the one that writes load it: it may be that one's own file. */
  readonly isLater: boolean;
}

export interface ResultWriterOptions {
  readonly notebookFolder: string;
  readonly modelFolders: readonly string[];
  readonly written: WrittenFiles;
  /** Asks the user; without one the answer is no. */
  readonly ask: ((question: WriteQuestion, signal: AbortSignal) => Promise<WriteAnswer>) | undefined;
}

export interface Result {
  readonly writer: Writer;
  /** Absolute. */
  readonly path: string;
  /** As the user wrote it, for messages. */
  readonly name: string;
  readonly loads: readonly Load[];
  /** The cell that writes, for the question. */
  readonly cellId?: string;
  /** SHA-256 of what may be there and be replaced, such as the notebook that was run. */
  readonly replaces?: string;
  readonly group?: WriteGroup;
}

/** What is known of the file that was there. */
interface Before {
  readonly sha256: string;
  /** A run of this notebook wrote it. */
  readonly isOwn: boolean;
}

export interface ResultWriter {
  /** Throws a UserError where the file must not, or shall not, be written. */
  check(result: Result, task: Task): Promise<void>;
  /** Checks and writes; a file that is there with this content is left alone. */
  write(result: Result, content: string | Uint8Array, task: Task): Promise<void>;
}

export function createResultWriter({ notebookFolder, modelFolders, written, ask }: ResultWriterOptions): ResultWriter {
  /** Places outside the notebook's folder that were allowed once, for as long as the notebook runs. */
  const allowedOutside = new Set<string>();

  async function checked(
    result: Result,
    content: string | Uint8Array | undefined,
    task: Task,
  ): Promise<{ canonical: string; before: Before | undefined }> {
    const { writer, path, name } = result;
    const special = await specialKind(path);
    if (special) throw new UserError('no-file', `"${name}" is ${special}. Choose the name of a file.`);
    const canonical = await canonicalPath(path).catch(() => {
      throw new UserError('cannot-write', `"${name}" cannot be written: its link leads in a circle.`);
    });
    if (writer === 'export') await insideOrAllowed(result, canonical, task.signal);
    const stats = await statOf(canonical);
    const before = stats && (await replaceable(result, { path: canonical, stats }, content, task));
    return { canonical, before };
  }

  async function insideOrAllowed(result: Result, canonical: string, signal: AbortSignal): Promise<void> {
    const { name, group, cellId } = result;
    if (allowedOutside.has(canonical) || isWithin(canonical, await canonicalPath(notebookFolder))) return;
    const message = `"${group?.folder ?? name}" lies outside the notebook’s folder.`;
    const answer = await answerTo(
      { kind: 'outside', file: basename(name), message, detail: canonical, ...(cellId ? { cellId } : {}) },
      { ask, group },
      signal,
    );
    if (!answer.allowed) throw new UserError('outside-folder', `${message} Nothing was written. ${answer.advice}`);
    allowedOutside.add(canonical);
  }

  /** Throws unless the file that is there may be replaced, or has this content already. */
  async function replaceable(
    result: Result,
    file: ResolvedFile,
    content: string | Uint8Array | undefined,
    task: Task,
  ): Promise<Before | undefined> {
    const { writer, name, loads, replaces, cellId } = result;
    const named = await firstThat(loads, ({ path }) => resolvesTo(path, file));
    if (named && !named.isLater) throw loaded(name);
    const known = [...(await written.digests(writer, file.path)), ...(replaces === undefined ? [] : [replaces])];
    const mayBeSame = content !== undefined && file.stats.size === BigInt(Buffer.byteLength(content));
    const sha256 = known.length || mayBeSame ? await sha256OfFile(file.path, task.signal) : undefined;
    if (sha256 !== undefined && known.includes(sha256)) return { sha256, isOwn: true };
    // What is left alone need not be asked for, as where results came with the notebook from somebody else.
    if (mayBeSame && sha256 === sha256Of(content)) return { sha256, isOwn: false };
    // An empty file, as scripts make one to have its name, loses nothing.
    if (!named && file.stats.size === 0n) return undefined;
    if (named || (await isLoaded([...loads.map(({ path }) => path), ...modelFolders], file, task))) throw loaded(name);
    await refuseNotebooks(writer, name, file.path);
    const message = foreign(result, known.length > 0);
    const question = { kind: 'overwrite', file: basename(name), message, ...(cellId ? { cellId } : {}) } as const;
    const answer = await answerTo(question, { ask, group: result.group }, task.signal);
    if (!answer.allowed) throw new UserError('overwrites-foreign', `${message} It is left as it is. ${answer.advice}`);
    return undefined;
  }

  return {
    async check(result, task) {
      await checked(result, undefined, task);
    },
    async write(result, content, task) {
      const { writer, name } = result;
      const { canonical, before } = await checked(result, content, task);
      const sha256 = sha256Of(content);
      if (before?.sha256 === sha256) return;
      const own = before?.isOwn ? before.sha256 : undefined;
      await writeAtomically(canonical, content, {
        signal: task.signal,
        beforeReplacing: () => written.note(writer, canonical, sha256, own),
      }).catch((error: unknown) => {
        if (!(error instanceof WriteError)) throw error;
        throw new UserError('cannot-write', `"${name}" cannot be written: ${error.message}.`);
      });
    },
  };
}

/** Of a group, one answer is that to all questions of a kind. */
async function answerTo(
  question: WriteQuestion,
  { ask, group }: { readonly ask: ResultWriterOptions['ask']; readonly group: WriteGroup | undefined },
  signal: AbortSignal,
): Promise<WriteAnswer> {
  const known = group?.answers.get(question.kind);
  if (known || !group) return known ?? askOrRefuse(ask, question, signal);
  const message = `${question.message} Your answer holds for all that is written into "${group.folder}".`;
  const answer = await askOrRefuse(ask, { ...question, message }, signal);
  group.answers.set(question.kind, answer);
  return answer;
}

async function askOrRefuse(
  ask: ResultWriterOptions['ask'],
  question: WriteQuestion,
  signal: AbortSignal,
): Promise<WriteAnswer> {
  if (!ask) return { allowed: false, advice: 'Choose another name.' };
  signal.throwIfAborted();
  // A question that stands on the screen does not keep an interrupt waiting.
  const interrupted = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );
  return Promise.race([ask(question, signal), interrupted]);
}

/** By what reading one of the paths reads beside the file that it names. */
async function isLoaded(paths: readonly string[], file: ResolvedFile, task: Task): Promise<boolean> {
  return (await firstThat([...new Set(paths)], (path) => isBehind(path, file, task))) !== undefined;
}

/** What is there, in words; `wroteOnce` where a run of this notebook has written to the path before. */
function foreign({ name, replaces }: Result, wroteOnce: boolean): string {
  if (replaces !== undefined) return `"${name}" was changed while it ran.`;
  return wroteOnce
    ? `"${name}" was changed since this notebook wrote it.`
    : `"${name}" is there already, and no run of this notebook wrote it.`;
}

function loaded(name: string): UserError {
  return new UserError(
    'overwrites-input',
    `"${name}" is loaded by this notebook, by this name or another, and is never written over. Choose another name.`,
  );
}

/** Whoever names a notebook as `--out` may replace one that can be read; all others are somebody's work. */
async function refuseNotebooks(writer: Writer, name: string, path: string): Promise<void> {
  const kind = extname(path).toLowerCase() === '.lungnb' ? 'unreadable' : undefined;
  const found = (await notebookIn(path)) ?? kind;
  if (found === undefined || (writer === 'out' && found === 'notebook')) return;
  throw new UserError(
    'overwrites-notebook',
    found === 'notebook'
      ? `"${name}" is a notebook, and is not written over. Choose another name.`
      : `"${name}" is a notebook that this LungNB cannot read: damaged, or from a newer version. It is left as it is; choose another name.`,
  );
}

/** A JSON object begins within this, with a byte order mark and blanks before it. */
const START_BYTES = 1024;
/** What is larger, VS Code would not open. */
const MAX_NOTEBOOK_BYTES = 500e6;

/** Undefined also where the file may not be read. */
async function notebookIn(path: string): Promise<'notebook' | 'unreadable' | undefined> {
  const start = (await readStart(path, START_BYTES).catch(() => Buffer.of())).toString('utf8');
  const stats = await statOf(path);
  if (!/^\uFEFF?\s*\{/.test(start) || !stats || stats.size > MAX_NOTEBOOK_BYTES) return undefined;
  const text = await readFile(path, 'utf8');
  try {
    parseNotebook(text);
    return 'notebook';
  } catch (error) {
    if (!(error instanceof NotebookFileError)) throw error;
    return /^\uFEFF?\s*\{\s*"lungnb"\s*:/.test(start) ? 'unreadable' : undefined;
  }
}

async function firstThat<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<T | undefined> {
  for (const item of items) if (await test(item)) return item;
  return undefined;
}
