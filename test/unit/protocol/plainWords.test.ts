/** Words of papers in the place of those of the code. */
import { describe, expect, it } from 'vitest';
import { classInText, classLabel, regionInText, regionLabel } from '../../../src/protocol/words/displayNames.ts';
import { expressionInWords } from '../../../src/protocol/words/expressionInWords.ts';
import { parameterInWords } from '../../../src/protocol/words/parameters.ts';
import { faultsIn, withoutCode } from '../../harness/plainWords.ts';

describe('classes and regions', () => {
  it('have one name each, whoever made them', () => {
    expect(['ggo', 'fibrosis', 'my-own_class', 'ggo-and-reticulation'].map(classLabel)).toEqual([
      'Ground-glass opacity',
      'Fibrosis',
      'My own class',
      'Ground-glass opacity and reticulation',
    ]);
    expect(['total', 'lobes', 'RUL'].map(regionLabel)).toEqual(['Whole lungs', 'Lobes pooled', 'RUL']);
    expect([classInText('ggo'), regionInText('total'), regionInText('RUL')]).toEqual([
      'ground-glass opacity',
      'whole lungs',
      'RUL',
    ]);
  });
});

describe('a condition', () => {
  it.each([
    ['hrct == "yes" && age >= 18', 'hrct is yes and age ≥\u00a018'],
    ["site !== 'a_b' || !with_ild", 'site is not a_b or not with ild'],
    ['change < -5 && a - 5 > b', 'change <\u00a0−5 and a - 5 >\u00a0b'],
  ])('%s is %s', (expression, words) => {
    expect(expressionInWords(expression)).toBe(words);
  });
});

describe('a parameter of provenance', () => {
  it.each([
    ['cutPoints', [1, 25, 50], 'Cut points', '1, 25, 50 %'],
    ['weights', 'none', 'Weights of κ', 'none (unweighted)'],
    ['limitsOfAgreement', true, 'Limits of agreement', 'of differences'],
    ['incomplete', true, 'Patients whom some readers lack', 'yes'],
    ['margin', -0.1, 'Margin', '−0.1'],
    ['ofANewer', 'LungNB', 'Of anewer', 'LungNB'],
  ] as const)('%s is told in words', (name, value, label, text) => {
    expect(parameterInWords(name, value)).toEqual({ label, text });
  });
});

describe('the sweep for names of the code', () => {
  it('finds what it looks for, and nothing else', () => {
    const faults = ['bias -0.02', 'see `agree`', 'Show ggo', 'leftOut', 'rho_ci_low', 'NaN'];
    expect(faults.filter((text) => faultsIn(text).length === 0)).toEqual([]);
    const sound = [
      'series-1, 2026-11-27, P-3, 5-10, −0.02',
      'AC1, κ-max, NIfTI, PABAK',
      'LAA−950',
      withoutCode('`ggo`'),
    ];
    expect(sound.flatMap((text) => faultsIn(text))).toEqual([]);
  });
});
