/** A notebook as whoever holds its cells gives it to a program: the command line, which has them in memory, and VS Code. */
import type { CellRemark } from '../kernelApi.ts';
import type { KernelMethod, KernelReply, KernelRequest } from '../kernelMethods.ts';
import type { NotebookOutput } from '../notebook.ts';

export interface HeldCell {
  readonly id: string;
  readonly kind: 'code' | 'markup';
  /** Lines end in one character. */
  readonly source: string;
  /** What it shows. */
  outputs(): readonly NotebookOutput[];
}

/** Of one run of a cell. */
export interface CellEnd {
  readonly id: string;
  readonly status: 'done' | 'failed' | 'cancelled';
  readonly problem?: CellRemark | undefined;
}

export interface ServedNotebook {
  /** In order. */
  cells(): readonly HeldCell[];
  /** Whether a kernel may be asked: not where nothing runs, since the folder is not trusted. */
  hasKernel(): boolean;
  /** Rejects with a Refusal where there is no kernel to ask. */
  ask<M extends KernelMethod>(method: M, request: KernelRequest<M>): Promise<KernelReply<M>>;
  /** Labels of patients in what it shows and what is drawn on its slices, for a file of which nothing has run. */
  shownLabels(): readonly string[];
  /** Rejects with a Refusal where the notebook cannot be changed, as do the next two. */
  write(id: string, source: string): Promise<void>;
  /** The cell comes at the place `index`, from 0. */
  insert(index: number, cell: Pick<HeldCell, 'kind' | 'source'>): Promise<void>;
  /** The id of the cell that was written. */
  moveParameter(name: string, value: number | string | boolean): Promise<string>;
  /** One after another, until one does not end well; those that ended. */
  run(ids: readonly string[]): Promise<readonly CellEnd[]>;
  interrupt(): Promise<void>;
  /** Rejects with a Refusal where it was not said to which file. */
  save(): Promise<void>;
}
