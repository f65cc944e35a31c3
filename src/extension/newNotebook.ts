/** `New LungNB Notebook`: from a template, with the user's own paths in it. */
import * as vscode from 'vscode';
import { askForPath } from './askForPath.ts';
import { CELL_LANGUAGE, emptyNotebook, NOTEBOOK_TYPE } from './serializer.ts';
import { cellsWith, TEMPLATES, type Template } from './templates.ts';

/**
 * Asks which template, and which folders and tables, unless told; and opens a notebook made from it. `toldPaths` are
 * by those that the template has in their place.
 */
export async function newNotebook(told?: unknown, toldPaths?: unknown): Promise<void> {
  const template =
    TEMPLATES.find(({ label }) => label === told) ??
    (await vscode.window.showQuickPick(TEMPLATES, { title: 'New LungNB Notebook', matchOnDescription: true }));
  if (!template) return;
  const paths = isTold(toldPaths) ? new Map(Object.entries(toldPaths)) : await askFor(template);
  if (!paths) return;
  const cells = cellsWith(template, paths);
  const content = cells.length ? new vscode.NotebookData(cells.map(cellOf)) : emptyNotebook();
  const notebook = await vscode.workspace.openNotebookDocument(NOTEBOOK_TYPE, content);
  await vscode.window.showNotebookDocument(notebook);
}

/** Menus give commands whatever they know of. */
function isTold(paths: unknown): paths is Readonly<Record<string, string>> {
  return typeof paths === 'object' && paths !== null && Object.values(paths).every((path) => typeof path === 'string');
}

/** Undefined where the user gives up. */
async function askFor({ label, asks }: Template): Promise<ReadonlyMap<string, string> | undefined> {
  const paths = new Map<string, string>();
  for (const [n, ask] of asks.entries()) {
    const steps = asks.length > 1 ? ` (${n + 1} of ${asks.length})` : '';
    const answer = await askForPath(ask, `${label}${steps}`, [...paths.values()]);
    if (answer === undefined) return undefined;
    if (answer !== 'later') paths.set(ask.path, answer.path);
  }
  return paths;
}

function cellOf(text: string): vscode.NotebookCellData {
  return text.startsWith('#')
    ? new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, text, 'markdown')
    : new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, CELL_LANGUAGE);
}
