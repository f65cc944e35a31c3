/** Which notebook a tool of a language model is about: the one in front, or one that is named by its path. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { createLabelGuard, type LabelGuard, OPEN_GUARD } from '../../protocol/serving/labelGuard.ts';
import { learnLabels, type ServiceParts } from '../../protocol/serving/notebookService.ts';
import { Refusal } from '../../protocol/serving/refusal.ts';
import { activeNotebook } from '../activeNotebook.ts';
import { NOTEBOOK_TYPE } from '../serializer.ts';
import { servedInVsCode, type VsCodeParts } from './servedInVsCode.ts';

/** What a model reads at once. */
const LIMITS = { characters: 3000, rows: 50 };

export interface AgentNotebook extends ServiceParts {
  readonly document: vscode.NotebookDocument;
}

export class AgentNotebooks {
  readonly #parts: VsCodeParts;
  /** A patient has one pseudonym as long as the notebook is open. */
  readonly #guards = new WeakMap<vscode.NotebookDocument, LabelGuard>();

  constructor(parts: VsCodeParts) {
    this.#parts = parts;
  }

  /** Rejects with a Refusal where it is not clear which is meant, or there is none. */
  async find(asked: string | undefined): Promise<AgentNotebook> {
    if (asked !== undefined) return this.served((await this.#named(asked)) ?? (await opened(asked)));
    const inFront = activeNotebook() ?? onlyOne(visibleNotebooks()) ?? onlyOne(openNotebooks());
    if (inFront) return this.served(inFront);
    const names = await Promise.all(openNotebooks().map((document) => this.shownName(this.served(document))));
    throw new Refusal(
      undefined,
      names.length
        ? `Several notebooks are open, and none is in front: ${names.join(', ')}. Name one by its path as \`notebook\`.`
        : 'No LungNB notebook is open. Open one, or name one of the workspace by its path as `notebook`.',
    );
  }

  served(document: vscode.NotebookDocument): AgentNotebook {
    const guard = showsLabels() ? OPEN_GUARD : this.#guardOf(document);
    return { document, notebook: servedInVsCode(document, this.#parts), guard, limits: LIMITS };
  }

  /** Its path in the workspace, as the program sees it. */
  async shownName(notebook: AgentNotebook): Promise<string> {
    await learnLabels(notebook);
    return notebook.guard.replacement().whole(nameOf(notebook.document));
  }

  async #named(asked: string): Promise<vscode.NotebookDocument | undefined> {
    for (const document of openNotebooks())
      if (nameOf(document) === asked || (await this.shownName(this.served(document))) === asked) return document;
    return undefined;
  }

  #guardOf(document: vscode.NotebookDocument): LabelGuard {
    const guard = this.#guards.get(document) ?? createLabelGuard();
    this.#guards.set(document, guard);
    return guard;
  }
}

/** Of the user's own settings: a folder that somebody sent cannot switch it on. */
function showsLabels(): boolean {
  return vscode.workspace.getConfiguration('lungnb.agents').get('showLabels', false);
}

function openNotebooks(): vscode.NotebookDocument[] {
  return vscode.workspace.notebookDocuments.filter(
    ({ notebookType, isClosed }) => notebookType === NOTEBOOK_TYPE && !isClosed,
  );
}

function visibleNotebooks(): vscode.NotebookDocument[] {
  const visible = vscode.window.visibleNotebookEditors.map(({ notebook }) => notebook);
  return openNotebooks().filter((notebook) => visible.includes(notebook));
}

function onlyOne<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}

/** Relative to the workspace; outside of it the name alone, since folders are called by users and patients. */
export function nameOf({ uri }: vscode.NotebookDocument): string {
  return vscode.workspace.getWorkspaceFolder(uri) ? vscode.workspace.asRelativePath(uri) : basename(uri.path);
}

/** A notebook of the workspace that is not open yet, opened as by a click in the Explorer. */
async function opened(asked: string): Promise<vscode.NotebookDocument> {
  const file = asked.endsWith('.lungnb') ? await fileInWorkspace(asked) : undefined;
  if (!file)
    throw new Refusal(
      'path-missing',
      'There is no such notebook in the workspace: `notebook` is a path from its folder, which ends in .lungnb.',
    );
  await vscode.commands.executeCommand('vscode.open', file, { preview: false });
  const document = openNotebooks().find(({ uri }) => uri.toString() === file.toString());
  if (!document) throw new Refusal('unreadable-file', 'The notebook cannot be opened; VS Code says why to the user.');
  return document;
}

async function fileInWorkspace(asked: string): Promise<vscode.Uri | undefined> {
  for (const { uri, name } of vscode.workspace.workspaceFolders ?? []) {
    const within = [asked, ...(asked.startsWith(`${name}/`) ? [asked.slice(name.length + 1)] : [])];
    for (const path of within) {
      const file = vscode.Uri.joinPath(uri, path);
      const isWithin = file.path.startsWith(`${uri.path.replace(/\/$/, '')}/`);
      if (isWithin && (await isFile(file))) return file;
    }
  }
  return undefined;
}

async function isFile(file: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(file)).type & vscode.FileType.File) !== 0;
  } catch {
    return false;
  }
}
