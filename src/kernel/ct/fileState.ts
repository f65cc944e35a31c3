/** Whether a file is still the one that was read. */
import { stat } from 'node:fs/promises';

/**
 * A text that changes with the file: another file under the same name has another number or another time of change,
 * even where its time was set back. Undefined where the file is not there, or not on this computer.
 */
export async function fileState(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found && [found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
}
