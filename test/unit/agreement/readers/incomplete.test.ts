/** Readers who have not all read every patient, and Gwet's coefficients, against irrCAC, krippendorff and the method of irrNA (incompleteReaders.py). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gwetAgreement } from '../../../../src/kernel/agreement/categories/gwet.ts';
import { incompleteMeanSquares } from '../../../../src/kernel/agreement/continuous/incompleteMeanSquares.ts';
import { intraclass, intraclassOf } from '../../../../src/kernel/agreement/continuous/intraclass.ts';
import { valueIn } from '../../../../src/kernel/agreement/estimate.ts';
import { categoryCounts, fleissKappa } from '../../../../src/kernel/agreement/readers/fleiss.ts';
import { incompleteFleiss } from '../../../../src/kernel/agreement/readers/incompleteFleiss.ts';
import { krippendorffAlpha } from '../../../../src/kernel/agreement/readers/krippendorff.ts';
import { expectClose, type Reference } from '../references.ts';

interface IncompleteReference {
  readonly name: string;
  readonly categories: number;
  readonly ratings: (number | null)[][];
  /** κ, interval, p. */
  readonly fleiss: Reference[];
  readonly alpha: Readonly<Record<'nominal' | 'ordinal' | 'interval', Reference>>;
  /** ICC, interval, F, p; of means of readings the ICC alone. */
  readonly icc: Readonly<Record<'icc11' | 'icc21' | 'icc31' | 'icc1k' | 'icc2k' | 'icc3k', Reference[]>>;
}

interface GwetReference {
  readonly name: string;
  readonly table: number[][];
  readonly weights: 'identity' | 'linear' | 'quadratic';
  /** Value, interval, p. */
  readonly value: Reference[];
}

const file = join(import.meta.dirname, '../../../reference/incompleteReaders.json');
const { readers, gwet } = JSON.parse(readFileSync(file, 'utf8')) as {
  readers: IncompleteReference[];
  gwet: GwetReference[];
};

/** irrCAC prints twelve digits, and lets an interval reach below −1. */
const PRINTED = 1e-9;
const within = (low: Reference | undefined) => (low === null || low === undefined ? low : Math.max(-1, low));

describe.each(readers.map((set) => [set.name, set] as const))('%s', (_, set) => {
  const readings = set.ratings.map((row) => row.map((value) => value ?? undefined));
  const counts = categoryCounts(
    readings.map((row) => row.filter((value) => value !== undefined)),
    set.categories,
  );

  it('has irrCAC’s Fleiss’ κ with its interval and p', () => {
    const own = incompleteFleiss(counts);
    const [value, low, high, p] = set.fleiss;
    expectClose(own.kappa, value, 'κ', PRINTED);
    expectClose(own.ciLow, within(low), 'low', PRINTED);
    expectClose(own.ciHigh, high, 'high', PRINTED);
    if ('value' in own.p) expectClose(own.p, p, 'p', 1e-7);
  });

  it('has krippendorff’s α', () => {
    for (const level of ['nominal', 'ordinal', 'interval'] as const)
      expectClose(krippendorffAlpha(readings, level).alpha, set.alpha[level], level);
  });

  it('has the intraclass correlations of irrNA’s method', () => {
    const own = intraclassOf(incompleteMeanSquares(readings));
    for (const form of ['icc11', 'icc21', 'icc31', 'icc1k', 'icc2k', 'icc3k'] as const) {
      const [icc, low, high, f, p] = set.icc[form];
      if (valueIn(own[form].icc) === undefined) continue;
      expectClose(own[form].icc, icc, form, 1e-8);
      if (low === undefined || valueIn(own[form].ciLow) === undefined) continue;
      expectClose(own[form].ciLow, low, `${form} low`, 1e-6);
      expectClose(own[form].ciHigh, high, `${form} high`, 1e-6);
      expectClose(own[form].f, f, `${form} F`, 1e-7);
      expectClose(own[form].p, p, `${form} p`, 1e-6);
    }
  });
});

describe('with every reading there', () => {
  const complete = readers.find(({ name }) => name.includes('complete'))!.ratings as number[][];

  it('are those of complete readings', () => {
    expect(intraclassOf(incompleteMeanSquares(complete)).icc21).toEqual({
      ...intraclass(complete).icc21,
      icc: { value: expect.closeTo(valueIn(intraclass(complete).icc21.icc)!, 12) },
      ciLow: { value: expect.closeTo(valueIn(intraclass(complete).icc21.ciLow)!, 12) },
      ciHigh: { value: expect.closeTo(valueIn(intraclass(complete).icc21.ciHigh)!, 12) },
      f: { value: expect.closeTo(valueIn(intraclass(complete).icc21.f)!, 9) },
      p: { value: expect.closeTo(valueIn(intraclass(complete).icc21.p)!, 12) },
    });
    const counts = categoryCounts(complete, 10);
    expectClose(incompleteFleiss(counts).kappa, valueIn(fleissKappa(counts).overall.kappa), 'κ');
    expectClose(incompleteFleiss(counts).se, valueIn(fleissKappa(counts).overall.se), 'SE');
  });
});

describe('without enough', () => {
  it('have no value, and say why', () => {
    expect(
      incompleteFleiss([
        [1, 0],
        [0, 1],
      ]).kappa,
    ).toEqual({
      undefinedBecause: 'κ of several readers needs at least 2 patients with two readings',
    });
    expect(
      incompleteFleiss([
        [2, 0],
        [2, 0],
      ]).kappa,
    ).toHaveProperty('undefinedBecause');
    expect(
      incompleteMeanSquares([
        [1, undefined],
        [undefined, 2],
      ]),
    ).toBeUndefined();
  });
});

describe.each(gwet.map((set) => [`${set.name}, ${set.weights}`, set] as const))(
  'Gwet’s coefficient of %s',
  (_, set) => {
    it('has irrCAC’s value, interval and p', () => {
      const own = gwetAgreement(set.table, set.weights === 'identity' ? 'none' : set.weights);
      const [value, low, high, p] = set.value;
      expectClose(own.value, value, 'value', PRINTED);
      expectClose(own.ciLow, within(low), 'low', PRINTED);
      expectClose(own.ciHigh, high, 'high', PRINTED);
      if ('value' in own.p) expectClose(own.p, p, 'p', 1e-7);
    });
  },
);
