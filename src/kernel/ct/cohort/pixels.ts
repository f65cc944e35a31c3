/** The pixels of single images of a series, and whether two of them show the same. */
import { isInterrupted } from '../../base/interruptible.ts';
import type { Task } from '../../base/task.ts';
import type { Pixels } from '../dicom/dicomSeries.ts';
import { readSlices } from '../dicom/readDicomSeries.ts';
import { transferSyntaxOf } from '../dicom/transferSyntax.ts';
import type { FoundFile } from '../files/scan.ts';
import type { SourceReader } from '../files/sources.ts';

export function pixelsBy(reader: SourceReader, { signal }: Task): Pixels {
  const quiet: Task = { signal, progress: () => {} };
  const pixels = async ({ source, header }: FoundFile) => {
    const { columns = 0, rows = 0, transferSyntax } = header;
    const compressed = transferSyntaxOf(transferSyntax)?.codec !== undefined;
    return (await readSlices([source], { matrix: [columns, rows], compressed }, reader, quiet)).hu;
  };
  const orNothing = async <T>(read: Promise<T>): Promise<T | undefined> => {
    try {
      return await read;
    } catch (error) {
      signal.throwIfAborted();
      if (isInterrupted(error)) throw error;
      return undefined;
    }
  };
  return {
    same: async (a, b) => {
      const [one, other] = [await orNothing(pixels(a)), await orNothing(pixels(b))];
      return !one || !other || Buffer.compare(bytes(one), bytes(other)) === 0;
    },
    of: (file) => orNothing(pixels(file)),
  };
}

function bytes({ buffer, byteOffset, byteLength }: Int16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
