/**
 * What runs of a notebook wrote, so that a later run may replace its own file and asks before it replaces one that
 * somebody changed. The cache's folder holds a file for each, which knows paths and contents by their SHA-256 alone.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { canonicalPath } from '../../files/identity.ts';
import { makeFolder } from '../../files/makeFolder.ts';
import { systemErrorOf } from '../../files/systemError.ts';
import { WriteError, writeAtomically } from '../../files/writeAtomically.ts';
import { readWhole } from '../ct/files/regularFile.ts';

/** What wrote: a cell, or an option of the command line. One never takes another's file for its own. */
export type Writer = 'export' | 'out' | 'html' | 'json' | 'crate' | 'pdf' | 'docx';

export interface WrittenFiles {
  /** SHA-256 of what runs of this notebook put at the canonical path; a killed run may have stopped before it did. */
  digests(writer: Writer, path: string): Promise<readonly string[]>;
  /** Notes what is about to be put there in place of `before`, if that was this notebook's. */
  note(writer: Writer, path: string, sha256: string, before: string | undefined): Promise<void>;
}

const FOLDER = 'written-files';

/** Notebooks are told apart by where they are; one that was never saved knows of its own session alone. */
export function createWrittenFiles(cacheFolder: string, notebookFile: string | undefined): WrittenFiles {
  const session = new Map<string, readonly string[]>();

  async function recordOf(writer: Writer, path: string): Promise<{ name: string; file: string | undefined }> {
    const notebook = notebookFile === undefined ? '' : await canonicalPath(notebookFile);
    const name = sha256Of(JSON.stringify([notebook, writer, path]));
    return { name, file: notebookFile === undefined ? undefined : join(cacheFolder, FOLDER, name) };
  }

  return {
    async digests(writer, path) {
      const { name, file } = await recordOf(writer, path);
      const kept = file === undefined ? '' : await recordIn(file);
      return [...(session.get(name) ?? []), ...kept.split('\n').filter(Boolean)];
    },
    async note(writer, path, sha256, before) {
      const { name, file } = await recordOf(writer, path);
      // The one before stays known until the next time: this run may be killed before its file is in place.
      const digests = before === undefined || before === sha256 ? [sha256] : [sha256, before];
      session.set(name, digests);
      if (file !== undefined) await keep(file, digests);
    },
  };
}

/** A few lines of 64 digits. */
const LONGEST_RECORD_BYTES = 1000;

/** Empty where there is none, or where something else lies in its place: then the user is asked once more. */
async function recordIn(file: string): Promise<string> {
  const bytes = await readWhole(file, 'a record of the cache', LONGEST_RECORD_BYTES).catch(() => undefined);
  return bytes?.toString('utf8') ?? '';
}

/** A cache that cannot be written spoils no result: the next run will not know this one's file, and ask. */
async function keep(file: string, digests: readonly string[]): Promise<void> {
  try {
    await makeFolder(dirname(file), 0o700);
    await writeAtomically(file, `${digests.join('\n')}\n`, { mode: 0o600 });
  } catch (error) {
    if (!(error instanceof WriteError) && systemErrorOf(error).syscall === undefined) throw error;
  }
}

export function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Undefined where the file may not be read, so that nobody can say whose it is. */
export async function sha256OfFile(path: string, signal: AbortSignal): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { signal })) hash.update(chunk);
  } catch (error) {
    if (systemErrorOf(error).syscall === undefined) throw error;
    return undefined;
  }
  return hash.digest('hex');
}
