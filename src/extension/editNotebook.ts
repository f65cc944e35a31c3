/**
 * Edits of notebooks, none of which is refused without a word. VS Code refuses an edit of a notebook that has changed
 * since the extension heard of it, such as by an output that came meanwhile, and says no more than that; of one that is
 * read-only it takes the edit, shows it, and never saves it.
 */
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import { againUntil } from './againUntil.ts';
import { cellSource } from './serializer.ts';

/** A notebook could not be edited; the message says why, in a sentence. */
export class NotEditedError extends Error {}

/**
 * Asks for the edits anew at each try, since they start from what is there then; rejects with a NotEditedError where VS
 * Code goes on refusing, and where the notebook is read-only.
 */
export async function editNotebook(
  notebook: vscode.NotebookDocument,
  edits: () => readonly vscode.NotebookEdit[],
): Promise<void> {
  const isDone = await againUntil(() => {
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [...edits()]);
    return vscode.workspace.applyEdit(edit);
  });
  if (!isDone) throw new NotEditedError('VS Code refuses to change the notebook. Nothing of it was changed.');
  if (isReadOnly(notebook))
    throw new NotEditedError('The notebook is read-only, so that the change is lost with its editor.');
}

/** Inserts a cell before the one that is `index` when the edit is made, by default at the end; its own index. Rejects as `editNotebook`. */
export async function insertCell(
  notebook: vscode.NotebookDocument,
  cell: vscode.NotebookCellData,
  index: () => number = () => notebook.cellCount,
): Promise<number> {
  let place = index();
  await editNotebook(notebook, () => {
    place = index();
    return [vscode.NotebookEdit.insertCells(place, [cell])];
  });
  return place;
}

export interface CellReplacement {
  readonly cell: vscode.NotebookCell;
  readonly range: vscode.Range;
  readonly text: string;
}

/** Why a cell was not written, in a sentence; `changed` where somebody changed its text meanwhile. */
export type NotWritten = 'changed' | { readonly refused: string };

/**
 * Replaces text of a cell; undefined where it is done. Undo takes back everything since the last edit that did not
 * join; an edit without an editor in view joins none, since only an editor can join edits.
 */
export async function replaceInCell(replacement: CellReplacement, joins = false): Promise<NotWritten | undefined> {
  const { cell } = replacement;
  const before = cellSource(cell.document);
  for (let left = TRIES; left > 0; left--) {
    if (await tryToReplace(replacement, joins)) return takenBackIfReadOnly(cell, before);
    if (cell.index < 0 || cellSource(cell.document) !== before) return 'changed';
    await wait(PAUSE_MS);
  }
  return { refused: 'VS Code refuses to change the cell, which stays as it is.' };
}

/** What is refused for the moment only is taken soon. */
const TRIES = 5;
const PAUSE_MS = 50;

export function wholeOf({ lineCount }: vscode.TextDocument): vscode.Range {
  return new vscode.Range(0, 0, lineCount, 0);
}

async function tryToReplace({ cell, range, text }: CellReplacement, joins: boolean): Promise<boolean> {
  const { document } = cell;
  const editor = vscode.window.visibleTextEditors.find((candidate) => candidate.document === document);
  const stops = { undoStopBefore: !joins, undoStopAfter: false };
  if (await editor?.edit((edit) => edit.replace(range, text), stops)) return true;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, text);
  return vscode.workspace.applyEdit(edit);
}

async function takenBackIfReadOnly(cell: vscode.NotebookCell, before: string): Promise<NotWritten | undefined> {
  const { document, notebook } = cell;
  if (!isReadOnly(notebook)) return undefined;
  await tryToReplace({ cell, range: wholeOf(document), text: before }, true);
  return { refused: 'The notebook is read-only, so that the cell stays as it is.' };
}

/** Right after an edit, before anybody can have saved it: what is read-only never gets dirty, which is all that VS Code tells of it. */
function isReadOnly({ isDirty }: vscode.NotebookDocument): boolean {
  return !isDirty;
}
