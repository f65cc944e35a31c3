/** What an HTML page and the thread that computes for it tell each other. */
import type { TableRowsReply } from '../kernelApi.ts';
import type { NotebookCell, NotebookOutput } from '../notebook.ts';
import type { PageComputing } from './computing.ts';

export type ToEngine =
  /** Comes first, and once. */
  | { readonly type: 'begin'; readonly cells: readonly NotebookCell[]; readonly computing: PageComputing }
  | { readonly type: 'move'; readonly name: string; readonly value: number | string | boolean }
  | { readonly type: 'select'; readonly patients: readonly string[] }
  /** A file is to stand in the place of the one that the name was loaded from. */
  | { readonly type: 'file'; readonly name: string; readonly file: string; readonly bytes: Uint8Array<ArrayBuffer> }
  /** The file that the name was loaded from is to stand there again. */
  | { readonly type: 'ownFile'; readonly name: string }
  /** All rows of a long table of the cell at the place. */
  | { readonly type: 'rows'; readonly requestId: number; readonly handle: string; readonly place: number };

export type FromEngine =
  /** These cells are computed now, and what they show is not yet what it will be. */
  | { readonly type: 'waiting'; readonly places: readonly number[] }
  /** What a cell shows now. */
  | {
      readonly type: 'cell';
      readonly place: number;
      readonly source: readonly string[];
      readonly outputs: readonly NotebookOutput[];
    }
  /** What uses something that has moved, and stands still: by the place of its cell, names of results, or verbs where they have none. */
  | { readonly type: 'fixed'; readonly cells: readonly { readonly place: number; readonly names: readonly string[] }[] }
  /** What is other than in the saved run; nothing is where all is as it was. */
  | { readonly type: 'moved'; readonly moves: readonly PageMove[] }
  /** What became of a file. */
  | { readonly type: 'file'; readonly name: string; readonly file?: string; readonly problem?: string }
  | { readonly type: 'rows'; readonly requestId: number; readonly reply: TableRowsReply }
  /** Nothing can be computed any more, as by a bug; what is shown stays. */
  | { readonly type: 'failed'; readonly message: string };

/** One thing that is other than in the saved run. */
export type PageMove =
  | { readonly kind: 'parameter'; readonly name: string; readonly from: string; readonly to: string }
  | { readonly kind: 'file'; readonly name: string; readonly from: string; readonly to: string }
  | { readonly kind: 'selection' };
