/** Hands what the renderer asks for (slices, moved parameters, selected patients) to the kernel of the notebook that shows it. */
import * as vscode from 'vscode';
import type { KernelMethod, KernelReply, KernelRequest } from '../protocol/kernelMethods.ts';
import type { ToExtension, ToRenderer } from '../protocol/rendererMessages.ts';
import type { Follower } from './follower.ts';
import { type KernelProcess, unlessEnded } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';
import type { Selections } from './selections.ts';
import { NOTEBOOK_TYPE } from './serializer.ts';

const NO_KERNEL = { problem: 'Run the cell again to see more than the notebook keeps.' };

export function registerRendererMessaging(
  kernels: Kernels,
  follower: Follower,
  selections: Selections,
): vscode.Disposable {
  const messaging = vscode.notebooks.createRendererMessaging('lungnb-renderer');
  const granted = vscode.workspace.onDidGrantWorkspaceTrust(() => {
    for (const editor of vscode.window.visibleNotebookEditors)
      if (editor.notebook.notebookType === NOTEBOOK_TYPE)
        void messaging.postMessage({ type: 'restricted', isRestricted: false } satisfies ToRenderer, editor);
  });
  const received = messaging.onDidReceiveMessage(async ({ editor, message }) => {
    const { notebook } = editor;
    const post = (reply: ToRenderer) => messaging.postMessage(reply, editor);
    // SAFETY: only this extension's renderer, built from the same types, can post here.
    const asked = message as ToExtension;
    switch (asked.type) {
      case 'started': {
        if (!vscode.workspace.isTrusted) void post({ type: 'restricted', isRestricted: true });
        const patients = selections.of(notebook);
        return patients.length ? post({ type: 'selection', patients }) : undefined;
      }
      case 'parameter':
        return follower.move(notebook, asked);
      case 'selection':
        for (const other of vscode.window.visibleNotebookEditors)
          if (other.notebook === notebook && other !== editor)
            void messaging.postMessage({ type: 'selection', patients: asked.patients } satisfies ToRenderer, other);
        return selections.set(notebook, asked.patients);
      case 'slice': {
        const { type, requestId, request } = asked;
        return post({ type, requestId, reply: await answer('slice', request, kernels.get(notebook)) });
      }
      case 'rows': {
        const { type, requestId, request } = asked;
        return post({ type, requestId, reply: await answer('tableRows', request, kernels.get(notebook)) });
      }
      case 'patient': {
        const { type, requestId, request } = asked;
        return post({ type, requestId, reply: await answer('patientSlices', request, kernels.get(notebook)) });
      }
    }
  });
  return vscode.Disposable.from(granted, received);
}

/** What the kernel answers; without one, or where it fails, a problem that the renderer shows. */
async function answer<M extends KernelMethod>(
  method: M,
  request: KernelRequest<M>,
  kernel: KernelProcess | undefined,
): Promise<KernelReply<M> | { readonly problem: string }> {
  if (!kernel) return NO_KERNEL;
  const asked = unlessEnded(kernel.ask(method, request), () => NO_KERNEL);
  return asked.catch((error: Error) => ({ problem: error.message }));
}
