/**
 * Slice viewers as editors of their own, as large as the window. Their page asks the kernel of the notebook that they
 * were opened from, follows the cell that showed them, and finds its slices in the notebook again after a reload.
 */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { FromSliceEditor, SliceEditorState, ToRenderer, ToSliceEditor } from '../protocol/rendererMessages.ts';
import { type EncodedSlice, type SliceView, VIEW_MIME, type ViewModel } from '../protocol/view.ts';
import type { Drawings } from './drawings.ts';
import { kernelAnswer } from './kernelAnswers.ts';
import type { Kernels } from './kernels.ts';
import { NOTEBOOK_TYPE } from './serializer.ts';
import { sliceEditorPage } from './sliceEditorPage.ts';
import { useMasks } from './useMasks.ts';

const VIEW_TYPE = 'lungnb.slices';
const BUNDLES = ['out', 'webview'];

/** An editor that is open. */
interface Editor {
  readonly panel: vscode.WebviewPanel;
  readonly notebook: vscode.Uri;
  /** Undefined where the notebook does not hold it any more. */
  view: SliceView | undefined;
}

export class SliceEditors implements vscode.Disposable {
  readonly #kernels: Kernels;
  readonly #drawings: Drawings;
  readonly #folder: vscode.Uri;
  readonly #open = new Set<Editor>();
  readonly #registered: vscode.Disposable;

  constructor(context: vscode.ExtensionContext, kernels: Kernels, drawings: Drawings) {
    this.#kernels = kernels;
    this.#drawings = drawings;
    this.#folder = vscode.Uri.joinPath(context.extensionUri, ...BUNDLES);
    this.#registered = vscode.Disposable.from(
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
        deserializeWebviewPanel: (panel, state: SliceEditorState | undefined) => this.#restore(panel, state),
      }),
      vscode.workspace.onDidChangeNotebookDocument((event) => this.#follow(event)),
      drawings.onDidChange((notebook) => {
        for (const editor of this.#open)
          if (editor.notebook.toString() === notebook.uri.toString()) this.#sendDrawings(editor);
      }),
    );
  }

  /** Brings the slices to the front, in an editor of theirs. */
  open(notebook: vscode.NotebookDocument, view: SliceView): void {
    const isOpen = ({ notebook: of, view: shown }: Editor) =>
      of.toString() === notebook.uri.toString() && shown?.handle === view.handle;
    const existing = [...this.#open].find(isOpen);
    if (existing) {
      existing.view = view;
      this.#send(existing);
      existing.panel.reveal();
      return;
    }
    // Who is shown stands in the page and not in the title, which VS Code writes down.
    const panel = vscode.window.createWebviewPanel(
      VIEW_TYPE,
      titleOf(notebook.uri),
      vscode.ViewColumn.Active,
      this.#options(),
    );
    this.#fill({ panel, notebook: notebook.uri, view });
  }

  dispose(): void {
    this.#registered.dispose();
    for (const { panel } of [...this.#open]) panel.dispose();
  }

  #options(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: [this.#folder] };
  }

  async #restore(panel: vscode.WebviewPanel, state: SliceEditorState | undefined): Promise<void> {
    panel.webview.options = this.#options();
    // Without its state nothing can be found, and nothing is lost: the notebook has the slices.
    if (!state) return panel.dispose();
    const uri = vscode.Uri.parse(state.notebook);
    const notebook = await vscode.workspace.openNotebookDocument(uri).then(
      (document) => document,
      // Moved or removed meanwhile: the page says so.
      () => undefined,
    );
    const view = notebook && slicesOf(notebook).find(({ handle }) => handle === state.handle);
    this.#fill({ panel, notebook: uri, view });
  }

  #fill(editor: Editor): void {
    const { panel, notebook } = editor;
    this.#open.add(editor);
    panel.onDidDispose(() => this.#open.delete(editor));
    panel.webview.onDidReceiveMessage(async (message) => {
      // SAFETY: only this extension's page, built from the same types, can post here.
      const asked = message as FromSliceEditor;
      if (asked.type === 'started') return this.#send(editor);
      if (asked.type === 'openNotebook') return showNotebook(notebook);
      if (asked.type === 'draw' || asked.type === 'erase') return this.#keep(notebook, asked);
      const document = openDocument(notebook);
      if (asked.type === 'useMasks') {
        const reply = await useMasks(document, this.#kernels, asked.request);
        const { type, requestId } = asked;
        void panel.webview.postMessage({ type, requestId, reply } satisfies ToSliceEditor);
        return;
      }
      const answer = await kernelAnswer(asked, document && this.#kernels.get(document));
      if (answer) void panel.webview.postMessage(inBytes(answer));
    });
    panel.webview.html = sliceEditorPage(panel.webview, vscode.Uri.joinPath(this.#folder, 'sliceEditor.js'));
  }

  /** What is drawn here is kept in the notebook, which may have been closed meanwhile. */
  async #keep(notebook: vscode.Uri, asked: Extract<FromSliceEditor, { type: 'draw' | 'erase' }>): Promise<void> {
    const document = openDocument(notebook) ?? (await vscode.workspace.openNotebookDocument(notebook));
    if (asked.type === 'draw') await this.#drawings.draw(document, asked.annotation, asked.handle);
    else await this.#drawings.erase(document, asked.ids);
  }

  #sendDrawings({ panel, notebook }: Editor): void {
    const document = openDocument(notebook);
    if (!document) return;
    const message: ToSliceEditor = { type: 'annotations', annotations: this.#drawings.of(document) };
    void panel.webview.postMessage(message);
  }

  #send(editor: Editor): void {
    const { panel, notebook, view } = editor;
    this.#sendDrawings(editor);
    const state = view && { notebook: notebook.toString(), handle: view.handle };
    const message: ToSliceEditor =
      view && state
        ? { type: 'view', view, state }
        : {
            type: 'nothing',
            text: `“${basename(notebook.path)}” does not hold these slices any more. Open it, run the cell that shows them, and choose “Open in Editor” there.`,
          };
    void panel.webview.postMessage(message);
  }

  /** Where the cell shows the same CT anew, such as with other textures, so does the editor. */
  #follow({ notebook, cellChanges }: vscode.NotebookDocumentChangeEvent): void {
    if (notebook.notebookType !== NOTEBOOK_TYPE || this.#open.size === 0) return;
    const shown = cellChanges.flatMap(({ cell, outputs }) => (outputs ? slicesIn(cell) : []));
    for (const editor of this.#open) {
      const { view } = editor;
      if (editor.notebook.toString() !== notebook.uri.toString()) continue;
      const anew = shown.find(({ patient, series }) => patient === view?.patient && series === view?.series);
      if (!anew || anew.handle === view?.handle) continue;
      editor.view = anew;
      this.#send(editor);
    }
  }
}

/** Slices as they are, which are a quarter less to send than in base64. */
function inBytes(answer: ToRenderer): ToRenderer {
  if (answer.type !== 'slice' || 'problem' in answer.reply) return answer;
  const { slice, further } = answer.reply;
  return {
    ...answer,
    reply: { slice: sliceInBytes(slice), ...(further ? { further: further.map(sliceInBytes) } : {}) },
  };
}

type Packed = string | Uint8Array<ArrayBuffer>;

function sliceInBytes({ hu, lobes, textures, ...rest }: EncodedSlice<Packed>): EncodedSlice<Packed> {
  // A copy, since a small buffer of Node is a part of a larger one, which would be sent as a whole.
  const bytes = (packed: Packed) =>
    typeof packed === 'string' ? new Uint8Array(Buffer.from(packed, 'base64')) : packed;
  return {
    ...rest,
    hu: bytes(hu),
    ...(lobes === undefined ? {} : { lobes: bytes(lobes) }),
    ...(textures === undefined ? {} : { textures: bytes(textures) }),
  };
}

const titleOf = (notebook: vscode.Uri) => `Slices: ${basename(notebook.path)}`;

function openDocument(uri: vscode.Uri): vscode.NotebookDocument | undefined {
  return vscode.workspace.notebookDocuments.find((notebook) => notebook.uri.toString() === uri.toString());
}

async function showNotebook(uri: vscode.Uri): Promise<void> {
  await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(uri));
}

function slicesOf(notebook: vscode.NotebookDocument): SliceView[] {
  return notebook.getCells().flatMap(slicesIn);
}

function slicesIn({ outputs }: vscode.NotebookCell): SliceView[] {
  const items = outputs.flatMap((output) => output.items).filter(({ mime }) => mime === VIEW_MIME);
  return items.flatMap(({ data }) => {
    // SAFETY: outputs of this type are made by the kernel and the notebook codec alone.
    const view = JSON.parse(new TextDecoder().decode(data)) as ViewModel;
    return view.type === 'slices' ? [view] : [];
  });
}
