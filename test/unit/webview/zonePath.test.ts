import { expect, it } from 'vitest';
import { zonePath } from '../../../src/webview/viewer/zonePath.ts';

it('runs between pixels of two zones, in one piece where it is straight, and not where lung ends', () => {
  // biome-ignore format: a slice of 4 × 3
  const zones = Uint8Array.of(
    1, 1, 2, 0,
    1, 1, 2, 2,
    3, 3, 3, 0,
  );
  expect(zonePath(zones, 4)).toBe('M0 2H3M2 0V2');
});
