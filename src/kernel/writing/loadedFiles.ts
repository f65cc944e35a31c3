/** The files behind what a notebook loads: whether one that is to be written is among them, by identity and not by name. */
import type { BigIntStats } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { canonicalPath, isSameFile, statOf } from '../../files/identity.ts';
import type { Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import { isWebAddress } from '../ct/dicomWeb/address.ts';
import { discoverCohort } from '../ct/files/discover.ts';
import { findFiles } from '../ct/files/findFiles.ts';
import { createSourceReader, readStart } from '../ct/files/sources.ts';
import { isZip } from '../ct/files/zipFile.ts';
import { manifestPathsIn } from '../verbs/load/openPath.ts';

/** A file that is there: its canonical path, and what the system says of it. */
export interface ResolvedFile {
  readonly path: string;
  readonly stats: BigIntStats;
}

/** Whether a path, through whatever links, leads to the file. */
export async function resolvesTo(path: string, file: ResolvedFile): Promise<boolean> {
  const stats = await statOf(path);
  if (!stats) return false;
  return isSameFile(stats, file.stats) || (await canonicalPath(path).catch(() => undefined)) === file.path;
}

/** Whether the file is one of those that are read where `path` is loaded: of a folder, a disc's list, a manifest, a volume. */
export async function isBehind(path: string, file: ResolvedFile, task: Task): Promise<boolean> {
  for await (const read of filesBehind(path, task)) {
    task.signal.throwIfAborted();
    if (await resolvesTo(read, file)) return true;
  }
  return false;
}

/** The local files; nothing is fetched. What cannot be loaded has no file behind it but itself. */
async function* filesBehind(path: string, task: Task): AsyncGenerator<string> {
  yield path;
  try {
    const rows = await manifestPathsIn(path, (own) => (isAbsolute(own) ? own : join(dirname(path), own)), task);
    if (!rows) yield* imagesBehind(path, task);
    for (const row of rows ?? []) if (!isWebAddress(row)) yield* imagesBehind(row, task);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

/** The files of a folder, those that a disc's list names, and those of the voxels of a volume that are beside its header. */
async function* imagesBehind(path: string, task: Task): AsyncGenerator<string> {
  const reader = createSourceReader(task.signal);
  try {
    const { files } = await findFiles(path, { reader }, task);
    yield* files;
    if (files.length !== 1 || files[0] !== path || isZip(await readStart(path, SIGNATURE_BYTES))) return;
    const { patients } = await discoverCohort(path, task);
    for (const { series } of patients) for (const { sources } of series) yield* sources.map(({ file }) => file);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  } finally {
    reader.close();
  }
}

const SIGNATURE_BYTES = 4;
