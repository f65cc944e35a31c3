/** Which patients every reader has read. */
import { describe, expect, it } from 'vitest';
import { completeCases } from '../../../src/kernel/agreement/completeCases.ts';

describe('completeCases', () => {
  it('leaves out patients with a missing reading, and counts them and the gaps of each reader', () => {
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
      places: [0, 3],
      missing: 3,
      missingByReader: [2, 1],
    });
  });

  it('finds none in nothing', () => {
    expect(completeCases([])).toEqual({ rows: [], places: [], missing: 0, missingByReader: [] });
  });
});
