/** The messages between a notebook renderer and the extension: plain JSON, since VS Code copies typed arrays badly. */
import type {
  PatientSlicesReply,
  PatientSlicesRequest,
  SliceReply,
  SliceRequest,
  TableRowsReply,
  TableRowsRequest,
} from './kernelApi.ts';

/** A parameter was moved by hand. */
export interface ParameterMove {
  readonly name: string;
  readonly value: number | string | boolean;
  /** The same for all moves of one drag or one key, which are undone together. */
  readonly gesture: number;
}

export type ToExtension =
  /** A renderer was made, and has to be told what is selected. */
  | { readonly type: 'started' }
  | { readonly type: 'slice'; readonly requestId: number; readonly request: SliceRequest }
  | { readonly type: 'patient'; readonly requestId: number; readonly request: PatientSlicesRequest }
  | { readonly type: 'rows'; readonly requestId: number; readonly request: TableRowsRequest }
  | { readonly type: 'selection'; readonly patients: readonly string[] }
  | ({ readonly type: 'parameter' } & ParameterMove);

export type ToRenderer =
  /** The folder is not trusted, so that nothing runs, or no longer so. */
  | { readonly type: 'restricted'; readonly isRestricted: boolean }
  /** Patients were selected in another view of the notebook. */
  | { readonly type: 'selection'; readonly patients: readonly string[] }
  | { readonly type: 'slice'; readonly requestId: number; readonly reply: SliceReply }
  | { readonly type: 'patient'; readonly requestId: number; readonly reply: PatientSlicesReply }
  | { readonly type: 'rows'; readonly requestId: number; readonly reply: TableRowsReply };
