/** Whether two images of a series show the same, by their pixels. */
import { isInterrupted } from '../../base/interruptible.ts';
import type { Task } from '../../base/task.ts';
import type { SamePixels } from '../dicom/copies.ts';
import { readSlices } from '../dicom/readDicomSeries.ts';
import { transferSyntaxOf } from '../dicom/transferSyntax.ts';
import type { FoundFile } from '../files/scan.ts';
import type { SourceReader } from '../files/sources.ts';

export function samePixelsBy(reader: SourceReader, { signal }: Task): SamePixels {
  const quiet: Task = { signal, progress: () => {} };
  const pixels = async ({ source, header }: FoundFile) => {
    const { columns = 0, rows = 0, transferSyntax } = header;
    const compressed = transferSyntaxOf(transferSyntax)?.codec !== undefined;
    return (await readSlices([source], { matrix: [columns, rows], compressed }, reader, quiet)).hu;
  };
  return async (a, b) => {
    try {
      const [one, other] = [await pixels(a), await pixels(b)];
      return Buffer.compare(bytes(one), bytes(other)) === 0;
    } catch (error) {
      signal.throwIfAborted();
      if (isInterrupted(error)) throw error;
      return true;
    }
  };
}

function bytes({ buffer, byteOffset, byteLength }: Int16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
