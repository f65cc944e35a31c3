/** Continuous readings against scipy and R's psych, on 55 sets of readings. */
import { describe, it } from 'vitest';
import {
  type BlandAltman,
  blandAltman,
  blandAltmanRatio,
} from '../../../../src/kernel/agreement/continuous/blandAltman.ts';
import { concordance } from '../../../../src/kernel/agreement/continuous/concordance.ts';
import { INTRACLASS_FORMS, intraclass } from '../../../../src/kernel/agreement/continuous/intraclass.ts';
import { proportionalBias } from '../../../../src/kernel/agreement/continuous/proportionalBias.ts';
import { repeatability } from '../../../../src/kernel/agreement/continuous/repeatability.ts';
import {
  type ContinuousReference,
  draws,
  expectClose,
  expectCloseInterval,
  type LimitsReference,
  statistics,
  statisticsOfR,
} from '../references.ts';

function readingsOf({ values }: ContinuousReference): number[][] {
  if (values) return values;
  const [step, base] = [draws(11), draws(12)];
  return Array.from({ length: 10000 }, () => {
    const truth = base() % 1000;
    return Array.from({ length: 3 }, (_, j) => (truth + (step() % 200) + 20 * j) / 10 + 1);
  });
}

function expectLimits(own: BlandAltman, reference: LimitsReference, what: string): void {
  expectClose(own.bias.value, reference.bias[0], `${what}, bias`);
  expectCloseInterval(own.bias, reference.bias.slice(1), `${what}, bias`);
  expectClose(own.sd, reference.sd, `${what}, SD`);
  expectClose(own.biasP, reference.p, `${what}, p`);
  for (const side of ['lower', 'upper'] as const) {
    const [limit, exactLow, exactHigh, low, high] = reference[side];
    expectClose(own[side].limit, limit, `${what}, ${side} limit`);
    expectCloseInterval(own[side].approximate, [low, high], `${what}, ${side}, approximate`);
    expectCloseInterval(own[side].exact, [exactLow, exactHigh], `${what}, ${side}, exact`);
  }
}

describe.each(statistics.continuous.map((set) => [set.name, set] as const))('%s', (_, set) => {
  const readings = readingsOf(set);
  const left = readings.map((row) => row[0]!);
  const right = readings.map((row) => row[1]!);

  it('has the reference’s intraclass correlations, intervals, F and p', () => {
    const own = intraclass(readings);
    for (const form of INTRACLASS_FORMS) {
      const [icc, low, high, f, p] = set.intraclass[form]!;
      expectClose(own[form].icc, icc, form);
      expectCloseInterval(own[form], [low, high], form);
      expectClose(own[form].f, f, `F of ${form}`);
      expectClose(own[form].p, p, `p of ${form}`);
    }
  });

  it('has the reference’s limits of agreement, as differences and as ratios', () => {
    expectLimits(blandAltman(left, right), set.blandAltman, 'differences');
    if (set.ratio) expectLimits(blandAltmanRatio(left, right), set.ratio, 'ratios');
  });

  it('has the reference’s concordance and proportional bias', () => {
    const own = concordance(left, right);
    expectClose(own.concordance, set.concordance[0], 'concordance');
    expectCloseInterval(own, set.concordance.slice(1, 3), 'concordance');
    expectClose(own.accuracy, set.concordance[3], 'accuracy');
    const [slope, slopeSe, low, high, intercept, interceptSe, p] = set.proportionalBias;
    const line = proportionalBias(left, right);
    expectClose(line.slope.value, slope, 'slope');
    expectClose(line.slope.se, slopeSe, 'its standard error');
    expectCloseInterval(line.slope, [low, high], 'slope');
    expectClose(line.intercept.value, intercept, 'intercept');
    expectClose(line.intercept.se, interceptSe, 'its standard error');
    expectClose(line.p, p, 'p');
  });

  it('has the reference’s repeatability', () => {
    const own = repeatability(readings);
    for (const name of ['withinPatientSd', 'repeatabilityCoefficient', 'smallestDetectableChange'] as const) {
      expectClose(own[name].value, set[name][0], name);
      expectCloseInterval(own[name], set[name].slice(1), name);
    }
  });
});

describe.each(statisticsOfR.continuous.map((set) => [set.name, set] as const))('R, %s', (name, reference) => {
  const readings = readingsOf(statistics.continuous.find((set) => set.name === name)!);

  it('gives the same six intraclass correlations', () => {
    const own = intraclass(readings);
    for (const [n, form] of INTRACLASS_FORMS.entries()) {
      const [icc, low, high, f, p] = reference.intraclass[n]!;
      expectClose(own[form].icc, icc, form);
      expectCloseInterval(own[form], [low, high], form);
      expectClose(own[form].f, f, `F of ${form}`);
      expectClose(own[form].p, p, `p of ${form}`);
    }
  });

  it('gives the same exact interval of the upper limit of agreement', () => {
    const own = blandAltman(
      readings.map((row) => row[0]!),
      readings.map((row) => row[1]!),
    );
    // R's qt searches to about 1e-9 of its noncentral t, times the standard deviation here.
    expectCloseInterval(own.upper.exact, reference.upper, 'upper limit', 1e-7);
  });
});
