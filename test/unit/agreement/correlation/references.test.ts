/** Correlations against scipy and R, on 63 pairs of samples. */
import { describe, it } from 'vitest';
import type { Correlation } from '../../../../src/kernel/agreement/correlation/correlation.ts';
import { kendall } from '../../../../src/kernel/agreement/correlation/kendall.ts';
import { pearson } from '../../../../src/kernel/agreement/correlation/pearson.ts';
import { spearman } from '../../../../src/kernel/agreement/correlation/spearman.ts';
import {
  type CorrelationReference,
  draws,
  expectClose,
  expectCloseInterval,
  type Reference,
  statistics,
  statisticsOfR,
} from '../references.ts';

function samplesOf({ x, y, seed, modulus }: CorrelationReference): { x: number[]; y: number[] } {
  if (x && y) return { x, y };
  const draw = draws(seed!);
  const pairs = Array.from({ length: 10000 }, () => [draw() % modulus!, draw() % modulus!] as const);
  return { x: pairs.map(([a]) => a), y: pairs.map(([a, b]) => a + b) };
}

function expectCorrelation(own: Correlation, reference: readonly Reference[] | null, what: string): void {
  expectClose(own.coefficient, reference?.[0], what);
  expectClose(own.p, reference?.[1], `${what}, p`);
  expectCloseInterval(own, reference?.slice(2) ?? [], what);
}

describe.each(statistics.correlations.map((set) => [set.name, set] as const))('%s', (_, set) => {
  const { x, y } = samplesOf(set);

  it('has the reference’s coefficients, p values and intervals', () => {
    expectCorrelation(pearson(x, y), set.pearson, 'Pearson');
    expectCorrelation(spearman(x, y), set.spearman, 'Spearman');
    expectCorrelation(kendall(x, y), set.kendall, 'Kendall');
  });
});

describe.each(statisticsOfR.correlations.map((set) => [set.name, set] as const))('R, %s', (name, reference) => {
  it('gives the same τ-b and r with their p', () => {
    const { x, y } = samplesOf(statistics.correlations.find((set) => set.name === name)!);
    const [tau, r] = [kendall(x, y), pearson(x, y)];
    expectClose(tau.coefficient, reference.kendall[0], 'τ');
    expectClose(tau.p, reference.kendall[1], 'p of τ');
    expectClose(r.coefficient, reference.pearson[0], 'r');
    expectClose(r.p, reference.pearson[1], 'p of r');
    // At r = ±1 R ends its interval there; ours is undefined.
    if (Math.abs(reference.pearson[0]!) < 1 - 1e-12) expectCloseInterval(r, reference.pearson.slice(2), 'r');
  });
});
