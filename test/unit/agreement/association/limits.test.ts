/** Limits that decide which test, which summary and which warning there is, on either side. */
import { describe, expect, it } from 'vitest';
import { countsTest } from '../../../../src/kernel/agreement/association/countsOfGroups.ts';
import { mannWhitney } from '../../../../src/kernel/agreement/association/mannWhitney.ts';
import { relation, thirds } from '../../../../src/kernel/agreement/association/relation.ts';
import { HIGHLY_SKEWED, skewness } from '../../../../src/kernel/agreement/association/shape.ts';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
/** Numbers without ties and without order. */
const scattered = (n: number, start: number) => upTo(n).map((i) => start + ((i * 37) % 101) + i / 1000);

describe('limits', () => {
  // Peduzzi et al., J Clin Epidemiol 1996: 10 events per variable.
  it.each([
    [10, undefined],
    [9, '9 events for 1 variable'],
  ])('of %i events for a variable: %s', (events, few) => {
    const x = scattered(40, 0);
    const found = relation({
      name: 'extent',
      x,
      outcome: { kind: 'survival', values: x.map((_, i) => ({ time: 1 + ((i * 13) % 29), event: i < events })) },
      covariates: [],
      per: 1,
      confidence: 0.95,
    });
    expect([found.events, found.fewEvents]).toEqual([events, few]);
  });

  // As R's wilcox.test: exact below 50 in both groups, without ties.
  it.each([
    [49, 'exact'],
    [50, 'z'],
  ])('of groups of %i: p is %s', (n, test) => {
    expect(mannWhitney(scattered(n, 0), scattered(n, 0.5)).rankBiserial.test?.name).toBe(test);
  });

  // Cochran, Biometrics 1954: expected counts of 5.
  it('of expected counts: χ² from 5 on, exact below', () => {
    expect(
      countsTest([
        [5, 5],
        [5, 5],
      ]).name,
    ).toBe('χ²');
    expect(
      countsTest([
        [4, 5],
        [5, 5],
      ]).name,
    ).toBe('Fisher’s exact test');
  });

  it('of sparse tables with three categories and three groups: χ², said to be approximate', () => {
    const { name, remark } = countsTest([
      [3, 1, 2],
      [1, 3, 1],
      [2, 1, 4],
    ]);
    expect([name, remark]).toEqual(['χ²', 'expected counts below 5, so that p is approximate']);
  });

  // Bulmer, Principles of Statistics 1979: highly skewed beyond 1.
  it('of skewness: 1', () => {
    expect(HIGHLY_SKEWED).toBe(1);
    expect(skewness([1, 2, 3])).toBeCloseTo(0, 12);
    expect(skewness([1, 2, 9])).toBeGreaterThan(1);
    expect(skewness([2, 2, 2])).toBeUndefined();
  });

  it('of thirds: those at a bound belong below it', () => {
    expect(thirds(upTo(7))).toEqual([2, 4]);
  });
});
