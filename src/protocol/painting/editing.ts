/** What a viewer asks of a kernel while masks are edited by hand, and what it is told. */
import type { Plane } from '../view.ts';
import type { Brush, Layer, Stroke } from './brush.ts';

export interface SlicePlaceAsked {
  readonly plane: Plane;
  readonly index: number;
}

/** A place of a slice, by the number of its pixel. */
export interface PixelPlace extends SlicePlaceAsked {
  readonly pixel: number;
}

export type MaskEdit =
  /** Begins, or goes on with what was edited before; asked again, it says how things stand. */
  | { readonly act: 'open' }
  | { readonly act: 'stroke'; readonly brush: Brush; readonly stroke: Stroke }
  /** Between the slices of the plane on which the brush's label was painted. */
  | { readonly act: 'fill'; readonly brush: Brush; readonly plane: Plane }
  /** What hangs together with the voxel and has its label. */
  | { readonly act: 'reject'; readonly layer: Layer; readonly at: PixelPlace }
  | { readonly act: 'undo' }
  | { readonly act: 'redo' }
  | { readonly act: 'save' };

export interface MaskEditRequest {
  /** Of the viewer. */
  readonly handle: string;
  readonly edit: MaskEdit;
  /** The slices whose labels are wanted as they are afterwards. */
  readonly look: readonly SlicePlaceAsked[];
}

/** Labels of a slice, as `EncodedSlice` has them. */
export interface EncodedLabels extends SlicePlaceAsked {
  readonly lobes: string;
  readonly textures: string;
}

/** Voxels from `low` to `high`, both included, by plane: `axial` counts the slices of the axial plane. */
export interface EditedBox {
  readonly low: Readonly<Record<Plane, number>>;
  readonly high: Readonly<Record<Plane, number>>;
}

/** How the edited maps differ from those that a network, or whoever made the masks, drew. */
export interface LayerState {
  readonly changedVoxels: number;
  readonly changedMl: number;
  /** What was edited: "lung-texture 1.0.0". */
  readonly since: string;
}

export interface EditingState {
  readonly layers: Readonly<Record<Layer, LayerState>>;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** What is seen is what is in the files; false also before there are any. */
  readonly isSaved: boolean;
  /** Nothing was edited: there is nothing to save. */
  readonly isUntouched: boolean;
  /** The folder of the masks, beside the notebook, as a cell would have it; undefined for a notebook that has no file yet. */
  readonly folder?: string;
  /** Why it cannot be saved, where that is known. */
  readonly cannotSave?: string;
  /** Lung that was added by hand and has no texture yet. */
  readonly withoutTextureMl: number;
  /** Where anything was edited since the pictures were made; elsewhere they are right as they are. */
  readonly box?: EditedBox;
}

export type MaskEditReply =
  | {
      readonly state: EditingState;
      readonly labels: readonly EncodedLabels[];
      /** Where this act changed anything. */
      readonly changed?: EditedBox;
      /** What became of it, in a sentence. */
      readonly note?: string;
    }
  | { readonly problem: string };
