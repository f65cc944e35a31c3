import { report } from '../terminal.ts';

/** Full names of files, and the words of bugs: for the terminal, or for whoever asks for them. */
export function showOnScreen(
  text: string,
  { 'show-paths': asked }: { readonly 'show-paths'?: boolean | undefined },
): void {
  if (text && (asked || process.stderr.isTTY)) report(text);
}
