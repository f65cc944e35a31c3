/** Asks for a folder or a table: one of those in the workspace, or any other on this computer. */
import { homedir } from 'node:os';
import { relative, sep } from 'node:path';
import * as vscode from 'vscode';
import type { Ask } from './templates.ts';

/** Told by their endings, as far as they are for tables alone. */
const TABLES = /\.(csv|tsv|xlsx|parquet|arrow|feather)$/i;
/** Folders in which no data of the user's lie. */
const PASSED_OVER = /^(\.|node_modules$|models$)/;
/** Below the workspace's folder. */
const DEEPEST = 2;
const MOST_OFFERED = 200;

interface Item extends vscode.QuickPickItem {
  readonly answer?: { readonly path: string } | 'later';
}

/**
 * A path as a cell has it, a folder's with a slash; `later` where the user wants to write it, and undefined where he or
 * she gives up. Those that were `taken` for something else are offered last.
 */
export async function askForPath(
  { what, title, path }: Ask,
  heading: string,
  taken: readonly string[],
): Promise<Item['answer']> {
  const base = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const found = vscode.workspace.workspaceFolders ? await candidates(base, what) : [];
  const isTaken = (one: string) => Number(taken.includes(one));
  const items: Item[] = [
    ...found
      .sort((a, b) => isTaken(a) - isTaken(b))
      .map((one) => ({
        label: one,
        iconPath: new vscode.ThemeIcon(what === 'folder' ? 'folder' : 'table'),
        answer: { path: one },
      })),
    ...(found.length ? [{ label: '', kind: vscode.QuickPickItemKind.Separator }] : []),
    { label: 'Choose another …', iconPath: new vscode.ThemeIcon('folder-opened') },
    {
      label: 'Write it into the cell later',
      description: `the cell says "${path}"`,
      iconPath: new vscode.ThemeIcon('edit'),
      answer: 'later',
    },
  ];
  const options = { title: heading, placeHolder: title, ignoreFocusOut: true };
  const chosen = await vscode.window.showQuickPick(items, options);
  return chosen && (chosen.answer ?? askElsewhere(what, title, base));
}

async function askElsewhere(what: Ask['what'], title: string, base: vscode.Uri): Promise<Item['answer']> {
  const chosen = await vscode.window.showOpenDialog({
    title,
    canSelectFolders: what === 'folder',
    canSelectFiles: what === 'table',
    defaultUri: base,
  });
  return chosen?.[0] && { path: pathFrom(base, chosen[0], what) };
}

/** From the folder where the paths of an unsaved notebook start, where it lies in there. */
function pathFrom(base: vscode.Uri, chosen: vscode.Uri, what: Ask['what']): string {
  const within = relative(base.fsPath, chosen.fsPath);
  const path = within.startsWith('..') || within === '' ? chosen.fsPath : within.split(sep).join('/');
  return what === 'folder' && !path.endsWith('/') ? `${path}/` : path;
}

/** In the order of the folders; of a folder's own ones first. */
async function candidates(base: vscode.Uri, what: Ask['what']): Promise<string[]> {
  const found: string[] = [];
  const folders: { readonly uri: vscode.Uri; readonly path: string; readonly depth: number }[] = [
    { uri: base, path: '', depth: 1 },
  ];
  for (const { uri, path, depth } of folders) {
    if (found.length > MOST_OFFERED) break;
    for (const [name, type] of await entriesOf(uri)) {
      const isFolder = (type & vscode.FileType.Directory) !== 0;
      if (isFolder ? PASSED_OVER.test(name) : !TABLES.test(name)) continue;
      if (isFolder && depth < DEEPEST)
        folders.push({ uri: vscode.Uri.joinPath(uri, name), path: `${path}${name}/`, depth: depth + 1 });
      if (isFolder === (what === 'folder')) found.push(`${path}${name}${isFolder ? '/' : ''}`);
    }
  }
  return found.slice(0, MOST_OFFERED);
}

/** A folder that cannot be opened has nothing to offer, which is all that is asked here. */
async function entriesOf(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
  const collator = new Intl.Collator(undefined, { numeric: true });
  try {
    return (await vscode.workspace.fs.readDirectory(uri)).sort(([a], [b]) => collator.compare(a, b));
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return [];
    throw error;
  }
}
