import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ImageService } from '../../../src/kernel/lungs/imageService.ts';
import { encodeSlice } from '../../../src/kernel/views/encodeSlice.ts';
import type { ViewerSource } from '../../../src/kernel/views/viewerSource.ts';
import { decodeSlice } from '../../../src/webview/viewer/decode.ts';

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
        expect([...coarse.hu].every((value, n) => Math.abs(value - hu[n]!) <= 4)).toBe(true);
        expect(slice.textures?.length).toBe(12);
        expect(new Set(slice.textures)).toEqual(new Set(labels));
      },
    ),
  );
});
