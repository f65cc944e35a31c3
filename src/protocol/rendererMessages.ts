/** The messages between outputs and the extension: plain JSON to a notebook's renderer, to which VS Code copies typed arrays badly; slices as bytes to an editor of slices. */
import type { Annotation, Annotations } from './annotations/annotation.ts';
import type {
  NeighbourRequest,
  PatientSlicesReply,
  PatientSlicesRequest,
  SliceReply,
  SliceRequest,
  TableRowsReply,
  TableRowsRequest,
} from './kernelApi.ts';
import type { MaskEditReply, MaskEditRequest } from './painting/editing.ts';
import type { SliceView } from './view.ts';

/** A parameter was moved by hand. */
export interface ParameterMove {
  readonly name: string;
  readonly value: number | string | boolean;
  /** The same for all moves of one drag or one key, which are undone together. */
  readonly gesture: number;
}

/** The masks that were edited in a viewer are to be measured with. */
export interface UseMasksRequest {
  readonly handle: string;
}

/** What was done in the notebook, in a sentence. */
export type UseMasksReply = { readonly note: string } | { readonly problem: string };

export type ToExtension =
  /** A renderer was made, and has to be told what is selected. */
  | { readonly type: 'started' }
  | { readonly type: 'slice'; readonly requestId: number; readonly request: SliceRequest }
  | { readonly type: 'patient'; readonly requestId: number; readonly request: PatientSlicesRequest }
  | { readonly type: 'rows'; readonly requestId: number; readonly request: TableRowsRequest }
  | { readonly type: 'neighbour'; readonly requestId: number; readonly request: NeighbourRequest }
  | { readonly type: 'mask'; readonly requestId: number; readonly request: MaskEditRequest }
  | { readonly type: 'useMasks'; readonly requestId: number; readonly request: UseMasksRequest }
  /** These slices are to be shown in an editor of their own. */
  | { readonly type: 'openEditor'; readonly view: SliceView }
  /** The reading room of this reader is to be opened. */
  | { readonly type: 'openReading'; readonly name: string }
  | { readonly type: 'selection'; readonly patients: readonly string[] }
  /** Something was drawn on a slice, or changed. The handle is the viewer's: the slice is kept with the drawing. */
  | { readonly type: 'draw'; readonly annotation: Annotation; readonly handle: string }
  | { readonly type: 'erase'; readonly ids: readonly string[] }
  | ({ readonly type: 'parameter' } & ParameterMove);

/** What the editor of slices keeps over a reload of the window: where they are to be found, and nothing of what they show. */
export interface SliceEditorState {
  /** The notebook's URI. */
  readonly notebook: string;
  /** Of the view. */
  readonly handle: string;
}

/** To the editor of slices alone. */
export type ToSliceEditor =
  | ToRenderer
  /** What to show, now or in the place of what was shown. */
  | { readonly type: 'view'; readonly view: SliceView; readonly state: SliceEditorState }
  /** There is nothing to show: why, and what to do. */
  | { readonly type: 'nothing'; readonly text: string };

export type FromSliceEditor =
  | ToExtension
  /** The notebook is to be brought to the front. */
  | { readonly type: 'openNotebook' };

export type ToRenderer =
  /** The folder is not trusted, so that nothing runs, or no longer so. */
  | { readonly type: 'restricted'; readonly isRestricted: boolean }
  /** What is drawn on the notebook's slices, which a renderer that was just made has to be told, too. */
  | { readonly type: 'annotations'; readonly annotations: Annotations }
  /** A parameter that was moved by hand is what it was: why, in a sentence. */
  | { readonly type: 'notMoved'; readonly name: string; readonly reason: string }
  /** Patients were selected in another view of the notebook. */
  | { readonly type: 'selection'; readonly patients: readonly string[] }
  | { readonly type: 'slice'; readonly requestId: number; readonly reply: SliceReply<string | Uint8Array<ArrayBuffer>> }
  | { readonly type: 'patient'; readonly requestId: number; readonly reply: PatientSlicesReply }
  | { readonly type: 'rows'; readonly requestId: number; readonly reply: TableRowsReply }
  | { readonly type: 'neighbour'; readonly requestId: number; readonly reply: PatientSlicesReply }
  | { readonly type: 'mask'; readonly requestId: number; readonly reply: MaskEditReply }
  | { readonly type: 'useMasks'; readonly requestId: number; readonly reply: UseMasksReply };
