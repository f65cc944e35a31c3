/** Opens and saves `.lungnb` files. An unreadable file makes it throw, so that VS Code never overwrites it. */
import * as vscode from 'vscode';
import { type Annotations, NO_ANNOTATIONS } from '../protocol/annotations/annotation.ts';
import { formatVersionOf, type Notebook, type NotebookCell } from '../protocol/notebook.ts';
import { collectProvenance, formatNotebook, NotebookFileError, parseNotebook } from '../protocol/notebookFile.ts';
import { showError } from './notify.ts';
import { fromOutputs, toOutputs } from './outputs.ts';

export const NOTEBOOK_TYPE = 'lungnb';
export const CELL_LANGUAGE = 'lungnb';

/** VS Code holds a notebook several times over, and the renderer gets it as one message. */
const MAX_BYTES = 100e6;

export const serializer: vscode.NotebookSerializer = {
  deserializeNotebook(content) {
    try {
      return read(content);
    } catch (error) {
      // In the editor's place VS Code says no more than "an unexpected error", and offers to open the file as text.
      if (error instanceof NotebookFileError) void showError(error.message);
      throw error;
    }
  },
  serializeNotebook({ cells, metadata }) {
    return new TextEncoder().encode(formatNotebook(notebookOf(cells, annotationsIn(metadata))));
  },
};

/** Throws a NotebookFileError that says why the file cannot be shown. */
function read(content: Uint8Array): vscode.NotebookData {
  // A file that was just made is empty: a new notebook.
  if (content.length === 0) return emptyNotebook();
  if (content.length > MAX_BYTES)
    throw new NotebookFileError(
      `This notebook has ${(content.length / 1e6).toFixed(0)} MB, and VS Code shows no more than ${MAX_BYTES / 1e6} MB well; the file is left as it is. \`lungnb run\` with \`--out\` reads it and writes it with new outputs, and \`--html\` makes a page of it.`,
    );
  const { cells, annotations } = parseNotebook(decoded(content));
  const data = new vscode.NotebookData(cells.map(toCellData));
  if (annotations) data.metadata = withAnnotationsIn({}, annotations);
  return data;
}

function decoded(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw new NotebookFileError(
      'This notebook is not text in UTF-8: it is damaged, or no notebook. The file is left as it is.',
    );
  }
}

/** Cells as VS Code hands them over, as a notebook of ours. */
function notebookOf(data: readonly vscode.NotebookCellData[], annotations: Annotations): Notebook {
  const cells = data.map(fromCellData);
  const provenance = collectProvenance(cells);
  return {
    lungnb: formatVersionOf({ annotations }),
    cells,
    ...(annotations.drawn.length ? { annotations } : {}),
    ...(provenance ? { provenance } : {}),
  };
}

/** The key of a notebook's metadata under which VS Code holds what is drawn on its slices. */
const ANNOTATIONS = 'annotations';

/** What is drawn on the slices of a notebook, from its metadata as VS Code holds it. */
export function annotationsIn(metadata: Readonly<Record<string, unknown>> | undefined): Annotations {
  // SAFETY: `withAnnotationsIn` alone writes this key.
  return (metadata?.[ANNOTATIONS] as Annotations | undefined) ?? NO_ANNOTATIONS;
}

/** Metadata with what is drawn on the notebook's slices. */
export function withAnnotationsIn(
  metadata: Readonly<Record<string, unknown>>,
  annotations: Annotations,
): Record<string, unknown> {
  const { [ANNOTATIONS]: _, ...others } = metadata;
  return annotations.drawn.length ? { ...others, [ANNOTATIONS]: annotations } : others;
}

/** A notebook that is open, as it would be saved now. */
export function openNotebookAsSaved(document: vscode.NotebookDocument): Notebook {
  return notebookOf(
    document.getCells().map((cell) => {
      const data = new vscode.NotebookCellData(cell.kind, cell.document.getText(), cell.document.languageId);
      data.outputs = [...cell.outputs];
      return data;
    }),
    annotationsIn(document.metadata),
  );
}

/** A cell's text with the line ends of the kernel and the file. */
export function cellSource(document: vscode.TextDocument): string {
  return document.getText().replaceAll('\r\n', '\n');
}

/** A notebook with one empty cell. */
export function emptyNotebook(): vscode.NotebookData {
  return new vscode.NotebookData([new vscode.NotebookCellData(vscode.NotebookCellKind.Code, '', CELL_LANGUAGE)]);
}

export function toCellData({ kind, source, outputs = [] }: NotebookCell): vscode.NotebookCellData {
  const text = source.join('\n');
  const data =
    kind === 'code'
      ? new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, CELL_LANGUAGE)
      : new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, text, 'markdown');
  data.outputs = toOutputs(outputs);
  return data;
}

function fromCellData({ kind, value, outputs }: vscode.NotebookCellData): NotebookCell {
  return {
    kind: kind === vscode.NotebookCellKind.Code ? 'code' : 'markup',
    source: value.split(/\r?\n/),
    outputs: fromOutputs(outputs ?? []),
  };
}
