/** Label maps that are edited by hand: every act as the differences it makes, so that it can be taken back and brought again. */
import { LAYERS, type Layer, NOTHING } from '../../../protocol/painting/brush.ts';
import type { EditedBox } from '../../../protocol/painting/editing.ts';
import type { Plane } from '../../../protocol/view.ts';
import type { Grid } from '../../ct/geometry/volume.ts';
import { boxAround } from './sliceVoxels.ts';

/** Stretches of voxels within their rows: first voxel, length, label before, label after. */
export type Differences = Int32Array;
export const DIFFERENCE_LENGTH = 4;

export type LayerMaps = Readonly<Record<Layer, Uint8Array>>;

/** What an act did to each layer. */
export type ActDifferences = Readonly<Record<Layer, Differences>>;

/** The pixels of a slice that a stroke went over, as stretches of voxels, whether they changed or not. */
export interface PaintedPixels {
  readonly plane: Plane;
  readonly index: number;
  readonly layer: Layer;
  readonly label: number;
  /** Numbers of pixels, in rising order. */
  readonly pixels: Int32Array;
}

export interface Act {
  /** Another number for each act of these maps. */
  readonly id: number;
  readonly differences: ActDifferences;
  readonly painted?: PaintedPixels;
}

/** Sets the label of a voxel of a layer. */
export type SetLabel = (layer: Layer, voxel: number, label: number) => void;

export interface LabelEdits {
  readonly now: LayerMaps;
  /** Does something as one act, and remembers it; undefined where nothing changed. */
  perform(work: (set: SetLabel) => PaintedPixels | undefined): Act | undefined;
  /** Does what was done before, as a record of it says, and remembers it. */
  apply(differences: ActDifferences): Act | undefined;
  /** Takes back the last act; undefined where there is none that is remembered. */
  undo(): Act | undefined;
  redo(): Act | undefined;
  readonly done: readonly Act[];
  readonly undone: readonly Act[];
  /** Of the last act that counts, 0 before the first. */
  stateId(): number;
  /** Voxels that have another label than they had before anything was edited. */
  changedVoxels(layer: Layer): number;
  /** Voxels that were added to the lungs and have no texture. */
  voxelsWithoutTexture(): number;
  boxOf(act: Act): EditedBox;
}

/** Acts beyond this are forgotten, the oldest first; a stroke takes some kilobytes, a rejected lobe some hundred. */
const MOST_BYTES = 64e6;

/** `base` is as it was before anything was edited, `now` as it is, and is changed; the same, where `isUntouched` says so. */
export function createLabelEdits(
  {
    grid,
    base,
    now,
    isUntouched = false,
  }: { readonly grid: Grid; readonly base: LayerMaps; readonly now: LayerMaps; readonly isUntouched?: boolean },
  mostBytes = MOST_BYTES,
): LabelEdits {
  const done: Act[] = [];
  const undone: Act[] = [];
  // Counting takes half a second for the largest CTs.
  const counts = isUntouched
    ? { lobes: 0, textures: 0 }
    : { lobes: differing(base.lobes, now.lobes), textures: differing(base.textures, now.textures) };
  const isBare = (v: number) => base.lobes[v] === NOTHING && now.lobes[v] !== NOTHING && now.textures[v] === NOTHING;
  let bare = 0;
  if (!isUntouched) for (let v = 0; v < now.lobes.length; v++) if (isBare(v)) bare++;
  let lastId = 0;
  /** Of the acts that were forgotten, the last. */
  let forgottenId = 0;

  const put = (layer: Layer, voxel: number, label: number): void => {
    const before = now[layer][voxel];
    const first = base[layer][voxel];
    if (isBare(voxel)) bare--;
    now[layer][voxel] = label;
    if (isBare(voxel)) bare++;
    counts[layer] += Number(label !== first) - Number(before !== first);
  };
  const remember = (act: Act): Act => {
    done.push(act);
    undone.length = 0;
    let bytes = done.reduce((sum, one) => sum + bytesOf(one), 0);
    while (bytes > mostBytes && done.length > 1) {
      const oldest = done.shift()!;
      forgottenId = oldest.id;
      bytes -= bytesOf(oldest);
    }
    return act;
  };
  const putAll = (differences: ActDifferences, which: 'before' | 'after') => {
    for (const layer of LAYERS) {
      const all = differences[layer];
      for (let d = 0; d < all.length; d += DIFFERENCE_LENGTH) {
        const label = all[d + (which === 'before' ? 2 : 3)]!;
        for (let v = all[d]!, end = v + all[d + 1]!; v < end; v++) put(layer, v, label);
      }
    }
  };

  return {
    now,
    done,
    undone,
    perform(work) {
      const changes = { lobes: createDifferences(grid.size[0]), textures: createDifferences(grid.size[0]) };
      const painted = work((layer, voxel, label) => {
        const before = now[layer][voxel]!;
        if (before === label) return;
        changes[layer].add(voxel, before, label);
        put(layer, voxel, label);
      });
      const differences = { lobes: changes.lobes.all(), textures: changes.textures.all() };
      const isNothing = differences.lobes.length + differences.textures.length === 0;
      // A stroke over what has its label already is an outline for what is filled between, too.
      if (isNothing && !painted) return undefined;
      return remember({ id: ++lastId, differences, ...(painted && { painted }) });
    },
    apply(differences) {
      if (differences.lobes.length + differences.textures.length === 0) return undefined;
      putAll(differences, 'after');
      return remember({ id: ++lastId, differences });
    },
    undo() {
      const act = done.pop();
      if (!act) return undefined;
      undone.push(act);
      putAll(act.differences, 'before');
      return act;
    },
    redo() {
      const act = undone.pop();
      if (!act) return undefined;
      done.push(act);
      putAll(act.differences, 'after');
      return act;
    },
    stateId: () => done.at(-1)?.id ?? forgottenId,
    changedVoxels: (layer) => counts[layer],
    voxelsWithoutTexture: () => bare,
    boxOf: ({ differences }) =>
      boxAround(
        LAYERS.map((layer) => ({ runs: differences[layer], stride: DIFFERENCE_LENGTH })),
        grid.size,
      ) ?? NOWHERE,
  };
}

/** Of a stroke that changed nothing. */
const NOWHERE: EditedBox = {
  low: { axial: 0, coronal: 0, sagittal: 0 },
  high: { axial: -1, coronal: -1, sagittal: -1 },
};

/** What makes `after` of `before`, as the differences of one layer. */
export function differencesBetween(before: Uint8Array, after: Uint8Array, rowLength: number): Differences {
  const changes = createDifferences(rowLength);
  for (let v = 0; v < after.length; v++) if (before[v] !== after[v]) changes.add(v, before[v]!, after[v]!);
  return changes.all();
}

/** The differences that take others back. */
export function inverseOf({ lobes, textures }: ActDifferences): ActDifferences {
  const turned = (all: Differences) => {
    const back = all.slice();
    for (let d = 0; d < back.length; d += DIFFERENCE_LENGTH) [back[d + 2], back[d + 3]] = [all[d + 3]!, all[d + 2]!];
    return back;
  };
  return { lobes: turned(lobes), textures: turned(textures) };
}

function differing(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let v = 0; v < a.length; v++) if (a[v] !== b[v]) count++;
  return count;
}

function bytesOf({ differences, painted }: Act): number {
  return differences.lobes.byteLength + differences.textures.byteLength + (painted?.pixels.byteLength ?? 0);
}

/** Voxels one by one, those that follow each other in a row as one stretch. */
function createDifferences(rowLength: number) {
  let all = new Int32Array(64 * DIFFERENCE_LENGTH);
  let used = 0;
  return {
    add(voxel: number, before: number, after: number): void {
      const last = used - DIFFERENCE_LENGTH;
      const goesOn =
        used > 0 &&
        all[last]! + all[last + 1]! === voxel &&
        voxel % rowLength !== 0 &&
        all[last + 2] === before &&
        all[last + 3] === after;
      if (goesOn) {
        all[last + 1]!++;
        return;
      }
      if (used === all.length) {
        const larger = new Int32Array(all.length * 2);
        larger.set(all);
        all = larger;
      }
      all[used] = voxel;
      all[used + 1] = 1;
      all[used + 2] = before;
      all[used + 3] = after;
      used += DIFFERENCE_LENGTH;
    },
    all: (): Differences => all.slice(0, used),
  };
}

/** Voxels that an act changed in a layer. */
export function voxelCount(differences: Differences): number {
  let count = 0;
  for (let d = 1; d < differences.length; d += DIFFERENCE_LENGTH) count += differences[d]!;
  return count;
}
