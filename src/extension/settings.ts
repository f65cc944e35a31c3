/** What the user can set, as the kernel needs it. */
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as vscode from 'vscode';
import { DEVICES } from '../protocol/devices.ts';
import type { DicomWebServer, EngineOptions, KernelOptions } from '../protocol/kernelApi.ts';

/** Which cells run by themselves when they are out of date. */
export function autoRun(notebook: vscode.NotebookDocument): { readonly parameters: boolean; readonly edits: boolean } {
  const settings = vscode.workspace.getConfiguration('lungnb.autoRun', notebook.uri);
  return { parameters: settings.get('parameters', true), edits: settings.get('edits', false) };
}

/** Whether a cell that fails keeps those from running that were asked for together with it. */
export function stopsAtError(notebook: vscode.NotebookDocument): boolean {
  return vscode.workspace.getConfiguration('lungnb', notebook.uri).get('stopAtFirstError', true);
}

/** Where measured CTs are kept. */
export function cacheFolder(context: vscode.ExtensionContext, scope?: vscode.ConfigurationScope): string {
  const chosen = vscode.workspace.getConfiguration('lungnb', scope).get('cacheFolder', '');
  return chosen || vscode.Uri.joinPath(context.globalStorageUri, 'cache').fsPath;
}

/** Options of the kernel of one notebook. An unsaved notebook's paths start at the first workspace folder. */
export function kernelOptions(context: vscode.ExtensionContext, notebook: vscode.NotebookDocument): KernelOptions {
  const settings = vscode.workspace.getConfiguration('lungnb', notebook.uri);
  const workspaceFolder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
  const browser = settings.get('browser', '');
  const notebookFolder = notebook.isUntitled ? workspaceFolder : dirname(notebook.uri.fsPath);
  return {
    notebookFolder,
    ...(notebook.isUntitled ? {} : { notebookFile: notebook.uri.fsPath }),
    cacheFolder: cacheFolder(context, notebook.uri),
    cacheLimitBytes: settings.get('cacheLimitGb', 20) * 1e9,
    modelFolders: [
      ...settings.get<string[]>('modelFolders', []).map((folder) => resolve(workspaceFolder, folder)),
      join(notebookFolder, 'models'),
      context.asAbsolutePath('models'),
    ],
    parameters: {},
    device: DEVICES.find((name) => name === settings.get('device', 'cpu')) ?? 'cpu',
    ...(browser ? { browser } : {}),
    dicomWebServers: settings.get<DicomWebServer[]>('dicomWebServers', []),
    cacheFrom: settings.get<string[]>('cacheFrom', []).map((folder) => resolve(workspaceFolder, folder)),
    engine: engineOptions(settings),
  };
}

function engineOptions(settings: vscode.WorkspaceConfiguration): EngineOptions {
  if (settings.get('engine') === 'slurm') return { on: 'slurm', sbatch: settings.get<string[]>('slurmOptions', []) };
  return { on: 'local', jobs: settings.get<number | null>('localJobs') ?? undefined };
}
