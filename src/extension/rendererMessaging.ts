/** Hands what the renderer asks for (slices, moved parameters, selected patients) to the kernel of the notebook that shows it. */
import * as vscode from 'vscode';
import type { KernelMethod, KernelReply, KernelRequest } from '../protocol/kernelMethods.ts';
import type { ToExtension, ToRenderer } from '../protocol/rendererMessages.ts';
import type { Drawings } from './drawings.ts';
import type { Follower } from './follower.ts';
import { type KernelProcess, unlessEnded } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';
import type { Selections } from './selections.ts';
import { NOTEBOOK_TYPE } from './serializer.ts';

const NO_KERNEL = { problem: 'Run the cell again to see further slices.' };

export interface AskedByRenderers {
  readonly kernels: Kernels;
  readonly follower: Follower;
  readonly selections: Selections;
  readonly drawings: Drawings;
}

export function registerRendererMessaging({
  kernels,
  follower,
  selections,
  drawings,
}: AskedByRenderers): vscode.Disposable {
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
        const annotations = drawings.of(notebook);
        if (annotations.drawn.length) void post({ type: 'annotations', annotations });
        const patients = selections.of(notebook);
        return patients.length ? post({ type: 'selection', patients }) : undefined;
      }
      case 'parameter':
        return follower.move(notebook, asked);
      case 'draw':
        return drawings.draw(notebook, asked.annotation, asked.handle);
      case 'erase':
        return drawings.erase(notebook, asked.ids);
      case 'selection':
        for (const other of vscode.window.visibleNotebookEditors)
          if (other.notebook === notebook && other !== editor)
            void messaging.postMessage({ type: 'selection', patients: asked.patients } satisfies ToRenderer, other);
        return selections.set(notebook, asked.patients);
      case 'slice': {
        const { type, requestId, request } = asked;
        return post({ type, requestId, reply: await answer('slice', request, kernels.get(notebook)) });
      }
      case 'patient': {
        const { type, requestId, request } = asked;
        return post({ type, requestId, reply: await answer('patientSlices', request, kernels.get(notebook)) });
      }
    }
  });
  const drawn = drawings.onDidChange((notebook) => {
    const annotations = drawings.of(notebook);
    for (const editor of vscode.window.visibleNotebookEditors)
      if (editor.notebook === notebook)
        void messaging.postMessage({ type: 'annotations', annotations } satisfies ToRenderer, editor);
  });
  return vscode.Disposable.from(granted, received, drawn);
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
