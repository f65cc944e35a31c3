/** One slice with its labels, packed for a message or a saved notebook. */
import { promisify } from 'node:util';
import { constants, deflateRaw, type ZlibOptions } from 'node:zlib';
import { STEP_OF_HU } from '../../protocol/coarseHounsfield.ts';
import type { EncodedSlice, Plane, Slab } from '../../protocol/view.ts';
import { unattended } from '../base/task.ts';
import { extractSlice, pixelSizeMm } from '../ct/geometry/slice.ts';
import { type LabelMap, spacingMm } from '../ct/geometry/volume.ts';
import type { ImageService } from '../lungs/imageService.ts';
import type { ViewerSource } from './viewerSource.ts';

const deflate = promisify(deflateRaw);

export interface SlicePlace {
  readonly plane: Plane;
  readonly index: number;
  /** In steps of HU, half the bytes. */
  readonly coarse?: boolean | undefined;
  readonly slab?: Slab | undefined;
}

/** Changes with what `EncodedSlice` says of its texts: slices that are kept on disk are then made anew. */
export const ENCODING = 1;

export async function encodeSlice(
  images: ImageService,
  source: ViewerSource,
  { plane, index, coarse = false, slab }: SlicePlace,
  task = unattended,
): Promise<EncodedSlice> {
  const { series, grid, overlay, moved } = source;
  const volume = { series, sha256: grid.sha256 };
  const [{ width, height, hu }, maps] = await Promise.all([
    images.slice(
      volume,
      {
        plane,
        index,
        ...(slab ? { slab } : {}),
        ...(moved ? { moved: { registration: moved.registration, fixed: moved.fixed } } : {}),
      },
      task,
    ),
    overlay?.maps(task),
  ]);
  const [pixelWidthMm, pixelHeightMm] = pixelSizeMm(plane, spacingMm(grid));
  const labels = async ({ labels: data, size }: LabelMap) => pack(extractSlice(data, size, plane, index).pixels);
  return {
    plane,
    index,
    width,
    height,
    pixelWidthMm,
    pixelHeightMm,
    ...(coarse ? { coarse } : {}),
    ...(slab ? { slab } : {}),
    hu: await pack(coarse ? stepDifferences(hu) : differences(hu), NOISE),
    ...(maps ? { lobes: await labels(maps.lobes), textures: await labels(maps.textures) } : {}),
    ...(maps?.zones ? { zones: await labels(maps.zones) } : {}),
  };
}

/** As `differences`, of the steps in which the Hounsfield units lie: one byte each, in which a sum wraps back likewise. */
function stepDifferences(hu: Int16Array): Uint8Array {
  const bytes = new Uint8Array(hu.length);
  for (let p = 0, before = 0; p < hu.length; p++) {
    const step = STEP_OF_HU[hu[p]! & 0xffff]!;
    const difference = ((step - before) << 24) >> 24;
    bytes[p] = (difference << 1) ^ (difference >> 7);
    before = step;
  }
  return bytes;
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

/** The quickest level: a higher one makes label maps hardly smaller. */
const QUICK: ZlibOptions = { level: 1 };
/** Much of a CT is noise, in which nothing repeats but a byte itself: smaller and in two thirds of the time (LIDC-IDRI-0314). */
const NOISE: ZlibOptions = { level: 1, strategy: constants.Z_RLE };

/** Raw deflate, base64. */
export async function pack(bytes: Uint8Array, options = QUICK): Promise<string> {
  return (await deflate(bytes, options)).toString('base64');
}
