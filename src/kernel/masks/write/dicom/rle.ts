/** Frames of bytes in DICOM's RLE (PS3.5 annex G), which every reader of compressed images knows. */
import { ownBytes } from '../../../base/ownBytes.ts';
import { loadCodecs, packedByRle } from '../../../ct/dicom/codecs/dcmjsCodecs.ts';
import type { GridSize } from '../../../ct/geometry/volume.ts';

export const RLE_LOSSLESS = '1.2.840.10008.1.2.5';
/** So many are packed before the rest of the program has its turn. */
const FRAMES_AT_ONCE = 8;

/** One buffer for each frame, of an even number of bytes. */
export async function rleFrames([columns, rows]: GridSize, frames: readonly Uint8Array[]): Promise<ArrayBuffer[]> {
  await loadCodecs();
  const packed: ArrayBuffer[] = [];
  for (const [n, frame] of frames.entries()) {
    if (n % FRAMES_AT_ONCE === 0) await new Promise(setImmediate);
    const bytes = packedByRle(frame, [columns, rows]);
    packed.push(ownBytes(Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)])).buffer);
  }
  return packed;
}
