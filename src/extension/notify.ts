/** Notifications: nothing in them is obeyed or can be clicked, whoever wrote it, but the buttons that we give them. */
import * as vscode from 'vscode';
import { harmless } from './harmless.ts';

interface Notify {
  <Item extends string>(message: string, ...items: Item[]): Thenable<Item | undefined>;
  <Item extends string>(message: string, options: vscode.MessageOptions, ...items: Item[]): Thenable<Item | undefined>;
}

function through(show: () => Notify): Notify {
  // SAFETY: what stands behind the message is handed on as it came.
  return ((message: string, ...rest: []) => show()(harmless(message), ...rest)) as Notify;
}

export const showError = through(() => vscode.window.showErrorMessage);
export const showWarning = through(() => vscode.window.showWarningMessage);
export const showInformation = through(() => vscode.window.showInformationMessage);
