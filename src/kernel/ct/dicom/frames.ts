/** The frames within a DICOM file's pixel data: stored one behind the other, or in fragments (PS3.5 section A.4). */

/** The first bytes of a JPEG or JPEG-LS image, and of a JPEG 2000 codestream. */
const IMAGE_STARTS = [
  [0xff, 0xd8, 0xff],
  [0xff, 0x4f, 0xff, 0x51],
];

/** Frame `frame` of pixel data that is stored as it is. Throws where it is cut short. */
export function storedFrame(data: Uint8Array, frame: number, bytesPerFrame: number): Uint8Array {
  const start = frame * bytesPerFrame;
  if (data.byteLength < start + bytesPerFrame)
    throw new Error(
      `it is cut short: frame ${frame + 1} needs ${start + bytesPerFrame} bytes, and ${data.byteLength} are there`,
    );
  return data.subarray(start, start + bytesPerFrame);
}

/**
 * Frame `frame` of compressed pixel data, put together from its fragments. Where there are more fragments than frames, a
 * frame begins where an image begins: offset tables may be missing, and may be wrong.
 */
export function compressedFrame(fragments: readonly Uint8Array[], frame: number, frames: number): Uint8Array {
  if (fragments.length === frames) return fragments[frame]!;
  if (frames === 1) return joined(fragments);
  const starts = fragments.flatMap((fragment, n) => (beginsImage(fragment) ? [n] : []));
  if (starts.length !== frames)
    throw new Error(
      `its pixel data has ${starts.length} images in ${fragments.length} fragments, and ${frames} frames`,
    );
  return joined(fragments.slice(starts[frame], starts[frame + 1]));
}

function beginsImage(fragment: Uint8Array): boolean {
  return IMAGE_STARTS.some((start) => start.every((byte, n) => fragment[n] === byte));
}

function joined(fragments: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(fragments));
}
