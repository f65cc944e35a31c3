/** Hands what the renderer asks for (slices, moved parameters, selected patients) to the kernel of the notebook that shows it. */
import * as vscode from 'vscode';
import type { ToExtension, ToRenderer } from '../protocol/rendererMessages.ts';
import type { Follower } from './follower.ts';
import { kernelAnswer } from './kernelAnswers.ts';
import type { Kernels } from './kernels.ts';
import type { Selections } from './selections.ts';
import { NOTEBOOK_TYPE } from './serializer.ts';
import type { SliceEditors } from './sliceEditors.ts';

export function registerRendererMessaging(
  kernels: Kernels,
  follower: Follower,
  selections: Selections,
  editors: SliceEditors,
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
      case 'openEditor':
        return editors.open(notebook, asked.view);
      default: {
        const answer = await kernelAnswer(asked, kernels.get(notebook));
        return answer && post(answer);
      }
    }
  });
  return vscode.Disposable.from(granted, received);
}
