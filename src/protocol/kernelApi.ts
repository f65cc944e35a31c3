/** What the requests and notifications of kernelMethods.ts carry between the extension (or the command line) and a kernel. */
import type { Annotation } from './annotations/annotation.ts';
import type { Device } from './devices.ts';
import type { Remark } from './remark.ts';
import type { EncodedSlice, Plane, Provenance, Slab, SliceView, TableView, ViewModel } from './view.ts';

/** The folder of the cache's folder that holds measured CTs and nothing else, so that it can be removed as a whole. */
export const MEASUREMENTS_FOLDER = 'measured-cts';

export interface KernelOptions {
  /** Relative paths in cells start here: the notebook's folder. */
  readonly notebookFolder: string;
  /** The notebook itself; absent where it was never saved. */
  readonly notebookFile?: string;
  /** Measured CTs are kept in its folder `MEASUREMENTS_FOLDER`. */
  readonly cacheFolder: string;
  /** What is unused for longest is given up when the cache grows beyond this; 20 GB unless said. */
  readonly cacheLimitBytes?: number;
  /** Other cache folders: read, and never written. */
  readonly cacheFrom?: readonly string[];
  /** Folders that hold model folders, searched in order. */
  readonly modelFolders: readonly string[];
  /** `param` values set from outside (`--set`), by name, as written. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What networks run on; the processor unless said. */
  readonly device?: Device;
  /** The browser that draws figures for files: a path, or a name on the search path; looked for unless said. */
  readonly browser?: string;
  /** DICOMweb servers with a login; others are asked without. */
  readonly dicomWebServers?: readonly DicomWebServer[];
  /** Where CTs are measured; the kernel measures them itself unless it says otherwise. */
  readonly engine?: EngineOptions;
}

export type EngineOptions =
  /** In the kernel, or in so many processes at once. */
  | { readonly on: 'local'; readonly jobs?: number | undefined }
  | {
      readonly on: 'slurm';
      /** Further options of `sbatch`, such as `--partition=long`. */
      readonly sbatch?: readonly string[];
      /** At most so many tasks in one array. */
      readonly arraySize?: number | undefined;
      /** The cell ends when the job is submitted. */
      readonly noWait?: boolean | undefined;
    };

/** A server that the user names outside of notebooks, with how to log in there: a token, or a user and a password. */
export interface DicomWebServer {
  /** The service's root, such as `https://pacs.example.org/dicom-web`; the login goes to addresses below it alone. */
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
}

/** Zero-based lines and UTF-16 columns within a cell; end exclusive. */
export interface SourceSpan {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A remark on a cell: why it failed, or would fail. It is an error always, so that its severity is not written. */
export interface CellRemark extends Omit<Remark, 'severity'> {
  /** Present where it has a place in the cell. */
  readonly span?: SourceSpan;
  /** For bugs only: the stack. */
  readonly details?: string;
  /** Edits of the cell that would put it right. */
  readonly fixes?: readonly QuickFix[];
}

/** A remark, and the cell that it is about. */
export interface RemarkInCell {
  readonly cellId: string;
  readonly problem: CellRemark;
}

export interface QuickFix {
  /** What it does: "Change to `ggo`". */
  readonly title: string;
  readonly span: SourceSpan;
  /** Replaces what is at the span. */
  readonly text: string;
}

/** The text of a code cell. */
export interface CellText {
  readonly cellId: string;
  readonly source: string;
  /** As the user counts, from 1, markup cells too; left out, its place among the cells that are given. */
  readonly number?: number;
}

export interface RunCellParameters extends CellText {
  /** All code cells of the notebook, so that a problem can name the other cell that it is about. */
  readonly cells?: readonly CellText[];
}

export interface RunCellResult {
  readonly status: 'done' | 'failed' | 'cancelled';
  readonly problem?: CellRemark;
  /** Of a cell that ran: what an edit of it would put right. */
  readonly hints?: readonly CellRemark[];
}

/** Sent while a cell runs; `fraction` is 0–1 for the whole cell. */
export interface ProgressNotice {
  readonly cellId: string;
  readonly fraction: number;
  readonly message: string;
}

/** The rows of a long table, of which its output carries the first. */
export interface TableRowsRequest {
  readonly handle: string;
}

export type TableRowsReply = { readonly rows: TableView['rows'] } | { readonly problem: string };

/** Sent for each output as soon as it exists. `text` is the plain-text form of the view. */
export interface OutputNotice {
  readonly cellId: string;
  readonly view: ViewModel;
  readonly text: string;
}

/** Asked by the kernel before it writes a file where the user may not want it. */
export interface WriteQuestion {
  /** A file is there that no run of this notebook wrote; or the place lies outside the notebook's folder. */
  readonly kind: 'overwrite' | 'outside';
  /** The file's name, without its folder. */
  readonly file: string;
  /** A sentence. */
  readonly message: string;
  /** For the screen alone: the full path of what lies outside. */
  readonly detail?: string;
  /** The cell that writes; absent where an option of the command line does. */
  readonly cellId?: string;
}

/** Where it is not allowed, `advice` says what the user can do instead, in a sentence. */
export type WriteAnswer = { readonly allowed: true } | { readonly allowed: false; readonly advice: string };

export interface SliceRequest {
  readonly handle: string;
  readonly plane: Plane;
  readonly index: number;
  /** In steps of Hounsfield units, which are half as much to send. */
  readonly coarse?: boolean;
  /** More slices of the plane to bring with it, since a message costs time by itself. */
  readonly further?: readonly number[];
  /** A slab around the slice in place of the slice. */
  readonly slab?: Slab;
}

/** The slices of a patient of a figure, at the one with most of a class in a region. */
export interface PatientSlicesRequest {
  readonly handle: string;
  readonly patient: string;
  /** Empty for the region itself. */
  readonly class: string;
  /** One of REGIONS, or a structure of a mask. */
  readonly region: string;
  /** The CT of the row, where the patient may have several; all visits of the patient where left out. */
  readonly series?: string;
  /** The axial slice that the row names, counted from 1; where left out that with most of the class in the region. */
  readonly slice?: number;
}

/** The viewer of the patient after (or before) the one that is shown. */
export interface NeighbourRequest {
  readonly handle: string;
  readonly step: 1 | -1;
  readonly plane: Plane;
}

export type PatientSlicesReply = { readonly view: SliceView } | { readonly problem: string };

/** How the masks that were edited in a viewer are measured with. */
export interface MaskStatementsRequest {
  readonly cells: readonly CellText[];
  /** Of the viewer. */
  readonly handle: string;
}

export type MaskStatementsReply =
  /** The cells that do it already, in their order. */
  | { readonly cellIds: readonly string[] }
  /** The text of a cell that does it. */
  | { readonly source: string }
  | { readonly problem: string };

/** The patients that are selected in the outputs of the notebook. */
export interface SelectPatients {
  readonly patients: readonly string[];
}

/** Everything that is drawn on the slices of the notebook. */
export interface DrawnOnSlices {
  readonly drawn: readonly Annotation[];
}

/** A parameter was moved in an output. */
export interface ChangeParameter {
  readonly cells: readonly CellText[];
  readonly name: string;
  readonly value: number | string | boolean;
}

export type ParameterChange =
  | {
      /** The value's place in its cell, and the text that replaces it. */
      readonly edit: { readonly cellId: string; readonly span: SourceSpan; readonly text: string };
    }
  | { readonly problem: string };

/**
 * What made a cell's results out of date: a parameter, another edit or a cell run anew, a file that it read, or that a
 * cell failed which makes what it uses: then running it again changes nothing before that one is mended.
 */
export type StaleCause = 'parameter' | 'edit' | 'file' | 'failed';

/** A cell whose results are not those that it would give now. */
export interface StaleCell {
  readonly cellId: string;
  readonly causes: readonly StaleCause[];
  /** For people: "`cut` has changed". */
  readonly reason: string;
}

/** A cell among the others of its notebook. */
export interface CellDependencies {
  readonly cellId: string;
  readonly defines: readonly string[];
  /** Results that it uses, with the cell that defines each. */
  readonly uses: readonly { readonly name: string; readonly from: string }[];
  /** It has run in this kernel. */
  readonly hasRun: boolean;
  /** How it last ended; absent where it has not. */
  readonly ended?: RunCellResult['status'];
}

/** What a name of the notebook stands for now. */
export interface Variable {
  readonly name: string;
  readonly kind: 'cohort' | 'masks' | 'measurements' | 'table' | 'agreement' | 'parameter';
  /** One line: "a table, 8 patients, 286 rows". */
  readonly holds: string;
  readonly columns: readonly string[];
  /** The cell that made it. */
  readonly cellId: string;
  readonly provenance?: Provenance;
}

/** For a program that is to see no label: which texts of the notebook are labels of patients. */
export interface NotebookLabels {
  readonly labels: readonly string[];
  /** Names of files and folders that a cell loads, which will be labels unless patients are found in them. */
  readonly perhaps: readonly string[];
}

export interface ResultRequest {
  readonly name: string;
  /** The first row of each table, from 0, and the most of them; all, left out. */
  readonly from?: number | undefined;
  readonly rows?: number | undefined;
}

/** As `--json` writes it; never the CTs of a cohort. `left` says, by table, which rows these are where some were left out. */
export type ResultReply =
  | { readonly result: object; readonly left?: Readonly<Record<string, string>> }
  | { readonly problem: CellRemark };

/** Where in the notebook's text help is asked for. */
export interface PlaceInCell {
  readonly cells: readonly CellText[];
  readonly cellId: string;
  /** UTF-16 offset in the cell's source. */
  readonly offset: number;
}

export interface Completion {
  readonly kind: 'verb' | 'clause' | 'name' | 'word' | 'column' | 'function' | 'text';
  readonly label: string;
  /** One line beside the label. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
}

export interface Completions {
  /** Offsets of what the chosen label replaces. */
  readonly from: number;
  readonly to: number;
  readonly items: readonly Completion[];
}

/** Markdown about what stands at a place. */
export interface Hover {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** A place where a name is defined or used. */
export interface NameOccurrence {
  readonly name: string;
  readonly span: SourceSpan;
  readonly isDefinition: boolean;
  readonly isParameter: boolean;
}

/** What a cell's text consists of, as far as it is right. */
export interface CellOutline {
  readonly cellId: string;
  readonly statements: readonly { readonly verb: string; readonly name?: string; readonly span: SourceSpan }[];
  readonly names: readonly NameOccurrence[];
}

/** The shape of a statement, part by part. */
export interface Signature {
  readonly verb: string;
  readonly documentation: string;
  readonly parts: readonly { readonly label: string; readonly documentation: string }[];
  /** Number of the part that is being written. */
  readonly active: number;
}

/** The code cells of a notebook, in its order. */
export interface NotebookCells {
  readonly cells: readonly CellText[];
}

export interface CheckCellsResult {
  readonly problems: readonly RemarkInCell[];
}

/** `further` are those that the request names; one that is not among them has to be asked for by itself. */
export type SliceReply<Packed extends string | Uint8Array<ArrayBuffer> = string> =
  | { readonly slice: EncodedSlice<Packed>; readonly further?: readonly EncodedSlice<Packed>[] }
  | { readonly problem: string };
