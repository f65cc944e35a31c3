/** Which patients every reader has read. */
import { describe, expect, it } from 'vitest';
import { completeCases } from '../../../src/kernel/agreement/completeCases.ts';

describe('completeCases', () => {
  it('leaves out patients with a missing reading, and counts them', () => {
    const readings = [
      [1, 2],
      [undefined, 3],
      [4, Number.NaN],
      [5, 6],
      [undefined, 7],
    ];
    expect(completeCases(readings)).toEqual({
      rows: [
        [1, 2],
        [5, 6],
      ],
      missing: 3,
    });
  });

  it('finds none in nothing', () => {
    expect(completeCases([])).toEqual({ rows: [], missing: 0 });
  });
});
