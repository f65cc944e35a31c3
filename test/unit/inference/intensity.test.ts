import { describe, expect, it } from 'vitest';
import { intensityScale } from '../../../src/kernel/inference/intensity.ts';

describe('intensityScale', () => {
  it('maps a window to the stated range, and clips beyond it', () => {
    const scaled = intensityScale({ scale: 'window', clipHu: [-1024, 600], to: [0, 1] }, []);
    expect([-2000, -1024, -212, 600, 3000].map(scaled)).toEqual([0, 0, 0.5, 1, 1]);
  });

  it('maps a window downwards where the range says so', () => {
    const scaled = intensityScale({ scale: 'window', clipHu: [-1000, 0], to: [1, -1] }, []);
    expect([-1000, -750, 0].map(scaled)).toEqual([1, 0.5, -1]);
  });

  it('takes the distance from the mean in standard deviations, of clipped values', () => {
    const scaled = intensityScale({ scale: 'z-score', clipHu: [-900, 300], meanHu: -500, sdHu: 200 }, []);
    expect([-2000, -900, -500, -400, 300, 3000].map(scaled)).toEqual([-2, -2, 0, 0.5, 4, 4]);
  });

  it('takes mean and deviation of the CT itself where asked to, and leaves HU alone where asked to', () => {
    const scaled = intensityScale({ scale: 'own-z-score' }, [-1000, -600, -200]);
    expect([-1000, -600, -200].map(scaled).map((v) => Number(v.toFixed(4)))).toEqual([-1.2247, 0, 1.2247]);
    expect(intensityScale({ scale: 'own-z-score' }, [5, 5])(5)).toBe(0);
    expect([-1000, 40].map(intensityScale({ scale: 'none' }, []))).toEqual([-1000, 40]);
  });
});
