import { describe, expect, it } from 'vitest';
import { axisAlignedAffine } from '../../../src/kernel/ct/geometry/volume.ts';
import { lobeGeometry } from '../../../src/kernel/lungs/lobeGeometry.ts';

describe('lobeGeometry', () => {
  it('gives volume, centre in the patient, and area on each face', () => {
    // 4 × 5 × 2 voxels of 1 × 2 × 10 mm: two of RUL side by side in the corner, one of LLL in the opposite one.
    const labels = new Uint8Array(40);
    labels[0] = 1;
    labels[1] = 1;
    labels[39] = 5;
    const shapes = lobeGeometry({ size: [4, 5, 2], affine: axisAlignedAffine([1, 2, 10], [100, 200, -300]), labels });
    const none = { right: 0, left: 0, front: 0, back: 0, bottom: 0, top: 0 };
    expect(shapes).toEqual([
      {
        lobe: 'RUL',
        volumeMl: 0.04,
        centreMm: [100.5, 200, -300],
        cutMm2: { ...none, right: 20, front: 20, bottom: 4 },
      },
      { lobe: 'RML', volumeMl: 0, centreMm: undefined, cutMm2: none },
      { lobe: 'RLL', volumeMl: 0, centreMm: undefined, cutMm2: none },
      { lobe: 'LUL', volumeMl: 0, centreMm: undefined, cutMm2: none },
      { lobe: 'LLL', volumeMl: 0.02, centreMm: [103, 208, -290], cutMm2: { ...none, left: 20, back: 10, top: 2 } },
    ]);
  });
});
