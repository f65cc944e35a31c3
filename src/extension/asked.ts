/** Asks a notebook's kernel about one of its cells, in the terms of both sides. */
import * as vscode from 'vscode';
import type { PlaceInCell, SourceSpan } from '../protocol/kernelApi.ts';
import type { KernelMethod, KernelReply, KernelRequest } from '../protocol/kernelMethods.ts';
import { unlessEnded } from './kernelProcess.ts';
import type { Kernels } from './kernels.ts';
import { cellsOf, notebookOf } from './notebookCells.ts';

export interface Asked {
  /** Undefined where the kernel ends meanwhile: VS Code has to do without the answer, and asks again. */
  ask<M extends KernelMethod>(method: M, request: KernelRequest<M>): Promise<KernelReply<M> | undefined>;
  readonly cells: PlaceInCell['cells'];
  readonly cellId: string;
}

/** The kernel is started if it does not run; undefined in an untrusted workspace, where nothing runs. */
export function askAbout(kernels: Kernels, document: vscode.TextDocument): Asked | undefined {
  const notebook = notebookOf(document);
  if (!notebook || !vscode.workspace.isTrusted) return undefined;
  const kernel = kernels.start(notebook);
  return {
    ask: (method, request) => unlessEnded(kernel.ask(method, request), () => undefined),
    cells: cellsOf(notebook),
    cellId: document.uri.toString(),
  };
}

export function positionInCell(
  { cells, cellId }: Asked,
  document: vscode.TextDocument,
  position: vscode.Position,
): PlaceInCell {
  // In the kernel's text lines end in one character.
  const offset = document.offsetAt(position) - (document.eol === vscode.EndOfLine.CRLF ? position.line : 0);
  return { cells, cellId, offset };
}

export function rangeOf({ startLine, startColumn, endLine, endColumn }: SourceSpan): vscode.Range {
  return new vscode.Range(startLine, startColumn, endLine, endColumn);
}
