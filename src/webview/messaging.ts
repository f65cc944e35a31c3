/** Talks to the extension, where the output is in a notebook with a kernel: asks for slices, tells of parameters and selected patients. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { RendererContext } from 'vscode-notebook-renderer';
import type {
  PatientSlicesReply,
  PatientSlicesRequest,
  SliceReply,
  SliceRequest,
  TableRowsReply,
  TableRowsRequest,
} from '../protocol/kernelApi.ts';
import type { ParameterMove, ToExtension, ToRenderer } from '../protocol/rendererMessages.ts';
import { createSelection, type Selection } from './selection.ts';

/** After this time without an answer a request counts as unanswered. */
const TIMEOUT_MS = 20_000;

export interface Messaging {
  /** Never rejects: what went wrong is the reply's `problem`. */
  requestSlice(request: SliceRequest): Promise<SliceReply>;
  /** Likewise. */
  requestPatient(request: PatientSlicesRequest): Promise<PatientSlicesReply>;
  /** Likewise. */
  requestRows(request: TableRowsRequest): Promise<TableRowsReply>;
  /** Moves a parameter of the notebook; absent where there is no kernel to follow. */
  changeParameter?(move: ParameterMove): void;
  /** Whether the notebook's folder is not trusted (VS Code's Restricted Mode), so that nothing of it runs. */
  readonly isRestricted: ReadonlySignal<boolean>;
  readonly selection: Selection;
}

/** Where there is no kernel: pictures alone, and a selection that nothing follows. */
export function withoutKernel(): Messaging {
  return {
    requestSlice: async () => ({ problem: 'This slice is not kept in the file. Run the cell to see all slices.' }),
    requestPatient: async () => ({ problem: 'Slices are not kept in the file. Run the notebook to see them.' }),
    requestRows: async () => ({ problem: 'The other rows are not kept in the file. Run the notebook to see them.' }),
    isRestricted: signal(false),
    selection: createSelection(() => {}),
  };
}

type Reply = Extract<ToRenderer, { reply: unknown }>['reply'];

export function createMessaging(context: RendererContext<unknown>): Messaging {
  const { postMessage } = context;
  if (!postMessage) return withoutKernel();
  const waiting = new Map<number, (reply: Reply) => void>();
  let lastId = 0;
  context.onDidReceiveMessage?.((message: ToRenderer) => {
    if (message.type === 'selection') return selection.follow(message.patients);
    if (message.type === 'restricted') {
      isRestricted.value = message.isRestricted;
      return;
    }
    waiting.get(message.requestId)?.(message.reply);
    waiting.delete(message.requestId);
  });
  const isRestricted = signal(false);
  const post = (message: ToExtension) => postMessage(message);
  const selection = createSelection((patients) => post({ type: 'selection', patients }));
  post({ type: 'started' });
  const ask = <R extends Reply>(message: (requestId: number) => ToExtension): Promise<R> => {
    const requestId = ++lastId;
    return new Promise((resolve) => {
      const done = (reply: Reply) => {
        clearTimeout(timer);
        // SAFETY: the extension answers each request with the reply of its type.
        resolve(reply as R);
      };
      const timer = setTimeout(() => {
        waiting.delete(requestId);
        done({ problem: 'The kernel does not answer. Run the cell again.' });
      }, TIMEOUT_MS);
      waiting.set(requestId, done);
      post(message(requestId));
    });
  };
  return {
    changeParameter: (move) => post({ type: 'parameter', ...move }),
    requestSlice: (request) => ask<SliceReply>((requestId) => ({ type: 'slice', requestId, request })),
    requestPatient: (request) => ask<PatientSlicesReply>((requestId) => ({ type: 'patient', requestId, request })),
    requestRows: (request) => ask<TableRowsReply>((requestId) => ({ type: 'rows', requestId, request })),
    isRestricted,
    selection,
  };
}
