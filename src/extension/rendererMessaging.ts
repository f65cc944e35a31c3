/** Hands what the renderer asks for (slices, moved parameters, selected patients) to the kernel of the notebook that shows it. */
import * as vscode from 'vscode';
import type { ToExtension, ToRenderer } from '../protocol/rendererMessages.ts';
import type { Drawings } from './drawings.ts';
import type { Follower } from './follower.ts';
import { kernelAnswer } from './kernelAnswers.ts';
import type { Kernels } from './kernels.ts';
import type { ReadingRooms } from './reading/readingRooms.ts';
import type { Selections } from './selections.ts';
import { NOTEBOOK_TYPE } from './serializer.ts';
import type { SliceEditors } from './sliceEditors.ts';
import { useMasks } from './useMasks.ts';

export interface AskedByRenderers {
  readonly kernels: Kernels;
  readonly follower: Follower;
  readonly selections: Selections;
  readonly drawings: Drawings;
  readonly sliceEditors: SliceEditors;
  readonly readingRooms: ReadingRooms;
}

export function registerRendererMessaging({
  kernels,
  follower,
  selections,
  drawings,
  sliceEditors,
  readingRooms,
}: AskedByRenderers): vscode.Disposable {
  const messaging = vscode.notebooks.createRendererMessaging('lungnb-renderer');
  const tell = (editor: vscode.NotebookEditor, ...messages: readonly ToRenderer[]) => {
    for (const message of messages) void messaging.postMessage(message, editor);
  };
  const now = (notebook: vscode.NotebookDocument): readonly ToRenderer[] => [
    { type: 'restricted', isRestricted: !vscode.workspace.isTrusted },
    { type: 'annotations', annotations: drawings.of(notebook) },
    { type: 'selection', patients: selections.of(notebook) },
  ];
  const granted = vscode.workspace.onDidGrantWorkspaceTrust(() => {
    for (const editor of vscode.window.visibleNotebookEditors)
      if (editor.notebook.notebookType === NOTEBOOK_TYPE) tell(editor, { type: 'restricted', isRestricted: false });
  });
  // Behind another tab a notebook hears of nothing, such as what is drawn in the editor of its slices.
  let visible = new Set(vscode.window.visibleNotebookEditors);
  const shown = vscode.window.onDidChangeVisibleNotebookEditors((editors) => {
    for (const editor of editors)
      if (!visible.has(editor) && editor.notebook.notebookType === NOTEBOOK_TYPE) tell(editor, ...now(editor.notebook));
    visible = new Set(editors);
  });
  const received = messaging.onDidReceiveMessage(async ({ editor, message }) => {
    const { notebook } = editor;
    const post = (reply: ToRenderer) => messaging.postMessage(reply, editor);
    // SAFETY: only this extension's renderer, built from the same types, can post here.
    const asked = message as ToExtension;
    switch (asked.type) {
      case 'started':
        return tell(editor, ...now(notebook));
      case 'parameter':
        return follower.move(notebook, asked);
      case 'draw':
        return drawings.draw(notebook, asked.annotation, asked.handle);
      case 'erase':
        return drawings.erase(notebook, asked.ids);
      case 'selection':
        for (const other of vscode.window.visibleNotebookEditors)
          if (other.notebook === notebook && other !== editor)
            tell(other, { type: 'selection', patients: asked.patients });
        return selections.set(notebook, asked.patients);
      case 'useMasks':
        return post({
          type: 'useMasks',
          requestId: asked.requestId,
          reply: await useMasks(notebook, kernels, asked.request),
        });
      case 'openReading':
        return readingRooms.open(notebook, asked.name);
      case 'openEditor':
        return sliceEditors.open(notebook, asked.view);
      default: {
        const answer = await kernelAnswer(asked, kernels.get(notebook));
        return answer && post(answer);
      }
    }
  });
  const tellAll = (notebook: vscode.NotebookDocument, message: ToRenderer) => {
    for (const editor of vscode.window.visibleNotebookEditors) if (editor.notebook === notebook) tell(editor, message);
  };
  const drawn = drawings.onDidChange((notebook) =>
    tellAll(notebook, { type: 'annotations', annotations: drawings.of(notebook) }),
  );
  const notMoved = follower.onNotMoved(({ notebook, ...why }) => tellAll(notebook, { type: 'notMoved', ...why }));
  return vscode.Disposable.from(granted, shown, received, drawn, notMoved);
}
