/** One slice with its labels, packed for a message or a saved notebook. */
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import type { EncodedSlice, Plane } from '../../protocol/view.ts';
import { unattended } from '../base/task.ts';
import { extractSlice, pixelSizeMm } from '../ct/slice.ts';
import { type LabelMap, spacingMm } from '../ct/volume.ts';
import type { ImageService } from '../lungs/imageService.ts';
import type { ViewerSource } from './verb.ts';

const deflate = promisify(deflateRaw);

export async function encodeSlice(
  images: ImageService,
  source: ViewerSource,
  plane: Plane,
  index: number,
): Promise<EncodedSlice> {
  const { grid, overlay } = source;
  const { width, height, hu } = await images.run('slice', { sha256: grid.sha256, plane, index }, unattended);
  const [pixelWidthMm, pixelHeightMm] = pixelSizeMm(plane, spacingMm(grid));
  const labels = async ({ labels: data, size }: LabelMap) => pack(extractSlice(data, size, plane, index).pixels);
  return {
    plane,
    index,
    width,
    height,
    pixelWidthMm,
    pixelHeightMm,
    hu: await pack(differences(hu)),
    ...(overlay ? { lobes: await labels(overlay.lobes), textures: await labels(overlay.textures) } : {}),
  };
}

/**
 * The difference of each HU to the one before it, as a whole number that is even for 0 and above and odd below: all low
 * bytes, then all high ones. Neighbours are alike, which makes a quarter less to send and to keep (512², LIDC-IDRI-0314).
 */
function differences(hu: Int16Array): Uint8Array {
  const bytes = new Uint8Array(hu.length * 2);
  for (let p = 0, before = 0; p < hu.length; p++) {
    // In 16 bits, where a difference may wrap around: the sum wraps back.
    const difference = ((hu[p]! - before) << 16) >> 16;
    const folded = (difference << 1) ^ (difference >> 31);
    bytes[p] = folded;
    bytes[hu.length + p] = folded >> 8;
    before = hu[p]!;
  }
  return bytes;
}

/** The quickest level, since much of what is packed is noise, which no level makes smaller. */
async function pack(bytes: Uint8Array): Promise<string> {
  return (await deflate(bytes, { level: 1 })).toString('base64');
}
