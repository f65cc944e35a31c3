import { describe, expect, it } from 'vitest';
import { createWheelCount, type WheelLike } from '../../../src/webview/viewer/wheel.ts';

/** Slices moved by events of these pixels, one every 10 ms. */
function stepsOf(deltas: readonly number[], rest: Partial<WheelLike> = {}): number[] {
  const count = createWheelCount();
  return deltas.map((deltaY, n) => count({ deltaY, deltaMode: 0, timeStamp: n * 10, ...rest }));
}
const sum = (steps: readonly number[]) => steps.reduce((a, b) => a + b, 0);

describe('a wheel', () => {
  it('moves a slice with each notch', () => {
    expect(sum(stepsOf(Array(94).fill(100)))).toBe(-94);
    expect(sum(stepsOf(Array(94).fill(-120)))).toBe(94);
  });

  it('loses none where the browser adds notches up in one event', () => {
    const count = createWheelCount();
    const events = [100, 200, 300, 500].map((deltaY, n) => ({
      deltaY,
      wheelDeltaY: -deltaY * 1.2,
      deltaMode: 0,
      timeStamp: n,
    }));
    expect(events.map(count)).toEqual([-1, -2, -3, -5]);
  });

  it('adds up the small steps of a touchpad, the first of which shows at once', () => {
    const steps = stepsOf(Array(100).fill(4));
    expect(steps[0]).toBe(-1);
    expect(sum(steps)).toBe(-10);
    expect(steps.every((step) => step === 0 || step === -1)).toBe(true);
  });

  it('answers at once where it turns, and after a pause', () => {
    expect(stepsOf([-4, -4, 4, 4, -4])).toEqual([1, 0, -1, 0, 1]);
    const count = createWheelCount();
    expect(count({ deltaY: -4, deltaMode: 0, timeStamp: 0 })).toBe(1);
    expect(count({ deltaY: -4, deltaMode: 0, timeStamp: 1000 })).toBe(1);
  });

  it('counts lines and pages', () => {
    expect(stepsOf([3, 3, 6], { deltaMode: 1 })).toEqual([-1, -1, -2]);
    expect(stepsOf([1, 2], { deltaMode: 2 })).toEqual([-1, -2]);
  });
});
