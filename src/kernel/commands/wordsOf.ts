/** What the terminal says of an error, and the end that one brings which nothing caught. */
import { NotebookFileError } from '../../protocol/notebookFile.ts';
import { plainCause } from '../base/plainCause.ts';
import { stackOf } from '../base/thrown.ts';
import { UserError } from '../base/userError.ts';
import { report } from '../terminal.ts';
import { UsageError } from './usageError.ts';

function isForUsers(error: unknown): error is Error {
  return error instanceof UserError || error instanceof UsageError || error instanceof NotebookFileError;
}

/** On the terminal a bug is told with its stack. */
export function wordsOf(error: unknown): string {
  if (isForUsers(error)) return error.message;
  return plainCause(error)?.message ?? stackOf(error);
}

/** What nothing caught, while no cell was running. */
export function endWith(error: Error): void {
  report(wordsOf(error));
  process.exit(1);
}
