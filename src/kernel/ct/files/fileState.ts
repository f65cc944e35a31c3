/** Whether a file is still the one that was read. */
import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';

export interface FileState {
  /**
   * A text that changes with the file: another file under the same name has another number or another time of change,
   * even where its time was set back.
   */
  readonly state: string;
  readonly bytes: number;
}

/** Undefined where the file is not there, or not on this computer. */
export async function fileStateOf(file: string): Promise<FileState | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found && { state: stateOf(found), bytes: Number(found.size) };
}

export async function fileState(file: string): Promise<string | undefined> {
  return (await fileStateOf(file))?.state;
}

/** The text of an open file. */
export function stateOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [ino, size, mtimeNs, ctimeNs].join(' ');
}
