/** What is done to maps by hand, each as one act that can be taken back. */

import { LOBES, TEXTURE_CLASSES } from '../../../protocol/names.ts';
import { type Brush, LAYERS, type Layer, NOTHING } from '../../../protocol/painting/brush.ts';
import type { MaskEdit } from '../../../protocol/painting/editing.ts';
import type { Plane } from '../../../protocol/view.ts';
import { counted } from '../../base/counted.ts';
import { unattended } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import { sliceCounts } from '../../ct/geometry/slice.ts';
import { voxelMl } from '../../ct/geometry/volume.ts';
import type { ImageService } from '../../lungs/imageService.ts';
import { mlInWords } from '../../masks/editing/editRecord.ts';
import { type PaintedSlice, shapesBetween } from '../../masks/editing/fillBetween.ts';
import type { Act } from '../../masks/editing/labelEdits.ts';
import { painterOf, paintStroke, slicesReached } from '../../masks/editing/paintStroke.ts';
import { labelOfRejected, rejectIsland } from '../../masks/editing/rejectIsland.ts';
import { rasterOf, sliceVoxels } from '../../masks/editing/sliceVoxels.ts';
import type { Editing } from './openEditing.ts';

export interface Done {
  readonly act: Act | undefined;
  /** A sentence for who did it. */
  readonly note?: string;
}

type Of<A extends MaskEdit['act']> = Extract<MaskEdit, { act: A }>;

export async function stroke(
  { edits, source }: Editing,
  { brush, stroke: drawn }: Of<'stroke'>,
  images: Pick<ImageService, 'slice'>,
): Promise<Done> {
  refuseBeyond(source, drawn);
  const { grid } = source;
  const reached = slicesReached(drawn, grid).map(({ index }) => index);
  const hu = await huOf(reached, { plane: drawn.plane, brush }, source, images);
  const act = edits.perform((set) => paintStroke({ stroke: drawn, brush, grid, maps: edits.now }, hu, set));
  return { act };
}

/** Between the slices on which the label was painted, as far as it is there still. */
export async function fill(
  { edits, source }: Editing,
  { brush, plane }: Of<'fill'>,
  images: Pick<ImageService, 'slice'>,
): Promise<Done> {
  if (brush.label === NOTHING) return { act: undefined, note: 'Choose the label that is to be filled.' };
  const painted = paintedSlices({ edits, source }, brush, plane);
  const raster = rasterOf(plane, source.grid);
  const between = shapesBetween(painted, raster);
  if (between.length === 0)
    return {
      act: undefined,
      note: `Paint the same label on two ${plane} slices with others between them, then fill. ${painted.length === 0 ? 'It was painted on none yet' : `It was painted on ${counted(painted.length, 'slice')}`}.`,
    };
  const indices = between.map(({ index }) => index);
  const hu = await huOf(indices, { plane, brush }, source, images);
  const act = edits.perform((set) => {
    for (const { index, shape } of between) {
      const at = sliceVoxels(plane, index, source.grid.size);
      const paint = painterOf({ brush, maps: edits.now, set }, { at, raster }, hu(index));
      for (const pixel of shape) paint(pixel);
    }
    return undefined;
  });
  return { act, note: `Filled ${counted(between.length, 'slice')} between ${counted(painted.length, 'painted one')}.` };
}

/** What strokes of the label went over, of which other strokes may have taken some away again. */
function paintedSlices(
  { edits, source: { grid } }: Pick<Editing, 'edits' | 'source'>,
  { layer, label }: Brush,
  plane: Plane,
): PaintedSlice[] {
  const bySlice = new Map<number, Set<number>>();
  for (const { painted } of edits.done) {
    if (painted?.plane !== plane || painted.layer !== layer || painted.label !== label) continue;
    const pixels = bySlice.get(painted.index) ?? new Set<number>();
    for (const pixel of painted.pixels) pixels.add(pixel);
    bySlice.set(painted.index, pixels);
  }
  const { width } = rasterOf(plane, grid);
  return [...bySlice].flatMap(([index, pixels]) => {
    const { start, across, down } = sliceVoxels(plane, index, grid.size);
    const voxel = (pixel: number) => start + (pixel % width) * across + Math.floor(pixel / width) * down;
    const shape = Int32Array.from([...pixels].filter((pixel) => edits.now[layer][voxel(pixel)] === label)).sort();
    return shape.length ? [{ index, shape }] : [];
  });
}

export function reject({ edits, source, origins }: Editing, { layer, at }: Of<'reject'>): Done {
  refuseBeyond(source, at);
  const { grid } = source;
  const { width, height } = rasterOf(at.plane, grid);
  if (!(at.pixel >= 0 && at.pixel < width * height)) throw beyond();
  const { start, across, down } = sliceVoxels(at.plane, at.index, grid.size);
  const seed = start + (at.pixel % width) * across + Math.floor(at.pixel / width) * down;
  const label = edits.now[layer][seed]!;
  const names = layer === 'lobes' ? LOBES : [...TEXTURE_CLASSES, ...origins[layer].ownClasses.map(({ name }) => name)];
  const becomes = layer === 'lobes' ? 'outside the lungs' : 'normal lung';
  let voxels = 0;
  const act = edits.perform((set) => {
    voxels = rejectIsland(layer, seed, { maps: edits.now, size: grid.size }, set);
    return undefined;
  });
  if (!act)
    return {
      act,
      note:
        label === labelOfRejected(layer) && label !== NOTHING
          ? 'This is normal lung already: point at a finding.'
          : `There is nothing of the ${layer} here: point at what is to be rejected.`,
    };
  const ml = mlInWords(voxels * voxelMl(grid));
  return { act, note: `Rejected ${ml} of ${names[label - 1]} (${counted(voxels, 'voxel')}): now ${becomes}.` };
}

/** Slices of Hounsfield units, where the brush keeps to some. */
async function huOf(
  indices: readonly number[],
  { plane, brush }: { readonly plane: Plane; readonly brush: Brush },
  { series, grid }: Editing['source'],
  images: Pick<ImageService, 'slice'>,
): Promise<(index: number) => Int16Array | undefined> {
  if (!brush.hu) return () => undefined;
  const volume = { series, sha256: grid.sha256 };
  const slices = await Promise.all(indices.map((index) => images.slice(volume, { plane, index }, unattended)));
  return (index) => slices[indices.indexOf(index)]?.hu;
}

function refuseBeyond({ grid }: Editing['source'], { plane, index }: { plane: Plane; index: number }): void {
  if (!(Number.isInteger(index) && index >= 0 && index < sliceCounts(grid.size)[plane])) throw beyond();
}

function beyond(): UserError {
  return new UserError('slice-out-of-range', 'This place does not exist: the CT has fewer slices.');
}

/** Whether a label can be painted in a layer of these maps. */
export function refuseUnknownLabel({ origins }: Editing, { layer, label, replaces }: Brush): void {
  const known: Readonly<Record<Layer, number>> = {
    lobes: LOBES.length,
    textures: TEXTURE_CLASSES.length + origins.textures.ownClasses.length,
  };
  const isKnown = (value: number) => Number.isInteger(value) && value >= NOTHING && value <= known[layer];
  if (LAYERS.includes(layer) && isKnown(label) && isKnown(replaces ?? NOTHING)) return;
  throw new UserError('mask-labels', 'This label is none of the map’s.');
}
