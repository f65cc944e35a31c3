/**
 * Compressed frames to pixels by native codecs as WebAssembly, each loaded when a first frame needs it: JPEG-LS by
 * Cornerstone's CharLS, the others by those of dcmjs-codecs.
 */

import type { PixelFormat } from '../pixelFormat.ts';
import type { Codec } from '../transferSyntax.ts';
import { decodeJpegLs, loadCharls } from './charls.ts';
import { decodeByDcmjs, loadCodecs } from './dcmjsCodecs.ts';

/** `decodeFrame` needs it. */
export function loadCodec(codec: Codec): Promise<void> {
  return codec === 'jpeg-ls' ? loadCharls() : loadCodecs();
}

/**
 * The frame's stored values, little endian, row by row; they hold until the next frame is decoded. Throws an Error that
 * says why it cannot be decoded.
 */
export function decodeFrame(codec: Codec, frame: Uint8Array, form: PixelFormat): Uint8Array {
  const { rows, columns, bitsAllocated } = form;
  const expected = rows * columns * (bitsAllocated / 8);
  const pixels = codec === 'jpeg-ls' ? decodeJpegLs(frame, form) : decodeByDcmjs(codec, frame, form);
  if (pixels.byteLength !== expected)
    throw new Error(
      `its compressed pixels unpack to ${pixels.byteLength} bytes, and ${rows} × ${columns} pixels of ${bitsAllocated} bits need ${expected}`,
    );
  return pixels;
}
