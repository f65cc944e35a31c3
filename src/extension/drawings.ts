/** What is drawn on a notebook's slices: kept in the notebook itself, where it can be undone, and told to its kernel. */
import * as vscode from 'vscode';
import {
  type Annotation,
  type Annotations,
  withAnnotation,
  withoutAnnotations,
} from '../protocol/annotations/annotation.ts';
import type { EncodedSlice } from '../protocol/view.ts';
import { editNotebook } from './editNotebook.ts';
import { type KernelProcess, unlessEnded } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';
import { showError } from './notify.ts';
import { annotationsIn, NOTEBOOK_TYPE, withAnnotationsIn } from './serializer.ts';

export class Drawings implements vscode.Disposable {
  readonly #kernels: Kernels;
  /** Edits of one notebook come one after another, since each starts from what the last one left. */
  readonly #edits = new WeakMap<vscode.NotebookDocument, Promise<void>>();
  readonly #changed = new vscode.EventEmitter<vscode.NotebookDocument>();
  /** The notebook's kernel, where it runs, knows of what was drawn, erased, or undone. */
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[];

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
    this.#subscriptions = [
      this.#changed,
      // A kernel that starts anew knows of nothing.
      kernels.onStarted(({ notebook, kernel }) => {
        if (this.of(notebook).drawn.length) void this.#tell(notebook, kernel);
      }),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, metadata }) => {
        if (metadata && notebook.notebookType === NOTEBOOK_TYPE) void this.#follow(notebook);
      }),
    ];
  }

  of(notebook: vscode.NotebookDocument): Annotations {
    return annotationsIn(notebook.metadata);
  }

  /** Keeps what was drawn in the viewer of the handle, with its slice where the kernel still has it. */
  draw(notebook: vscode.NotebookDocument, annotation: Annotation, handle: string): Promise<void> {
    return this.#edit(notebook, async () => {
      const slice = await this.#sliceOf(notebook, annotation, handle);
      return (now) => withAnnotation(now, annotation, slice);
    });
  }

  erase(notebook: vscode.NotebookDocument, ids: readonly string[]): Promise<void> {
    return this.#edit(notebook, async () => (now) => withoutAnnotations(now, ids));
  }

  #edit(notebook: vscode.NotebookDocument, prepare: () => Promise<(now: Annotations) => Annotations>): Promise<void> {
    const done = (this.#edits.get(notebook) ?? Promise.resolve()).then(async () => {
      const change = await prepare();
      const metadata = () => withAnnotationsIn(notebook.metadata, change(this.of(notebook)));
      await editNotebook(notebook, () => [vscode.NotebookEdit.updateNotebookMetadata(metadata())]);
    });
    // One that fails hinders no later one; viewers, which show it already, are told what is kept.
    done.catch((error: Error) => {
      void showError(`What was drawn or erased is not kept: ${error.message}`);
      this.#changed.fire(notebook);
    });
    this.#edits.set(
      notebook,
      done.catch(() => undefined),
    );
    return done;
  }

  /** Exactly; undefined without a kernel that has it, as in a notebook whose data are elsewhere: what is drawn there is drawn on a slice of the file. */
  async #sliceOf(
    notebook: vscode.NotebookDocument,
    { plane, index }: Annotation,
    handle: string,
  ): Promise<EncodedSlice | undefined> {
    const kernel = this.#kernels.get(notebook);
    if (!kernel) return undefined;
    const reply = await unlessEnded(kernel.ask('slice', { handle, plane, index }), () => undefined);
    return reply && 'slice' in reply ? reply.slice : undefined;
  }

  async #follow(notebook: vscode.NotebookDocument): Promise<void> {
    const kernel = this.#kernels.get(notebook);
    if (kernel) await this.#tell(notebook, kernel);
    this.#changed.fire(notebook);
  }

  async #tell(notebook: vscode.NotebookDocument, kernel: KernelProcess): Promise<void> {
    const { drawn } = this.of(notebook);
    await unlessEnded(kernel.ask('annotate', { drawn }), () => null);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
