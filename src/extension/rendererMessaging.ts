/** Hands what the renderer asks for (slices, moved parameters, selected patients) to the kernel of the notebook that shows it. */
import * as vscode from 'vscode';
import type { ToExtension, ToRenderer } from '../protocol/rendererMessages.ts';
import type { Drawings } from './drawings.ts';
import type { Follower } from './follower.ts';
import { kernelAnswer } from './kernelAnswers.ts';
import type { Kernels } from './kernels.ts';
import type { Selections } from './selections.ts';
import { NOTEBOOK_TYPE } from './serializer.ts';
import type { SliceEditors } from './sliceEditors.ts';

export interface AskedByRenderers {
  readonly kernels: Kernels;
  readonly follower: Follower;
  readonly selections: Selections;
  readonly drawings: Drawings;
  readonly sliceEditors: SliceEditors;
}

export function registerRendererMessaging({
  kernels,
  follower,
  selections,
  drawings,
  sliceEditors,
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
      case 'openEditor':
        return sliceEditors.open(notebook, asked.view);
      default: {
        const answer = await kernelAnswer(asked, kernels.get(notebook));
        return answer && post(answer);
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
