/** How editing begins: with the maps that are looked at, with the file that was saved of them, and with what was not saved yet. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { LAYERS, type Layer } from '../../../protocol/painting/brush.ts';
import type { EditedBox } from '../../../protocol/painting/editing.ts';
import { type Task, unattended } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import type { ImageService } from '../../lungs/imageService.ts';
import { hasWholeLungs } from '../../lungs/lungParts.ts';
import { classesBrought, isModel } from '../../lungs/means.ts';
import { beforeOf, type EditedFile, editedFileName, readEditedFile } from '../../masks/editing/editedFiles.ts';
import { type EditRecord, type ModelUsed, mapBefore } from '../../masks/editing/editRecord.ts';
import { createJournal, type Journal } from '../../masks/editing/journal.ts';
import { createLabelEdits, type LabelEdits, type LayerMaps } from '../../masks/editing/labelEdits.ts';
import { boxAround } from '../../masks/editing/sliceVoxels.ts';
import type { MeasuredSeries } from '../../values/value.ts';
import { decisionsInWords } from '../../verbs/quantify/deciding.ts';
import type { ViewerOverlay, ViewerSource } from '../../views/viewerSource.ts';

/** What of a layer does not change while it is edited. */
export type LayerOrigin = Omit<EditRecord, 'changedVoxels' | 'changedMl'> & {
  /** Voxels that were changed before, of a map that does not say which. */
  readonly changedBefore: number;
};

export interface Editing {
  readonly source: ViewerSource;
  readonly measured: MeasuredSeries;
  readonly knownClasses: readonly string[];
  readonly base: LayerMaps;
  readonly edits: LabelEdits;
  readonly origins: Readonly<Record<Layer, LayerOrigin>>;
  readonly journal: Journal;
  /** SHA-256 of the files as this editing knows them: what is there beside them is somebody else's. */
  readonly files: Map<Layer, string>;
  /** The state that the files hold. */
  savedState: number;
  /** Where anything differs from the pictures of the viewer. */
  box: EditedBox | undefined;
  /** What was found of earlier acts, in a sentence. */
  readonly note: string | undefined;
}

export interface Opening {
  readonly images: Pick<ImageService, 'place'>;
  /** The absolute folder of the edited masks; undefined for a notebook without a file. */
  readonly folder: string | undefined;
  /** Where what is not saved yet is kept. */
  readonly journals: string;
}

export type EditableOverlay = ViewerOverlay & Required<Pick<ViewerOverlay, 'measured'>>;

export async function openEditing(
  source: ViewerSource & { readonly overlay: EditableOverlay },
  { images, folder, journals }: Opening,
  task: Task = unattended,
): Promise<Editing> {
  const { grid, overlay } = source;
  const { measured } = overlay;
  const maps = await overlay.maps(task);
  if (hasWholeLungs(maps.lobes.labels))
    throw new UserError(
      'mask-incomplete',
      'These are whole lungs without lobes, and lobes are what is painted here. Measure the CT with a network of lobes to edit them, or edit the lungs’ own masks in the program that drew them.',
    );
  const found = { lobes: maps.lobes.labels, textures: maps.textures.labels };
  const opened = {
    lobes: await openLayer('lobes', { source, measured, found, folder, images }, task),
    textures: await openLayer('textures', { source, measured, found, folder, images }, task),
  };
  const base = { lobes: opened.lobes.base, textures: opened.textures.base };
  const now = { lobes: opened.lobes.now, textures: opened.textures.now };
  const isUntouched = LAYERS.every((layer) => opened[layer].sha256 === undefined);
  const edits = createLabelEdits({ grid, base, now, isUntouched });
  const journal = createJournal(join(journals, `${journalName(measured, folder)}.journal`), now.lobes.length);
  const unsaved = await journal.read();
  for (const act of unsaved) edits.apply(act);
  const files = new Map(LAYERS.flatMap((layer) => (opened[layer].sha256 ? [[layer, opened[layer].sha256]] : [])));
  return {
    source,
    measured,
    knownClasses: [...new Set((maps.tables?.measurements ?? []).map((row) => row.class))],
    base,
    edits,
    origins: { lobes: opened.lobes.origin, textures: opened.textures.origin },
    journal,
    files,
    savedState: 0,
    box: isUntouched && unsaved.length === 0 ? undefined : boxOfDifferences(found, now, grid.size),
    note: unsaved.length ? 'What was edited before and not saved is here again.' : undefined,
  };
}

/** One for each notebook and CT, and for what is edited; without any label of the patient. */
function journalName({ patient, series, cacheKey, decisions }: MeasuredSeries, folder: string | undefined): string {
  return createHash('sha256')
    .update(JSON.stringify([folder, patient, series.id, originKey({ cacheKey, decisions })]))
    .digest('hex');
}

/** Names a measurement, in the record of what is edited of it. */
function originKey({ cacheKey, decisions }: Pick<MeasuredSeries, 'cacheKey' | 'decisions'>): string {
  return createHash('sha256')
    .update(JSON.stringify([cacheKey, decisions ?? null]))
    .digest('hex')
    .slice(0, 32);
}

interface LayerOpened {
  readonly base: Uint8Array;
  /** A map of its own, which is edited. */
  readonly now: Uint8Array;
  readonly origin: LayerOrigin;
  readonly sha256: string | undefined;
}

interface LayerOpening extends Pick<Opening, 'images' | 'folder'> {
  readonly source: ViewerSource;
  readonly measured: MeasuredSeries;
  /** The maps of the viewer. */
  readonly found: LayerMaps;
}

async function openLayer(
  layer: Layer,
  { source: { grid }, measured, found, folder, images }: LayerOpening,
  task: Task,
): Promise<LayerOpened> {
  const by = measured.models[layer];
  const given = isModel(by) ? undefined : by.files.find(({ edited }) => edited?.layer === layer);
  const from = given?.edited?.from ?? originKey(measured);
  const path = folder && join(folder, editedFileName(measured.patient, measured.series.id, layer));
  const file = path && (await readEditedFile(path, { layer, grid }, images.place, task));
  const isOfThis = file && file.record.from === from && file.record.ct === measured.sha256;
  if (isOfThis) return goneOn(file, found[layer], given === undefined);
  if (given?.edited?.ct === measured.sha256) {
    const before = await beforeOf(given, task);
    const going = { record: given.edited, labels: found[layer].slice(), before, sha256: given.sha256 };
    return goneOn(going, found[layer], false);
  }
  const since = isModel(by) ? modelUsed(by.manifest) : { ...GIVEN, sha256: by.digest };
  const decided = layer === 'textures' && measured.decisions ? decisionsInWords(measured.decisions) : [];
  const ownClasses = layer === 'textures' ? classesBrought(measured.models) : [];
  const origin = { layer, since, decided, from, ct: measured.sha256, ownClasses, changedBefore: 0 };
  return { base: found[layer], now: found[layer].slice(), origin, sha256: undefined };
}

const GIVEN = { id: 'masks', version: 'given', licence: 'that of the masks' };

function modelUsed({ id, version, sha256, licence }: ModelUsed): ModelUsed {
  return { id, version, sha256, licence };
}

/** Of a map that was edited before. `isBase` says that the viewer shows the maps as they were before that. */
function goneOn({ record, labels, before, sha256 }: EditedFile, found: Uint8Array, isBase: boolean): LayerOpened {
  const { changedVoxels, changedMl: _, ...origin } = record;
  const base = isBase ? found : before && mapBefore(labels, before);
  return {
    base: base ?? labels.slice(),
    now: labels,
    origin: { ...origin, changedBefore: base ? 0 : changedVoxels },
    sha256,
  };
}

/** Around all voxels that two sets of maps have different labels in. */
function boxOfDifferences(
  before: LayerMaps,
  after: LayerMaps,
  size: ViewerSource['grid']['size'],
): EditedBox | undefined {
  const runs: number[] = [];
  for (let row = 0; row < after.lobes.length; row += size[0])
    for (const layer of LAYERS) {
      const [a, b] = [before[layer], after[layer]];
      let first = -1;
      let last = -1;
      for (let v = row; v < row + size[0]; v++)
        if (a[v] !== b[v]) {
          if (first < 0) first = v;
          last = v;
        }
      if (first >= 0) runs.push(first, last - first + 1);
    }
  return boxAround([{ runs: Int32Array.from(runs), stride: 2 }], size);
}
