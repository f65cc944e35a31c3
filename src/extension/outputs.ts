/** Outputs as VS Code holds them and as the notebook file holds them. */
import * as vscode from 'vscode';
import type { CellRemark } from '../protocol/kernelApi.ts';
import type { NotebookOutput } from '../protocol/notebook.ts';
import { VIEW_MIME, type ViewModel } from '../protocol/view.ts';

const TEXT_MIME = 'text/plain';
/** Output metadata under which a problem is kept as it came from the kernel. */
const PROBLEM = 'problem';

/** The view for the renderer, and its plain text for everything else, last. */
export function viewOutput(view: ViewModel, text: string): vscode.NotebookCellOutput {
  return new vscode.NotebookCellOutput([
    vscode.NotebookCellOutputItem.json(view, VIEW_MIME),
    vscode.NotebookCellOutputItem.text(text, TEXT_MIME),
  ]);
}

/** A problem, with its place in words, since an output cannot underline. */
export function problemOutput(problem: CellRemark): vscode.NotebookCellOutput {
  const { message, span, details } = problem;
  const error = new Error(message);
  error.name = span ? `Line ${span.startLine + 1}, column ${span.startColumn + 1}` : 'Error';
  error.stack = details ?? '';
  return new vscode.NotebookCellOutput([vscode.NotebookCellOutputItem.error(error)], { [PROBLEM]: problem });
}

export function isProblem({ metadata }: vscode.NotebookCellOutput): boolean {
  return metadata?.[PROBLEM] !== undefined;
}

export function toOutputs(saved: readonly NotebookOutput[]): vscode.NotebookCellOutput[] {
  return saved.flatMap(({ view, text, problem }) => {
    if (problem) return [problemOutput(problem)];
    if (view) return [viewOutput(view, text ?? '')];
    return text === undefined
      ? []
      : [new vscode.NotebookCellOutput([vscode.NotebookCellOutputItem.text(text, TEXT_MIME)])];
  });
}

export function fromOutputs(outputs: readonly vscode.NotebookCellOutput[]): NotebookOutput[] {
  return outputs.flatMap(({ items, metadata }): NotebookOutput[] => {
    // SAFETY: only `problemOutput` writes this key.
    const problem = metadata?.[PROBLEM] as CellRemark | undefined;
    if (problem) return [{ problem }];
    const view = dataOf(items, VIEW_MIME);
    const text = dataOf(items, TEXT_MIME);
    if (view === undefined && text === undefined) return [];
    return [
      {
        // SAFETY: outputs of this type are made by `viewOutput` alone.
        ...(view === undefined ? {} : { view: JSON.parse(view) as ViewModel }),
        ...(text === undefined ? {} : { text }),
      },
    ];
  });
}

function dataOf(items: readonly vscode.NotebookCellOutputItem[], mime: string): string | undefined {
  const item = items.find((candidate) => candidate.mime === mime);
  return item && new TextDecoder().decode(item.data);
}
