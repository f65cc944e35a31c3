/** The `.lungnb` file: its shape, as read and written by the extension and the command line. */
import type { Annotations } from './annotations/annotation.ts';
import type { CellRemark } from './kernelApi.ts';
import type { Provenance, ViewModel } from './view.ts';

/** The newest that is read. */
export const NOTEBOOK_FORMAT_VERSION = 3;

/**
 * The version that a notebook is written as: the oldest that keeps all of it, so that whoever has an older LungNB opens
 * what has nothing new in it, and is told to update where it would lose what was drawn on slices.
 */
export function formatVersionOf({ annotations }: { readonly annotations: Annotations | undefined }): number {
  return annotations?.drawn.length ? 2 : 1;
}

/** Where an HTML page made from a notebook keeps it, as JSON. */
export const PAGE_DATA_ID = 'lungnb-notebook';

export interface NotebookOutput {
  readonly view?: ViewModel;
  readonly text?: string;
  readonly problem?: CellRemark;
}

export interface NotebookCell {
  readonly kind: 'code' | 'markup';
  /** The source's lines, without line ends. */
  readonly source: readonly string[];
  readonly outputs?: readonly NotebookOutput[];
}

/**
 * What a notebook's outputs together were made with and from. Parameters stand with each output alone: here, two people
 * who change two cells would both change the same lines.
 */
export type NotebookProvenance = Omit<Provenance, 'parameters' | 'inputsUnknown'>;

export interface Notebook {
  readonly lungnb: number;
  readonly cells: readonly NotebookCell[];
  /** What is drawn on its slices. */
  readonly annotations?: Annotations;
  readonly provenance?: NotebookProvenance;
}

/** What cells show, in their order. */
export function viewsOf(cells: readonly NotebookCell[]): ViewModel[] {
  return cells.flatMap(({ outputs = [] }) => outputs.flatMap(({ view }) => (view ? [view] : [])));
}
