/** Reads pixels that are not compressed straight into their place in a volume. */
import { open } from 'node:fs/promises';
import { stateOf } from '../files/fileState.ts';
import type { DicomHeader } from './dicomFile.ts';
import { hounsfieldTable, toHounsfield } from './hounsfieldTable.ts';
import type { StoredPixels } from './storedPixels.ts';

/** What a slice's header says of its geometry and coding. */
export type SliceHeader = Pick<
  DicomHeader,
  'transferSyntax' | 'position' | 'orientation' | 'pixelSpacing' | 'rows' | 'columns'
>;

/** A slice as it was found, which holds as long as its file has not changed. */
export interface StoredSlice extends StoredPixels {
  /** The state of the file, as `fileState` gives it. */
  readonly state: string;
  readonly header: SliceHeader;
}

/** False where the file has changed, or fails in any way: whoever then reads it as a whole says why. */
export async function readStored(
  file: string,
  { at, form, rescale, state }: StoredSlice,
  hu: Int16Array,
): Promise<boolean> {
  if (hu.length !== form.rows * form.columns) return false;
  const bytes = new Uint8Array(hu.buffer, hu.byteOffset, hu.byteLength);
  if (!(await fillFrom(file, at, state, bytes).catch(() => false))) return false;
  toHounsfield(hu, hounsfieldTable(form, rescale));
  return true;
}

async function fillFrom(file: string, at: number, state: string, bytes: Uint8Array): Promise<boolean> {
  const handle = await open(file);
  try {
    if (stateOf(await handle.stat({ bigint: true })) !== state) return false;
    return (await handle.read(bytes, 0, bytes.length, at)).bytesRead === bytes.length;
  } finally {
    await handle.close();
  }
}
