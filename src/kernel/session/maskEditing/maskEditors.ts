/** Edits masks for viewers, one CT after another: does what they ask, keeps it on the disk, and says how things stand. */
import { join } from 'node:path';
import type { KernelOptions, MaskStatementsReply, MaskStatementsRequest } from '../../../protocol/kernelApi.ts';
import type { LAYERS } from '../../../protocol/painting/brush.ts';
import type {
  EditedBox,
  EditingState,
  EncodedLabels,
  MaskEdit,
  MaskEditReply,
  MaskEditRequest,
  SlicePlaceAsked,
} from '../../../protocol/painting/editing.ts';
import { reasonOf } from '../../base/plainErrors.ts';
import { extractSlice, sliceCounts } from '../../ct/geometry/slice.ts';
import { voxelMl } from '../../ct/geometry/volume.ts';
import type { ImageService } from '../../lungs/imageService.ts';
import { foldersName } from '../../masks/editing/editedFiles.ts';
import { sinceInWords } from '../../masks/editing/editRecord.ts';
import { type ActDifferences, inverseOf } from '../../masks/editing/labelEdits.ts';
import { joinedBoxes } from '../../masks/editing/sliceVoxels.ts';
import { makeMaskFiles } from '../../masks/write/makeMaskFiles.ts';
import { pack } from '../../views/encodeSlice.ts';
import type { ViewerSource } from '../../views/viewerSource.ts';
import { orProblem } from '../orProblem.ts';
import { type Done, fill, refuseUnknownLabel, reject, stroke } from './acts.ts';
import { type Editing, openEditing } from './openEditing.ts';
import { cannotSave, recordsNow, type Saving, saveEditing } from './saveEditing.ts';
import { maskStatements } from './statements.ts';

/** Maps take a gigabyte for the largest CTs; those of the others are opened again from the disk. */
const OPEN_AT_ONCE = 2;
/** A folder of the cache's that its limit does not touch: what lies there is nowhere else. */
const JOURNALS_FOLDER = 'unsaved-masks';

export interface MaskEditorsContext {
  readonly images: Pick<ImageService, 'place' | 'slice'>;
  readonly sourceOf: (handle: string) => ViewerSource | undefined;
  readonly options: Pick<KernelOptions, 'notebookFolder' | 'notebookFile' | 'cacheFolder'>;
  readonly ask: Saving['ask'];
  /** In a thread of their own unless told otherwise. */
  readonly makeFiles?: Saving['makeFiles'];
}

export interface MaskEditors {
  editMask(request: MaskEditRequest): Promise<MaskEditReply>;
  maskStatements(request: MaskStatementsRequest): MaskStatementsReply;
}

export function createMaskEditors({
  images,
  sourceOf,
  options,
  ask,
  makeFiles = makeMaskFiles,
}: MaskEditorsContext): MaskEditors {
  const { notebookFolder, notebookFile, cacheFolder } = options;
  const folderName = notebookFile === undefined ? undefined : foldersName(notebookFile.split(/[\\/]/).at(-1)!);
  const folder = folderName === undefined ? undefined : join(notebookFolder, folderName);
  const saving: Saving = { notebookFolder, folder, ask, makeFiles };
  const opening = { images, folder, journals: join(cacheFolder, JOURNALS_FOLDER) };
  const open = new Map<string, Promise<Editing>>();
  /** Acts on one CT come one after another, and so do those on all: they share the disk and the user's questions. */
  let last: Promise<unknown> = Promise.resolve();

  const editingOf = (handle: string, source: ViewerSource): Promise<Editing> | undefined => {
    const { overlay } = source;
    const measured = overlay?.measured;
    if (!overlay || !measured) return undefined;
    const known = open.get(handle) ?? openEditing({ ...source, overlay: { ...overlay, measured } }, opening);
    // The latest last.
    open.delete(handle);
    open.set(handle, known);
    known.catch(() => open.delete(handle));
    for (const oldest of open.keys()) {
      if (open.size <= OPEN_AT_ONCE) break;
      open.delete(oldest);
    }
    return known;
  };

  async function replyTo({ handle, edit, look }: MaskEditRequest): Promise<MaskEditReply> {
    const source = sourceOf(handle);
    if (!source) return { problem: 'Run the cell again to edit what it shows.' };
    const editing = await editingOf(handle, source);
    if (!editing)
      return { problem: 'Masks are edited from what was measured: show the CT with an overlay, `overlay ai`.' };
    const { changed, note } = await done(editing, edit);
    return {
      state: await stateOf(editing, { saving, folderName }),
      labels: await labelsOf(editing, look),
      ...(changed && { changed }),
      ...(note === undefined ? {} : { note }),
    };
  }

  async function done(
    editing: Editing,
    edit: MaskEdit,
  ): Promise<{ readonly changed?: EditedBox | undefined; readonly note?: string | undefined }> {
    const { edits } = editing;
    const kept = async ({ act, note }: Done, differences: ActDifferences | undefined) => {
      if (!act || !differences) return note === undefined ? {} : { note };
      const changed = edits.boxOf(act);
      const isAnywhere = changed.high.axial >= 0;
      if (isAnywhere) editing.box = joinedBoxes(editing.box, changed);
      const trouble = isAnywhere ? await keptOnDisk(editing, differences) : undefined;
      return { ...(isAnywhere && { changed }), note: trouble ?? note };
    };
    switch (edit.act) {
      case 'open':
        return { note: editing.note };
      case 'stroke':
      case 'fill': {
        refuseUnknownLabel(editing, edit.brush);
        const one = await (edit.act === 'stroke' ? stroke(editing, edit, images) : fill(editing, edit, images));
        return kept(one, one.act?.differences);
      }
      case 'reject': {
        const one = reject(editing, edit);
        return kept(one, one.act?.differences);
      }
      case 'undo': {
        const act = edits.undo();
        return kept({ act }, act && inverseOf(act.differences));
      }
      case 'redo': {
        const act = edits.redo();
        return kept({ act }, act?.differences);
      }
      case 'save':
        await saveEditing(editing, saving);
        return { note: `Saved in “${folderName}”.` };
    }
  }

  return {
    maskStatements({ cells, handle }) {
      const measured = sourceOf(handle)?.overlay?.measured;
      if (!measured || folderName === undefined)
        return { problem: 'Run the cell again, in a notebook that is saved, to use what you edited.' };
      return maskStatements(cells, folderName, measured);
    },
    editMask(request) {
      const reply = last.then(() => orProblem(() => replyTo(request)));
      last = reply.catch(() => undefined);
      return reply;
    },
  };
}

/** What hinders it, in a sentence; the act itself is done. */
async function keptOnDisk({ journal }: Editing, differences: ActDifferences): Promise<string | undefined> {
  return journal.add(differences).then(
    () => undefined,
    (error: unknown) =>
      `What you edit cannot be kept on the disk until it is saved (${reasonOf(error)}): save it soon.`,
  );
}

async function stateOf(
  editing: Editing,
  { saving, folderName }: { readonly saving: Saving; readonly folderName: string | undefined },
): Promise<EditingState> {
  const { edits, files, source, savedState, box } = editing;
  const records = recordsNow(editing);
  const layer = (of: (typeof LAYERS)[number]) => {
    const { changedVoxels, changedMl } = records[of];
    return { changedVoxels, changedMl, since: sinceInWords(records[of]) };
  };
  const isSaved = savedState === edits.stateId();
  const reason = await cannotSave(saving);
  return {
    layers: { lobes: layer('lobes'), textures: layer('textures') },
    canUndo: edits.done.length > 0,
    canRedo: edits.undone.length > 0,
    isSaved,
    isUntouched: isSaved && files.size === 0,
    ...(folderName === undefined ? {} : { folder: folderName }),
    ...(reason === undefined ? {} : { cannotSave: reason }),
    withoutTextureMl: edits.voxelsWithoutTexture() * voxelMl(source.grid),
    ...(box && { box }),
  };
}

async function labelsOf(
  { edits: { now }, source: { grid } }: Editing,
  look: readonly SlicePlaceAsked[],
): Promise<EncodedLabels[]> {
  const counts = sliceCounts(grid.size);
  const there = look.filter(({ plane, index }) => Number.isInteger(index) && index >= 0 && index < counts[plane]);
  return Promise.all(
    there.map(async ({ plane, index }) => {
      const of = (layer: (typeof LAYERS)[number]) => pack(extractSlice(now[layer], grid.size, plane, index).pixels);
      return { plane, index, lobes: await of('lobes'), textures: await of('textures') };
    }),
  );
}
