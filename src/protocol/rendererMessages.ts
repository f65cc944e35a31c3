/** The messages between a notebook renderer and the extension: plain JSON, since VS Code copies typed arrays badly. */
import type { PatientSlicesReply, PatientSlicesRequest, SliceReply, SliceRequest } from './kernelApi.ts';

export type ToExtension =
  | { readonly type: 'slice'; readonly requestId: number; readonly request: SliceRequest }
  | { readonly type: 'patient'; readonly requestId: number; readonly request: PatientSlicesRequest }
  | { readonly type: 'selection'; readonly patients: readonly string[] }
  | { readonly type: 'parameter'; readonly name: string; readonly value: number | string | boolean };

export type ToRenderer =
  | { readonly type: 'slice'; readonly requestId: number; readonly reply: SliceReply }
  | { readonly type: 'patient'; readonly requestId: number; readonly reply: PatientSlicesReply };
