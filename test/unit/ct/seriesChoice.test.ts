import { describe, expect, it } from 'vitest';
import type { Cohort, Series } from '../../../src/kernel/ct/cohort/cohort.ts';
import { chooseBest, usedSeries, withSeries } from '../../../src/kernel/ct/cohort/seriesChoice.ts';
import { convolutionKernelSharpness } from '../../../src/kernel/ct/dicom/convolutionKernelSharpness.ts';

const BASE: Series = {
  id: 'series-1',
  format: 'dicom',
  sources: [],
  size: [512, 512, 300],
  matrix: [512, 512],
  spacingMm: [0.7, 0.7, 1],
  sliceThicknessMm: 1,
  convolutionKernel: 'B60f',
  scanner: undefined,
  patientPosition: 'HFS',
  compressed: false,
  derived: false,
  breathing: undefined,
  problems: [],
};
const used = (...series: Series[]) => chooseBest(series).find((choice) => choice.used);
const missing = { severity: 'warning', code: 'missing-slices', message: '' } as const;

describe('the chosen series', () => {
  it.each<[string, Partial<Series>, string]>([
    ['thicker slices', { sliceThicknessMm: 5, spacingMm: [0.7, 0.7, 5], size: [512, 512, 60] }, 'thin slices'],
    ['a soft kernel', { convolutionKernel: 'B30f' }, 'sharp kernel'],
    ['a prone patient', { patientPosition: 'HFP' }, 'supine'],
    ['a gap', { problems: [missing] }, 'no missing slices'],
    ['half a chest', { size: [512, 512, 90] }, 'whole chest'],
    ['reformats', { derived: true }, 'original images'],
    ['expiration', { breathing: 'expiration' }, 'no expiration'],
  ])('is not the one with %s', (_, change, reason) => {
    const worse = { ...BASE, id: 'series-2', ...change };
    expect(chooseBest([worse, BASE])).toEqual([
      { series: 'series-2', used: false, reason: `series-1 has ${reason}` },
      { series: 'series-1', used: true, reason },
    ]);
  });

  it('has a sharp kernel only where nothing weightier differs', () => {
    const expiration = { ...BASE, id: 'sharp', breathing: 'expiration' as const, convolutionKernel: 'B80f' };
    expect(used({ ...BASE, convolutionKernel: 'B30f' }, expiration)?.series).toBe('series-1');
  });

  it('is the first of equals, or the only one', () => {
    expect(used(BASE, { ...BASE, id: 'series-2' })).toEqual({
      series: 'series-1',
      used: true,
      reason: 'the first of equals',
    });
    expect(used(BASE)).toEqual({ series: 'series-1', used: true, reason: 'the only one' });
  });
});

describe('a wish for series', () => {
  const series = [BASE, { ...BASE, id: 'series-2', convolutionKernel: 'B30f' }];
  const cohort: Cohort = {
    patients: ['P01', 'P02'].map((id) => ({ id, series, choices: chooseBest(series) })),
    problems: [],
  };
  const chosen = (wish: Parameters<typeof withSeries>[1]) =>
    withSeries(cohort, wish).patients.map((patient) =>
      usedSeries(patient)
        .map(({ id }) => id)
        .join(),
    );

  it.each<[string, Parameters<typeof withSeries>[1], string[]]>([
    ['best', 'best', ['series-1', 'series-1']],
    ['all', 'all', ['series-1,series-2', 'series-1,series-2']],
    ['one by name for everybody', ['series-2'], ['series-2', 'series-2']],
    ['one by name for one patient', ['P02/series-2'], ['series-1', 'series-2']],
    ['both kinds of names', ['series-2', 'P01/series-1'], ['series-1', 'series-2']],
  ])('takes %s', (_, wish, expected) => expect(chosen(wish)).toEqual(expected));

  it('says which names there are', () => {
    expect(() => withSeries(cohort, ['series-9'])).toThrow(/No patient has a series "series-9": did you mean `series-/);
  });
});

describe('convolutionKernelSharpness', () => {
  it.each([
    ['B70f', 'sharp'],
    ['Bl57d 3', 'sharp'],
    ['LUNG', 'sharp'],
    ['BONEPLUS', 'sharp'],
    ['FC52', 'sharp'],
    ['L', 'sharp'],
    ['B30f', 'soft'],
    ['Br38f 3', 'soft'],
    ['STANDARD', 'soft'],
    ['FC08', 'sharp'],
    ['FC13', 'soft'],
    ['C', 'soft'],
    ['', undefined],
    ['SIM-1', undefined],
  ])('of %s is %s', (name, expected) => expect(convolutionKernelSharpness(name)).toBe(expected));
});
