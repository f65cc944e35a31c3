/** Saves edited masks beside the notebook: whole or not at all, and never over somebody else's without being told to. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { canonicalPath, isWithin, specialKind, statOf } from '../../../files/identity.ts';
import { WriteError, writeAtomically } from '../../../files/writeAtomically.ts';
import type { WriteAnswer, WriteQuestion } from '../../../protocol/kernelApi.ts';
import { LAYERS, type Layer } from '../../../protocol/painting/brush.ts';
import { unattended } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import { editedFileName, editedFilesOf, type MakeFiles, recordOf } from '../../masks/editing/editedFiles.ts';
import type { EditRecord } from '../../masks/editing/editRecord.ts';
import type { Editing } from './openEditing.ts';

export interface Saving {
  /** Absolute. */
  readonly notebookFolder: string;
  /** Absolute; undefined for a notebook without a file. */
  readonly folder: string | undefined;
  readonly makeFiles: MakeFiles;
  /** Asks the user; without one the answer is no. */
  readonly ask: ((question: WriteQuestion, signal: AbortSignal) => Promise<WriteAnswer>) | undefined;
}

/** Why it could not be saved, where that can be known before; undefined where it is worth trying. */
export async function cannotSave({ notebookFolder, folder }: Saving): Promise<string | undefined> {
  if (folder === undefined)
    return 'Edited masks lie beside the notebook, and this one has no file yet. Save the notebook, and run its cells there.';
  const place = (await statOf(folder)) ? folder : notebookFolder;
  const mayWrite = await access(place, constants.W_OK).then(
    () => true,
    () => false,
  );
  return mayWrite
    ? undefined
    : 'The notebook’s folder may not be written, so that what you edit cannot be saved. Copy the notebook to a folder of yours.';
}

/** As it is now. */
export function recordsNow({ edits, origins, source: { grid } }: Editing): Readonly<Record<Layer, EditRecord>> {
  const of = (layer: Layer) => {
    const { changedBefore, ...origin } = origins[layer];
    return recordOf(origin, changedBefore + edits.changedVoxels(layer), grid);
  };
  return { lobes: of('lobes'), textures: of('textures') };
}

/**
 * Writes both maps: together they are all that is measured, and no network has to draw one anew. Throws a UserError where
 * it cannot be, or the user does not want it; all is then as it was.
 */
export async function saveEditing(editing: Editing, saving: Saving): Promise<void> {
  const { folder } = saving;
  const reason = await cannotSave(saving);
  if (folder === undefined || reason !== undefined)
    throw new UserError('cannot-write', reason ?? 'There is no folder.');
  const { measured, source, base, edits, knownClasses, files } = editing;
  const state = edits.stateId();
  const records = recordsNow(editing);
  const { patient, series } = measured;
  const ownClasses = records.textures.ownClasses;
  const maps = { patient, series, grid: source.grid, base, now: edits.now, ownClasses, knownClasses, records };
  const paths = LAYERS.map((layer) => [layer, join(folder, editedFileName(patient, series.id, layer))] as const);
  await refuseForeign(paths, editing, saving);
  const made = await editedFilesOf(maps, saving.makeFiles, unattended);
  for (const [layer, path] of paths) {
    const bytes = made[layer];
    await writeAtomically(path, bytes).catch((error: unknown) => {
      if (!(error instanceof WriteError)) throw error;
      throw new UserError('cannot-write', `“${basename(folder)}” cannot be written: ${error.message}.`);
    });
    files.set(layer, sha256Of(bytes));
  }
  editing.savedState = state;
  await editing.journal.clear();
}

/** Asks once for all files that somebody else made or changed, and for a folder that leads out of the notebook's. */
async function refuseForeign(
  paths: readonly (readonly [Layer, string])[],
  { files, measured: { patient } }: Editing,
  { notebookFolder, folder, ask }: Saving,
): Promise<void> {
  const name = basename(folder!);
  const canonical = await canonicalPath(folder!);
  if (!isWithin(canonical, await canonicalPath(notebookFolder)))
    await askOrThrow(ask, {
      kind: 'outside',
      file: name,
      message: `“${name}” leads out of the notebook’s folder.`,
      detail: canonical,
    });
  const foreign: string[] = [];
  for (const [layer, path] of paths) {
    const special = await specialKind(path);
    if (special)
      throw new UserError('no-file', `“${basename(path)}” of ${patient} is ${special}. Remove it, then save again.`);
    const stats = await statOf(path);
    if (stats && sha256Of(await readFile(path)) !== files.get(layer)) foreign.push(basename(path));
  }
  if (foreign.length)
    await askOrThrow(ask, {
      kind: 'overwrite',
      file: foreign.join('”, “'),
      message: `The masks of ${basename(dirname(paths[0]![1]))} in “${name}” were made or changed by somebody else, or edited since another model.`,
    });
}

async function askOrThrow(ask: Saving['ask'], question: WriteQuestion): Promise<void> {
  const answer = ask ? await ask(question, unattended.signal) : { allowed: false, advice: '' };
  if (!answer.allowed)
    throw new UserError(
      question.kind === 'outside' ? 'outside-folder' : 'overwrites-foreign',
      `${question.message} Nothing was saved; what you edited is kept here.`,
    );
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
