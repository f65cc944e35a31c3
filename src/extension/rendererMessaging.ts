/** Hands what the renderer asks for (slices, moved parameters) to the kernel of the notebook that shows it. */
import * as vscode from 'vscode';
import type { SliceReply, SliceRequest } from '../protocol/kernelApi.ts';
import type { ToExtension, ToRenderer } from '../protocol/rendererMessages.ts';
import type { Follower } from './follower.ts';
import { KernelEndedError } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';

const NO_KERNEL: SliceReply = { problem: 'Run the cell again to see further slices.' };

export function registerRendererMessaging(kernels: Kernels, follower: Follower): vscode.Disposable {
  const messaging = vscode.notebooks.createRendererMessaging('lungnb-renderer');
  return messaging.onDidReceiveMessage(async ({ editor, message }) => {
    // SAFETY: only this extension's renderer, built from the same types, can post here.
    const asked = message as ToExtension;
    if (asked.type === 'parameter') return follower.move(editor.notebook, asked.name, asked.value);
    const { type, requestId, request } = asked;
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
