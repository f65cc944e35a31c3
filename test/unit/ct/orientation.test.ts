import { describe, expect, it } from 'vitest';
import {
  inverseOrder,
  ORIENTATIONS,
  orderOfOrientation,
  reorderData,
  reorderSize,
} from '../../../src/kernel/ct/geometry/orientation.ts';

describe('orientations', () => {
  it('are 48, each with one letter per patient axis', () => {
    expect(new Set(ORIENTATIONS).size).toBe(48);
    for (const code of ORIENTATIONS)
      expect([...code].map((letter) => 'LPSRAI'.indexOf(letter) % 3).sort()).toEqual([0, 1, 2]);
  });

  it('name the sides that x, y and z run towards', () => {
    expect(orderOfOrientation('LPS')).toEqual({ from: [0, 1, 2], flipped: [false, false, false] });
    expect(orderOfOrientation('RAS')).toEqual({ from: [0, 1, 2], flipped: [true, true, false] });
    expect(orderOfOrientation('SAR')).toEqual({ from: [2, 1, 0], flipped: [false, true, true] });
    // Two voxels side by side, right and left of the patient; to the right is to run from left.
    expect(reorderData(new Int16Array([1, 2]), [2, 1, 1], orderOfOrientation('RPS'))).toEqual(new Int16Array([2, 1]));
  });

  it.each(ORIENTATIONS)('come back from %s', (code) => {
    const order = orderOfOrientation(code);
    const size = [2, 3, 4] as const;
    const data = Float32Array.from({ length: 24 }, (_, n) => n);
    const turned = reorderData(data, size, order);
    expect(reorderData(turned, reorderSize(size, order), inverseOrder(order))).toEqual(data);
    if (code !== 'LPS') expect(turned).not.toEqual(data);
  });
});
