/** Slabs against numpy (test/reference/annotations.py), and how thick they are. */
import { describe, expect, it } from 'vitest';
import { extractSlab, slabParts, sliceDistanceMm } from '../../../src/kernel/ct/geometry/slab.ts';
import type { Plane, SlabKind } from '../../../src/protocol/view.ts';
import reference from '../../reference/annotations.json' with { type: 'json' };
import { referenceVolume } from '../../reference/annotations.ts';

describe('a slab', () => {
  it.each(reference.slabs)('of $mm mm around $plane slice $index, $spacing mm apart, is its $kind', (slab) => {
    const volume = referenceVolume([slab.spacing, slab.spacing, slab.spacing]);
    const kind = slab.kind as SlabKind;
    const { pixels } = extractSlab(volume, slab.plane as Plane, slab.index, { kind, mm: slab.mm });
    // The head is on top, and numpy's first row is at the feet.
    const width = slab.plane === 'sagittal' ? volume.size[1] : volume.size[0];
    const [first, last] = slab.plane === 'axial' ? [0, pixels.length - 1] : [pixels.length - width, width - 1];
    expect([pixels[first], pixels[last], pixels.reduce((a, b) => a + b, 0)]).toEqual([slab.first, slab.last, slab.sum]);
  });

  it('takes of each slice the share that lies in it, and ends with the CT', () => {
    const shares = (parts: ReturnType<typeof slabParts>) =>
      parts.map(({ index, share }) => [index, Number(share.toFixed(3))]);
    expect(shares(slabParts(5, 10, 1, 3))).toEqual([
      [4, 1],
      [5, 1],
      [6, 1],
    ]);
    expect(shares(slabParts(5, 10, 2, 5))).toEqual([
      [4, 0.75],
      [5, 1],
      [6, 0.75],
    ]);
    expect(shares(slabParts(0, 10, 1, 3))).toEqual([
      [0, 1],
      [1, 1],
    ]);
    expect(shares(slabParts(5, 10, 5, 3))).toEqual([[5, 0.6]]);
  });
});

it('slices of a sheared grid are as far apart as their planes, not as their corners', () => {
  const sheared = { affine: [1, 0, 0, 0, 0, 1, 0.75, 0, 0, 0, 2, 0, 0, 0, 0, 1] };
  expect(sliceDistanceMm(sheared, 'axial')).toBeCloseTo(2);
  expect(sliceDistanceMm(sheared, 'sagittal')).toBeCloseTo(1);
});
