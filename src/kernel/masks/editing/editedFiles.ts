/** The files of masks that were edited by hand: what they are called, and how they are read and made again. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TEXTURE_CLASSES } from '../../../protocol/names.ts';
import { type Layer, NOTHING } from '../../../protocol/painting/brush.ts';
import type { OwnClass } from '../../../protocol/shownClasses.ts';
import { SOFTWARE_VERSION } from '../../base/software.ts';
import { subtask, type Task } from '../../base/task.ts';
import type { Series } from '../../ct/cohort/cohort.ts';
import { createSourceReader } from '../../ct/files/sources.ts';
import { tiltDegrees, uprightGrid } from '../../ct/geometry/gantryTilt.ts';
import { type Grid, voxelMl } from '../../ct/geometry/volume.ts';
import { discoverMasks } from '../discoverMasks.ts';
import { fileNameOf } from '../fileNames.ts';
import type { GivenMasks, PlacedMasks, WantedMasks } from '../givenMasks.ts';
import type { Maker } from '../mask.ts';
import type { MaskFile } from '../maskFile.ts';
import { labelsBefore } from '../reading/editedHeader.ts';
import { readSourceVoxels } from '../sourceImages.ts';
import type { MaskFiles, MaskRequest } from '../write/maskFiles.ts';
import type { EditRecord } from './editRecord.ts';
import { type Differences, differencesBetween, type LayerMaps } from './labelEdits.ts';

/** "study.masks" beside "study.lungnb". */
export function foldersName(notebookName: string): string {
  return `${notebookName.replace(/\.lungnb$/i, '')}.masks`;
}

/** Within the folder: `P01/series-2_textures.seg.nrrd`. The series tells it from others of the patient, now or later. */
export function editedFileName(patient: string, seriesId: string, layer: Layer): string {
  const series = /^series-\d/.test(seriesId) ? `${fileNameOf(seriesId)}_` : '';
  return join(fileNameOf(patient), `${series}${layer}.seg.nrrd`);
}

/** A file of ours on the grid of its CT. */
export interface EditedFile {
  readonly record: EditRecord;
  readonly sha256: string;
  readonly labels: Uint8Array;
  /** What its voxels were before anything was edited; undefined where it does not say. */
  readonly before: Differences | undefined;
}

export type PlaceMasks = (
  request: { grid: Grid; masks: GivenMasks; wanted: WantedMasks },
  task: Task,
) => Promise<PlacedMasks>;

/** Undefined where there is no file, or one that does not say that it was edited here. */
export async function readEditedFile(
  path: string,
  { layer, grid }: { readonly layer: Layer; readonly grid: Grid },
  place: PlaceMasks,
  task: Task,
): Promise<EditedFile | undefined> {
  if (!(await isThere(path))) return undefined;
  const { files } = await discoverMasks(path, { by: 'file' }, task, 'the edited mask');
  const file = files[0];
  if (file?.edited?.layer !== layer) return undefined;
  const wanted = { lobes: layer === 'lobes', textures: layer === 'textures', others: [], allOfLungs: false };
  const masks = { name: 'edited', files: [file], digest: file.sha256 };
  const placed = await place({ grid, masks, wanted }, task);
  const voxels = grid.size[0] * grid.size[1] * grid.size[2];
  return {
    record: file.edited,
    sha256: file.sha256,
    labels: placed[layer] ?? new Uint8Array(voxels),
    before: await beforeOf(file, task),
  };
}

/** What the voxels of a loaded mask were before anything was edited. */
export async function beforeOf({ sources }: Pick<MaskFile, 'sources'>, task: Task): Promise<Differences | undefined> {
  const reader = createSourceReader(task.signal);
  reader.know(sources);
  try {
    return await labelsBefore(sources[0]!, reader);
  } finally {
    reader.close();
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** What a file is made of. */
export interface EditedMaps {
  readonly patient: string;
  readonly series: Series;
  readonly grid: Grid;
  readonly base: LayerMaps;
  readonly now: LayerMaps;
  readonly ownClasses: readonly OwnClass[];
  /** Classes that were looked for, of which a map without a voxel says that there is none. */
  readonly knownClasses: readonly string[];
  readonly records: Readonly<Record<Layer, EditRecord>>;
}

/** Makes files of masks, in a thread of their own. */
export type MakeFiles = (request: MaskRequest, task: Task) => Promise<MaskFiles>;

/** The bytes of both files. Throws a UserError where the CT's files have changed. */
export async function editedFilesOf(
  maps: EditedMaps,
  make: MakeFiles,
  task: Task,
): Promise<Readonly<Record<Layer, Uint8Array>>> {
  const { patient, series, grid, base, now, ownClasses, knownClasses, records } = maps;
  const voxels = await readSourceVoxels(series, subtask(task, 0, 0.3));
  const maker = (of: Layer): Maker => ({
    software: 'LungNB',
    version: SOFTWARE_VERSION,
    model: records[of].since,
    decisions: records[of].decided,
    edited: { record: records[of], before: differencesBetween(base[of], now[of], grid.size[0]) },
  });
  const { files } = await make(
    {
      patient,
      lobes: { ...grid, labels: now.lobes },
      textures: { ...grid, labels: now.textures },
      ownClasses,
      knownClasses: withPainted(knownClasses, ownClasses, now.textures),
      makers: { lobes: maker('lobes'), textures: maker('textures') },
      measurements: [],
      density: [],
      // A tilted gantry's slices would take the nearest voxel of the straightened ones, and not the same again when read.
      voxels: tiltDegrees(voxels.grid) === 0 ? voxels : { ...voxels, grid: uprightGrid(voxels.grid) },
      formats: ['nrrd'],
      now: { date: '', time: '' },
      before: {},
    },
    subtask(task, 0.3, 1),
  );
  const of = (layer: Layer) => {
    const file = files.find(({ name }) => name.startsWith(layer));
    if (!file) throw new Error(`no mask of the ${layer} was made`);
    return file.bytes;
  };
  return { lobes: of('lobes'), textures: of('textures') };
}

/** A hand may paint what no network looked for. */
function withPainted(known: readonly string[], own: readonly OwnClass[], textures: Uint8Array): string[] {
  const counts = new Uint32Array(256);
  for (let v = 0; v < textures.length; v++) counts[textures[v]!]!++;
  const all = [...TEXTURE_CLASSES, ...own.map(({ name }) => name)];
  return all.filter((name, n) => known.includes(name) || counts[n + 1]! > NOTHING);
}

export function recordOf(
  { layer, ...made }: Omit<EditRecord, 'changedVoxels' | 'changedMl'>,
  changedVoxels: number,
  grid: Grid,
): EditRecord {
  const changedMl = Number((changedVoxels * voxelMl(grid)).toPrecision(6));
  return { layer, changedVoxels, changedMl, ...made };
}
