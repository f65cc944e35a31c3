/** Drawing cases, and patients with all their cases. */
import { describe, expect, it } from 'vitest';
import {
  clustersOf,
  forEachResample,
  observedSample,
  type Units,
} from '../../../../src/kernel/agreement/resampling/resample.ts';

describe('clustersOf', () => {
  it('gathers the cases of each patient', () => {
    expect(clustersOf(['P1', 'P2', 'P1', 'P3', 'P2'])).toEqual([[0, 2], [1, 4], [3]]);
  });
});

describe('forEachResample', () => {
  it('draws as many cases as there are, each about equally often', () => {
    const times = [0, 0, 0, 0];
    forEachResample(4, 4000, 1, (sample) => {
      expect(sample).toHaveLength(4);
      for (const n of sample) times[n]!++;
    });
    for (const count of times) expect(count / 4000).toBeCloseTo(1, 1);
  });

  it('never tears a patient’s cases apart', () => {
    const units = [[0, 1], [2], [3, 4, 5]];
    const lengths = new Set<number>();
    forEachResample(units, 200, 7, (sample) => {
      lengths.add(sample.length);
      for (const cases of units) {
        const times = cases.map((n) => sample.filter((other) => other === n).length);
        expect(new Set(times).size).toBe(1);
      }
    });
    expect(lengths.size).toBeGreaterThan(3);
  });

  it('draws the same for a seed in every version, so that a paper’s intervals can be had again', () => {
    const drawn = (units: Units) => {
      const samples: number[][] = [];
      forEachResample(units, 2, 1, (sample) => samples.push([...sample]));
      return samples;
    };
    expect(drawn(6)).toEqual([
      [2, 2, 0, 1, 4, 4],
      [5, 5, 2, 1, 4, 5],
    ]);
    expect(drawn([[0, 1], [2], [3, 4, 5]])).toEqual([
      [2, 2, 0, 1],
      [0, 1, 3, 4, 5, 3, 4, 5],
    ]);
  });

  it('draws nothing of nothing', () => {
    forEachResample(0, 2, 1, (sample) => expect(sample).toHaveLength(0));
    expect([...observedSample([[2], [0, 1]])]).toEqual([2, 0, 1]);
  });
});
