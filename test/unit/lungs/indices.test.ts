/** Indices of papers, at their limits. */
import { describe, expect, it } from 'vitest';
import {
  atVolume,
  fibrosisPercent,
  gohAtTwenty,
  gohStage,
  gramsPerLitre,
  ildPercent,
  massGrams,
} from '../../../src/kernel/lungs/indices.ts';

describe('indices of extent', () => {
  it('add classes up, and have no value where one is missing', () => {
    const percents = { ggo: 5, consolidation: 1, reticulation: 3, honeycombing: 2 };
    expect([fibrosisPercent(percents), ildPercent(percents)]).toEqual([5, 11]);
    expect(fibrosisPercent({ reticulation: 3 })).toBeUndefined();
  });

  // Goh et al., AJRCCM 2008: < 10 % limited, > 30 % extensive, 10 to 30 % by FVC below 70 % of predicted.
  it.each([
    [9.9, undefined, 'limited', 'extent'],
    [10, 70, 'limited', 'FVC'],
    [10, 69.9, 'extensive', 'FVC'],
    [30, 90, 'limited', 'FVC'],
    [30, undefined, undefined, undefined],
    [30.1, 90, 'extensive', 'extent'],
    [undefined, 60, undefined, undefined],
  ] as const)('%s %% of the lungs with FVC %s is %s by %s', (extent, fvc, stage, by) => {
    expect(gohStage(extent, fvc)).toEqual({ stage, by });
  });

  it('are extensive above 20 % by the single threshold', () => {
    expect([20, 20.1, undefined].map(gohAtTwenty)).toEqual(['limited', 'extensive', undefined]);
  });
});

describe('densities', () => {
  it('weigh water 1 g/ml and air nothing', () => {
    expect([massGrams(1000, 0), massGrams(1000, -1000), massGrams(4000, -800)]).toEqual([1000, 0, 800]);
    expect(gramsPerLitre(-910)).toBe(90);
  });

  it('rise where the same lungs hold less air', () => {
    expect(atVolume(90, 6000, 5000)).toBeCloseTo(108, 12);
    expect([atVolume(90, undefined, 5000), atVolume(90, 6000, 0)]).toEqual([undefined, undefined]);
  });
});
