/** A thread that decodes the frames of one DICOM file into their places in an array that all threads share. */
import { reasonOf } from '../../base/plainErrors.ts';
import { type DecodedFrame, decodeFrames } from './dicomFile.ts';
import type { SliceHeader } from './readStored.ts';

/** Which frame of a file is which slice of the series, both from 0. */
export interface FrameOfSlice {
  readonly frame: number;
  readonly slice: number;
}

export interface DecodeRequest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly frames: readonly FrameOfSlice[];
  /** Slices of `rows` × `columns`, one behind the other, in shared memory. */
  readonly hu: Int16Array;
  readonly columns: number;
  readonly rows: number;
}

export interface DecodedHeader extends Pick<DecodedFrame, 'frame'> {
  readonly header: SliceHeader;
}

/** The headers, or why one of the frames cannot be decoded. */
export type DecodeReply = { readonly headers: DecodedHeader[] } | { readonly reason: string };

/** What the thread is asked. It answers whatever the file holds: where no answer comes, the thread itself has ended. */
export default async function decodeOrReason(request: DecodeRequest): Promise<DecodeReply> {
  try {
    return { headers: await decode(request) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

/** Headers of the frames, whose Hounsfield units are then in `hu`. Throws an Error that says why one cannot be decoded. */
export async function decode(request: DecodeRequest): Promise<DecodedHeader[]> {
  const { bytes, frames, hu, columns, rows } = request;
  const perSlice = columns * rows;
  const decoded = await decodeFrames(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    frames.map(({ frame }) => frame),
    (n, form) => {
      if (form.columns !== columns || form.rows !== rows)
        throw new Error(`it has ${form.columns} × ${form.rows} pixels, and the series ${columns} × ${rows}`);
      const { slice } = frames[n]!;
      return hu.subarray(slice * perSlice, (slice + 1) * perSlice);
    },
  );
  return decoded.map(({ header, frame }) => ({ header, frame }));
}
