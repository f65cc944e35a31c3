/** Asks the extension for slices, where the output is in a notebook with a kernel. */
import type { RendererContext } from 'vscode-notebook-renderer';
import type { SliceReply, SliceRequest } from '../protocol/kernelApi.ts';
import type { ToExtension, ToRenderer } from '../protocol/rendererMessages.ts';

/** After this time without an answer a request counts as unanswered. */
const PATIENCE_MS = 20_000;

export interface Messaging {
  /** Never rejects: what went wrong is the reply's `problem`. */
  requestSlice(request: SliceRequest): Promise<SliceReply>;
  /** Moves a parameter of the notebook; absent where there is no kernel to follow. */
  changeParameter?(name: string, value: number | string | boolean): void;
}

export const WITHOUT_KERNEL: Messaging = {
  requestSlice: async () => ({ problem: 'This slice is not kept in the file. Run the cell to see all slices.' }),
};

export function createMessaging(context: RendererContext<unknown>): Messaging {
  const waiting = new Map<number, (reply: SliceReply) => void>();
  let lastId = 0;
  context.onDidReceiveMessage?.((message: ToRenderer) => {
    waiting.get(message.requestId)?.(message.reply);
    waiting.delete(message.requestId);
  });
  const { postMessage } = context;
  return {
    ...(postMessage
      ? { changeParameter: (name, value) => postMessage({ type: 'parameter', name, value } satisfies ToExtension) }
      : {}),
    requestSlice(request) {
      if (!postMessage) return WITHOUT_KERNEL.requestSlice(request);
      const requestId = ++lastId;
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiting.delete(requestId);
          resolve({ problem: 'The kernel does not answer. Run the cell again to see further slices.' });
        }, PATIENCE_MS);
        waiting.set(requestId, (reply) => {
          clearTimeout(timer);
          resolve(reply);
        });
        postMessage({ type: 'slice', requestId, request } satisfies ToExtension);
      });
    },
  };
}
