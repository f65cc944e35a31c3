/** Checks the evaluation's measures against values worked out by hand or by scikit-learn. */
import { describe, expect, it } from 'vitest';
import {
  areaUnderCurve,
  confusionMatrix,
  dice,
  emptyReliability,
  expectedCalibrationError,
  f1Scores,
  median,
} from '../../../models/evaluation/metrics.ts';

describe('dice', () => {
  it('counts twice what both have', () => {
    expect(dice(Uint8Array.of(1, 1, 0, 2), Uint8Array.of(1, 0, 1, 2), (l) => l === 1)).toBe(0.5);
    expect(dice(Uint8Array.of(1, 1, 0, 2), Uint8Array.of(1, 0, 1, 2), (l) => l > 0)).toBeCloseTo(4 / 6);
  });
  it('has no value where neither has any', () => {
    expect(dice(Uint8Array.of(1), Uint8Array.of(2), (l) => l === 5)).toBeUndefined();
  });
});

it('computes F1 from a confusion of labelled voxels alone', () => {
  const truth = Uint8Array.of(1, 1, 1, 2, 2, 0, 3);
  const read = Uint8Array.of(1, 1, 2, 2, 1, 1, 0);
  const confusion = confusionMatrix(truth, read, 3);
  expect(confusion).toEqual([
    [2, 1, 0],
    [1, 1, 0],
    [0, 0, 0],
  ]);
  // sklearn.metrics.f1_score([1,1,1,2,2], [1,1,2,2,1], average=None)
  expect(f1Scores(confusion).slice(0, 2)).toEqual([expect.closeTo(0.6666667), expect.closeTo(0.5)]);
});

it('computes the area under the curve with ties counted half', () => {
  // sklearn.metrics.roc_auc_score([1,1,1,0,0,0], [.9,.5,.4,.5,.3,.1])
  expect(areaUnderCurve([0.9, 0.5, 0.4], [0.5, 0.3, 0.1])).toBeCloseTo(0.8333333);
});

it('weights the gap between confidence and correctness by count', () => {
  const reliability = emptyReliability();
  for (const [bin, count, confidence, correct] of [
    [5, 10, 5.5, 7],
    [9, 30, 28.5, 27],
  ] as const) {
    reliability.count[bin] = count;
    reliability.confidence[bin] = confidence;
    reliability.correct[bin] = correct;
  }
  expect(expectedCalibrationError(reliability)).toBeCloseTo((1.5 + 1.5) / 40);
});

it('takes the middle of two middle values', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([5, 1, 9])).toBe(5);
});
