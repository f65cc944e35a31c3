/** Hands the renderer's requests for slices to the kernel of the notebook that shows them. */
import * as vscode from 'vscode';
import type { SliceReply, SliceRequest } from '../protocol/kernelApi.ts';
import type { ToExtension, ToRenderer } from '../protocol/rendererMessages.ts';
import { KernelEndedError } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';

const NO_KERNEL: SliceReply = { problem: 'Run the cell again to see further slices.' };

export function registerRendererMessaging(kernels: Kernels): vscode.Disposable {
  const messaging = vscode.notebooks.createRendererMessaging('lungnb-renderer');
  return messaging.onDidReceiveMessage(async ({ editor, message }) => {
    // SAFETY: only this extension's renderer, built from the same types, can post here.
    const { type, requestId, request } = message as ToExtension;
    const reply = await slice(kernels, editor.notebook, request);
    await messaging.postMessage({ type, requestId, reply } satisfies ToRenderer, editor);
  });
}

async function slice(kernels: Kernels, notebook: vscode.NotebookDocument, request: SliceRequest): Promise<SliceReply> {
  const kernel = kernels.get(notebook);
  if (!kernel) return NO_KERNEL;
  try {
    return await kernel.slice(request);
  } catch (error) {
    return error instanceof KernelEndedError ? NO_KERNEL : { problem: (error as Error).message };
  }
}
