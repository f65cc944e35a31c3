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
    hu: await pack(new Uint8Array(hu.buffer, hu.byteOffset, hu.byteLength)),
    ...(overlay ? { lobes: await labels(overlay.lobes), textures: await labels(overlay.textures) } : {}),
  };
}

async function pack(bytes: Uint8Array): Promise<string> {
  return (await deflate(bytes)).toString('base64');
}
