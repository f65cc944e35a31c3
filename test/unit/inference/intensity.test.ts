import { describe, expect, it } from 'vitest';
import { intensityScale } from '../../../src/kernel/inference/intensity.ts';

describe('intensityScale', () => {
  it('maps a window to the stated range, and clips beyond it', () => {
    const scaled = intensityScale({ scale: 'window', clipHu: [-1024, 600], to: [0, 1] });
    expect([-2000, -1024, -212, 600, 3000].map(scaled)).toEqual([0, 0, 0.5, 1, 1]);
  });

  it('maps a window downwards where the range says so', () => {
    const scaled = intensityScale({ scale: 'window', clipHu: [-1000, 0], to: [1, -1] });
    expect([-1000, -750, 0].map(scaled)).toEqual([1, 0.5, -1]);
  });

  it('takes the distance from the mean in standard deviations, of clipped values', () => {
    const scaled = intensityScale({ scale: 'z-score', clipHu: [-900, 300], meanHu: -500, sdHu: 200 });
    expect([-2000, -900, -500, -400, 300, 3000].map(scaled)).toEqual([-2, -2, 0, 0.5, 4, 4]);
  });
});
