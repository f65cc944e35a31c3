/** What an HTML page computes with: the statements that it can run, and the values of those that it cannot. */
import type { CellText } from '../kernelApi.ts';
import type { SeriesRemark } from '../remark.ts';
import type { Provenance } from '../view.ts';

/** Where a page keeps it, as JSON. */
export const COMPUTING_ID = 'lungnb-computing';
/** Where a page keeps the program that computes, packed as `PageParts` says. */
export const ENGINE_ID = 'lungnb-engine';

/** Asks what a page of the notebook could compute with. */
export interface PageRequest {
  /** The code cells. */
  readonly cells: readonly CellText[];
  /** Of each, SHA-256 of the JSON of its views, one behind the other. */
  readonly shown: readonly string[];
}

/** A problem is a part of a sentence: why the page cannot compute. */
export type PageReply = { readonly computing: PageComputing } | { readonly problem: string };

export interface PageComputing {
  readonly cells: readonly ComputingCell[];
  /** Of statements that need CTs, files or networks, by the name that they gave. */
  readonly values: Readonly<Record<string, CarriedValue>>;
  /** Values of parameters that were set from outside of the notebook. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The patients who were selected. */
  readonly selected: readonly string[];
  /** Whether anything that is computed asks who is selected. */
  readonly followsSelection: boolean;
  /** What each parameter moves, by its name. */
  readonly controls: Readonly<Record<string, ControlReach>>;
}

export interface ControlReach {
  /** Whether anything that is computed follows it. */
  readonly isFollowed: boolean;
  /** What uses it and stands still: names of results, or verbs where they have none. */
  readonly fixed: readonly string[];
}

/** A code cell that ran. */
export interface ComputingCell {
  /** Its place among all cells of the notebook, from 0. */
  readonly place: number;
  /** How many of its statements began when it last ran: where it failed, the last of them did. */
  readonly begun: number;
  readonly statements: readonly ComputingStatement[];
}

export interface ComputingStatement {
  /** UTF-16 offsets in the cell's source. */
  readonly start: number;
  readonly end: number;
  /** Of the cell's outputs, those that are its own. */
  readonly outputs: readonly [from: number, to: number];
  /** Present where the page cannot run it: its outputs stay, and its name stands for what it stood for. */
  readonly fixed?: FixedStatement;
}

export interface FixedStatement {
  readonly verb: string;
  /** The name of its result. */
  readonly name?: string;
  /** Names of results, and words of its expressions that may be some. */
  readonly uses: readonly string[];
  /** Present where a file of a table may take its place. */
  readonly table?: LoadedTable;
}

/** How a table was loaded, so that another file can be read in the same way. */
export interface LoadedTable {
  /** Without its folder. */
  readonly file: string;
  readonly skip?: number;
  readonly columns?: readonly { readonly name: string; readonly own: string }[];
}

/** A cell of a table. What JSON has no word for is told by a list of one or two. */
export type CarriedCell =
  | string
  | number
  | boolean
  | null
  | readonly ['undefined']
  | readonly ['number' | 'date' | 'bigint', string];

/** Column by column; of words that stand in many rows each is there once, with its place in every row. */
export type CarriedTable = readonly (
  | { readonly name: string; readonly cells: readonly CarriedCell[] }
  | { readonly name: string; readonly words: readonly CarriedCell[]; readonly rows: readonly number[] }
)[];

interface CarriedFlow {
  readonly flow?: unknown;
  readonly provenance: Provenance;
}

export interface CarriedMeasurements extends CarriedFlow {
  readonly kind: 'measurements';
  readonly table: CarriedTable;
  readonly density: CarriedTable;
  readonly structures?: CarriedTable;
  readonly levels?: CarriedTable;
  /** The CTs by label, with what tables and figures ask of them; nothing of their files. */
  readonly measured: readonly unknown[];
  readonly flags: readonly SeriesRemark[];
  readonly derivedFrom?: Readonly<Record<string, readonly string[]>>;
  readonly cutPoints?: readonly number[] | undefined;
}

export interface CarriedTableValue extends CarriedFlow {
  readonly kind: 'table';
  readonly table: CarriedTable;
  readonly percentColumns?: readonly string[] | undefined;
  readonly cutPoints?: readonly number[] | undefined;
  readonly headings?: unknown;
  readonly measurements?: CarriedMeasurements;
}

export type CarriedValue =
  | CarriedMeasurements
  | CarriedTableValue
  | { readonly kind: 'parameter'; readonly value: string | number | boolean };
