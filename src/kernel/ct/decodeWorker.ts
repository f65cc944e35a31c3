/** A thread that decodes the frames of one DICOM file into their places in an array that all threads share. */
import { type DicomHeader, decodeFrames } from './dicomFile.ts';

/** Which frame of a file is which slice of the series, both from 0. */
export interface FrameOfSlice {
  readonly frame: number;
  readonly slice: number;
}

export interface DecodeRequest {
  readonly bytes: Uint8Array;
  readonly frames: readonly FrameOfSlice[];
  /** Slices of `rows` × `columns`, one behind the other, in shared memory. */
  readonly hu: Int16Array;
  readonly columns: number;
  readonly rows: number;
}

export default async function decode(request: DecodeRequest): Promise<DicomHeader[]> {
  const { bytes, frames, hu, columns, rows } = request;
  const decoded = await decodeFrames(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    frames.map(({ frame }) => frame),
  );
  for (const [n, { header, hu: slice }] of decoded.entries()) {
    if (header.columns !== columns || header.rows !== rows)
      throw new Error(`it has ${header.columns} × ${header.rows} pixels, and the series ${columns} × ${rows}`);
    hu.set(slice, frames[n]!.slice * columns * rows);
  }
  return decoded.map(({ header }) => header);
}
