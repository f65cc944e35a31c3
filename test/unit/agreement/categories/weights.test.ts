/** Weights of κ, and tables of weights that are refused. */
import { describe, expect, it } from 'vitest';
import { agreementWeights } from '../../../../src/kernel/agreement/categories/weights.ts';

describe('agreementWeights', () => {
  it('fall with the distance of categories', () => {
    expect([...agreementWeights('none', 3)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect([...agreementWeights('linear', 3)]).toEqual([1, 0.5, 0, 0.5, 1, 0.5, 0, 0.5, 1]);
    expect([...agreementWeights('quadratic', 3)]).toEqual([1, 0.75, 0, 0.75, 1, 0.75, 0, 0.75, 1]);
    expect([...agreementWeights('linear', 1)]).toEqual([1]);
  });

  it('may be a table of one’s own, which must fit the scale and lie between 0 and 1', () => {
    const code = (weights: number[][]) => {
      try {
        return [...agreementWeights(weights, 2)];
      } catch (error) {
        return error;
      }
    };
    expect(
      code([
        [1, 0.3],
        [0.2, 1],
      ]),
    ).toEqual([1, 0.3, 0.2, 1]);
    expect(
      code([
        [1, 0, 0],
        [0, 1, 0],
      ]),
    ).toMatchObject({ code: 'weight-table-size' });
    expect(
      code([
        [1, 2],
        [0, 1],
      ]),
    ).toMatchObject({ code: 'weight-table-value' });
    expect(
      code([
        [0.5, 0],
        [0, 1],
      ]),
    ).toMatchObject({ code: 'weight-table-value' });
  });
});
