/** The contract between a kernel and whoever runs it: each request with its reply, each notification with what it tells, as JSON-RPC over Node's IPC. */
import type {
  CellDependencies,
  CellOutline,
  ChangeParameter,
  CheckCellsResult,
  Completions,
  DrawnOnSlices,
  Hover,
  KernelOptions,
  MaskStatementsReply,
  MaskStatementsRequest,
  NeighbourRequest,
  NotebookCells,
  OutputNotice,
  ParameterChange,
  PatientSlicesReply,
  PatientSlicesRequest,
  PlaceInCell,
  ProgressNotice,
  RunCellParameters,
  RunCellResult,
  SelectPatients,
  Signature,
  SliceReply,
  SliceRequest,
  StaleCell,
  TableRowsReply,
  TableRowsRequest,
  Variable,
  WriteAnswer,
  WriteQuestion,
} from './kernelApi.ts';
import type { PageReply, PageRequest } from './page/computing.ts';
import type { MaskEditReply, MaskEditRequest } from './painting/editing.ts';

import type { ReadingCaseReply, ReadingCaseRequest, ReadingReply, ReadingRequest } from './reading/room.ts';

/** `null` stands for nothing to ask with, and nothing to answer: JSON has no `undefined`. */
export interface KernelMethods {
  /** Comes first, and once. */
  initialize: { request: KernelOptions; reply: null };
  /** Cells are run one after another. */
  runCell: { request: RunCellParameters; reply: RunCellResult };
  /** Cancels the running cell, if any, which answers `cancelled` within a second. */
  interrupt: { request: null; reply: null };
  slice: { request: SliceRequest; reply: SliceReply };
  /** The slices of a patient of a figure. */
  patientSlices: { request: PatientSlicesRequest; reply: PatientSlicesReply };
  /** All rows of a table, as far as they are shown. */
  tableRows: { request: TableRowsRequest; reply: TableRowsReply };
  /** The slices of the patient after or before that of a viewer. */
  neighbourSlices: { request: NeighbourRequest; reply: PatientSlicesReply };
  /** Edits the masks of a viewer's CT by hand. */
  editMask: { request: MaskEditRequest; reply: MaskEditReply };
  /** The statements that measure with edited masks. */
  maskStatements: { request: MaskStatementsRequest; reply: MaskStatementsReply };
  /** The session of reading that a cell has prepared; and the slices of one of its cases. */
  reading: { request: ReadingRequest; reply: ReadingReply };
  readingCase: { request: ReadingCaseRequest; reply: ReadingCaseReply };
  /** Says which patients are selected in the notebook's outputs. */
  select: { request: SelectPatients; reply: null };
  /** Says what is drawn on the slices of the notebook. */
  annotate: { request: DrawnOnSlices; reply: null };
  /** How a parameter's new value is written into its cell. */
  changeParameter: { request: ChangeParameter; reply: ParameterChange };
  /** Cells whose results are out of date, in the order in which they are to run. */
  staleCells: { request: NotebookCells; reply: readonly StaleCell[] };
  /** Which cell uses which result of which other, in the order of the notebook. */
  dependencies: { request: NotebookCells; reply: readonly CellDependencies[] };
  /** What the names stand for now, in the order in which they were made. */
  variables: { request: null; reply: readonly Variable[] };
  complete: { request: PlaceInCell; reply: Completions };
  hover: { request: PlaceInCell; reply: Hover | null };
  signature: { request: PlaceInCell; reply: Signature | null };
  /** What the cells' texts consist of, in the order of the notebook. */
  outline: { request: NotebookCells; reply: readonly CellOutline[] };
  /** A cell's source, laid out in the usual way. */
  format: { request: string; reply: string };
  check: { request: NotebookCells; reply: CheckCellsResult };
  /** What an HTML page of the notebook computes with. */
  page: { request: PageRequest; reply: PageReply };
}

export interface KernelNotifications {
  progress: ProgressNotice;
  output: OutputNotice;
  /** A file or folder that a cell read has changed. */
  inputChanged: null;
}

/** What a kernel asks of whoever runs it. */
export interface HostMethods {
  /** Whether a file may be written, which only the user can say. */
  mayWrite: { request: WriteQuestion; reply: WriteAnswer };
}

export type KernelMethod = keyof KernelMethods;
export type KernelRequest<M extends KernelMethod> = KernelMethods[M]['request'];
export type KernelReply<M extends KernelMethod> = KernelMethods[M]['reply'];

/** A kernel's side of the contract: one function for each request. */
export type KernelHandlers = {
  readonly [M in KernelMethod]: (request: KernelRequest<M>) => KernelReply<M> | Promise<KernelReply<M>>;
};

/** The other side's: one function for each notification. */
export type KernelListeners = {
  readonly [N in keyof KernelNotifications]: (notice: KernelNotifications[N]) => void;
};

/** And its answers. */
export type HostHandlers = {
  readonly [M in keyof HostMethods]: (request: HostMethods[M]['request']) => Promise<HostMethods[M]['reply']>;
};
