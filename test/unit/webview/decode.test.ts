import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ImageService } from '../../../src/kernel/lungs/imageService.ts';
import { encodeSlice } from '../../../src/kernel/views/encodeSlice.ts';
import type { ViewerSource } from '../../../src/kernel/views/viewerSource.ts';
import { decodeSlice } from '../../../src/webview/viewer/decode.ts';

/** What is nearest to it among what coarse slices tell apart: black to the densest bone. */
const kept = (hu: number) => Math.min(3072, Math.max(-1024, hu));
/** Half of 8 HU in soft tissue, of 16 in lung, of 32 in air and bone. */
const halfStep = (hu: number) => (hu >= -160 && hu < 240 ? 4 : hu >= -944 && hu < -160 ? 8 : 16);

it('unpacks the very Hounsfield units and labels that were packed, the extremes included, and coarse ones to the nearest step', async () => {
  const value = fc.oneof(fc.integer({ min: -32768, max: 32767 }), fc.constantFrom(-32768, 32767, -1024, 0));
  await fc.assert(
    fc.asyncProperty(
      fc.int16Array({ minLength: 12, maxLength: 12 }),
      fc.array(value, { minLength: 12 }),
      async (a, b) => {
        const hu = Int16Array.from([...a, ...b].slice(0, 12));
        const grid = { sha256: '', size: [4, 3, 1], affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
        const labels = Uint8Array.from({ length: 12 }, (_, n) => n % 7);
        const images = { slice: async () => ({ width: 4, height: 3, hu }) } as unknown as ImageService;
        const maps = async () => ({ lobes: { ...grid, labels }, textures: { ...grid, labels } });
        const source = { grid, overlay: { maps } } as unknown as ViewerSource;
        const slice = await decodeSlice(await encodeSlice(images, source, { plane: 'axial', index: 0 }));
        expect(slice.hu).toEqual(hu);
        const coarse = await decodeSlice(await encodeSlice(images, source, { plane: 'axial', index: 0, coarse: true }));
        expect([...coarse.hu].map((value, n) => Math.abs(value - kept(hu[n]!)) <= halfStep(hu[n]!))).toEqual(
          Array(12).fill(true),
        );
        expect(slice.textures?.length).toBe(12);
        expect(new Set(slice.textures)).toEqual(new Set(labels));
      },
    ),
  );
});

it('unpacks a slice that comes as bytes as it does one in base64', async () => {
  const hu = deflateRawSync(Uint8Array.from([199, 80, 0, 1, 7, 0, 0, 0]));
  const size = { plane: 'axial', index: 0, width: 2, height: 2, pixelWidthMm: 1, pixelHeightMm: 1 } as const;
  const inText = await decodeSlice({ ...size, hu: hu.toString('base64') });
  expect([...inText.hu]).toEqual([-996, -956, -956, -957]);
  expect(await decodeSlice({ ...size, hu: new Uint8Array(hu) })).toEqual(inText);
});
