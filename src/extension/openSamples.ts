/** `LungNB: Open Sample Notebooks`: puts the samples into a folder of the user's, and draws their cohort there. */
import { fork } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { statOf } from '../files/identity.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import { harmless } from './harmless.ts';

const NAMES = [
  ...['quickstart.lungnb', 'study.lungnb', 'tutorial.lungnb', 'README.md'],
  ...['reader1.csv', 'reader2.csv', 'truth.csv', 'study', 'models'],
];

/** Asks where to, unless told. Files of the user's that have the same names stay as they are. */
export async function openSamples(context: vscode.ExtensionContext, told?: vscode.Uri): Promise<void> {
  const folder = told ?? (await ask());
  if (!folder) return;
  const target = told ? folder.fsPath : join(folder.fsPath, 'LungNB samples');
  for (const name of NAMES) await copyMissing(context.asAbsolutePath(`samples/${name}`), join(target, name));
  const drawn = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'LungNB samples', cancellable: true },
    (progress, token) => drawCohort(context, target, progress, token),
  );
  if (!drawn) return;
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(join(target, 'quickstart.lungnb')));
}

/** A file, or a folder with all that is in it; each file whole, since one that is there is the user's from then on. */
async function copyMissing(source: string, target: string): Promise<void> {
  if ((await stat(source)).isDirectory())
    for (const name of await readdir(source)) await copyMissing(join(source, name), join(target, name));
  else if (!(await statOf(target))) await writeAtomically(target, await readFile(source));
}

async function ask(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: 'Where shall the samples go?',
    openLabel: 'Put samples here',
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir()),
  });
  return chosen?.[0];
}

/** Half a minute of work in a process of its own; false when it was cancelled. */
function drawCohort(
  context: vscode.ExtensionContext,
  target: string,
  progress: vscode.Progress<{ readonly message: string }>,
  token: vscode.CancellationToken,
): Promise<boolean> {
  progress.report({ message: 'simulating eight chests …' });
  const child = fork(context.asAbsolutePath('out/samples/buildCohort.js'), ['--into', target], { silent: true });
  token.onCancellationRequested(() => child.kill());
  let said = '';
  child.stderr?.on('data', (data: Buffer) => {
    said += data.toString();
  });
  child.stdout?.on('data', (data: Buffer) =>
    progress.report({ message: data.toString().trim().split('\n').at(-1) ?? '' }),
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(true);
      else if (token.isCancellationRequested) resolve(false);
      else
        reject(
          new Error(
            harmless(`The sample cohort could not be drawn into ${target}: ${said.trim() || `exit code ${code}`}`),
          ),
        );
    });
  });
}
