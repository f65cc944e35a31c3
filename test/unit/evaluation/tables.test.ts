/** Checks what the evaluation's tables say of made-up results. */
import { expect, it } from 'vitest';
import { noResults, type Results } from '../../../models/evaluation/jobs.ts';
import { emptyReliability } from '../../../models/evaluation/metrics.ts';
import type { PhantomResult } from '../../../models/evaluation/phantoms.ts';
import { reliabilityPlot } from '../../../models/evaluation/reliability.ts';
import type { Weights } from '../../../models/evaluation/seen.ts';
import { tablesOf } from '../../../models/evaluation/tables.ts';

/** A phantom whose normal lung is read with `missed` points too few, all of them as ground glass. */
function phantom(ggo: number, missed: number, lungs: number): PhantomResult {
  const confusion = Array.from({ length: 6 }, (_, c) =>
    Array.from({ length: 6 }, (_, r): number => (c === r ? 10 : 0)),
  );
  confusion[0]![1] = missed;
  const reliability = emptyReliability();
  reliability.count[9] = 100;
  reliability.confidence[9] = 95;
  reliability.correct[9] = 90;
  return {
    sliceMm: 3,
    lungs,
    lobes: [0.96, 0.9, 0.97, 0.96, undefined],
    truth: [100 - ggo, ggo, 0, 0, 0, 0],
    read: [100 - ggo - missed, ggo + missed, 0, 0, 0, 0],
    confusion,
    reliability,
  };
}

const results: Results = {
  ...noResults(),
  real: [
    { name: 'X', network: 'lobes', finding: 'lungs against contours', value: 0.9496, unit: 'Dice', goal: ['≥', 0.95] },
    { name: 'X', network: 'textures', finding: 'left lung read as normal', value: 98.76, unit: '%', goal: ['≥', 97.5] },
    { name: 'Y', network: 'lobes', finding: 'lungs', value: 3000, unit: 'ml' },
  ],
  patches: [{ kind: 'all emphysema', patches: 967, auc: 0.961 }],
  retest: [{ sliceMm: [0.7, 1.3], fibrosisPercent: [10, 12] }],
  phantom: [phantom(5, 2, 0.99), phantom(10, 2, 0.97), phantom(30, 2, 0.99)],
};
/** The lobes' network has seen Y. */
const weights: Weights = {
  lobes: { id: 'lung-lobes', version: '1.0.0', sha256: 'a', trainedOn: 'chests drawn around maps; the real chest Y' },
  textures: { id: 'lung-texture', version: '2.0.0', sha256: 'b', trainedOn: 'drawn chests' },
};
const { lobes, textures, goals } = tablesOf(results, weights);
const row = (text: string, start: string) => text.split('\n').find((line) => line.startsWith(start));

it('says whether a goal was reached, before rounding', () => {
  expect(row(lobes, '| real CT X')).toBe('| real CT X | lungs against contours | ≥ 0.950 | 0.950 | **no** |  |');
  expect(row(textures, '| real CT X')).toBe('| real CT X | left lung read as normal | ≥ 97.5 % | 98.8 % | yes |  |');
  expect(row(textures, '| 1 simulated chests, scanned twice | largest')).toContain(
    '| ≤ 0.50 points | 2.00 points | **no** |',
  );
  expect(row(textures, '| 967 real patches')).toContain('| ≥ 0.980 | 0.961 | **no** |');
});

it('gathers all that has a goal in one table, and nothing else', () => {
  expect(row(goals, '| real CT X | lungs')).toBe(row(lobes, '| real CT X'));
  expect(row(goals, '| real CT X | left')).toBe(row(textures, '| real CT X'));
  expect(row(goals, '| real CT Y')).toBeUndefined();
});

it('marks what the weights have seen, in its line and in a table of all references', () => {
  expect(row(lobes, '| real CT Y')).toBe('| real CT Y | lungs | 3000 ml | lung-lobes |');
  expect(row(lobes, '| in training')).toBe('| in training | lung-lobes 1.0.0 | lung-texture 2.0.0 |');
  expect(row(textures, '| X')).toBe('| X | never | never |');
  expect(row(textures, '| Y')).toBe('| Y | **seen** | never |');
});

it('judges the COVID slices without the doubtful ones, and tells of all', () => {
  const counts = (asGlass: number, asReticulation: number) => [
    [98, 2, 0, 0, 0, 0],
    [0, asGlass, 0, asReticulation, 0, 0],
    [0, 0, 10, 0, 0, 0],
  ];
  const covid = [
    { slice: 1, doubtful: true, counts: counts(0, 100) },
    { slice: 2, doubtful: false, counts: counts(75, 25) },
  ];
  const of = tablesOf({ ...noResults(), covid }, weights);
  expect(row(of.goals, '| 1 COVID slices (without 1) | ground glass read as ground')).toContain('| 75.0 % | yes |');
  expect(row(of.goals, '| 1 COVID slices (without 1) | ground glass read as ret')).toContain('| 25.0 % | **no** |');
  expect(row(of.textures, '| 2 COVID slices | ground glass read as ground')).toContain('| 37.5 % |');
  expect(row(of.textures, '| lung outside the lesions')).toBe(
    '| lung outside the lesions | 98.0 | 2.0 | 0.0 | 0.0 | 0.0 | 0.0 |',
  );
});

it('takes means over the chests, and a lobe that is nowhere as missing', () => {
  expect(row(lobes, '| 3 simulated chests | lungs, mean')).toContain('| ≥ 0.985 | 0.983 | **no** |');
  expect(row(lobes, '| simulated chests')).toBe('| simulated chests | 0.960 | 0.900 | 0.970 | 0.960 | none |');
});

it('gives error, bias and rank correlation of the percentages', () => {
  expect(row(textures, '| mean absolute error')).toContain('| 2.000 | 2.000 | 0.000 |');
  expect(row(textures, '| bias')).toContain('| -2.000 | 2.000 | 0.000 |');
  expect(row(textures, '| Spearman')).toContain('| 1.000 | 1.000 | none |');
  expect(row(textures, '| 3 simulated chests | expected calibration error')).toContain('| 0.050 |');
});

it('says what ties in truth leave of the rank correlation, and what it is without them', () => {
  // Five chests without ground glass, read in any order, and two with it, read in theirs.
  const ties = [0, 1, 2, 3, 4].map((missed) => phantom(0, missed, 0.99));
  const tied = tablesOf(
    { ...results, phantom: [...ties, phantom(10, 5, 0.99), phantom(30, 5, 0.99)] },
    weights,
  ).textures;
  // scipy.stats.spearmanr([0, 0, 0, 0, 0, 10, 30], range(7)).
  expect(row(tied, '| Spearman')).toContain('| 0.802 |');
  expect(row(tied, '| its greatest value')).toContain('| 0.802 |');
  expect(row(tied, '| ρ over the chests that have the class')).toContain('| none |');
});

it('claims nothing where nothing can be said', () => {
  const alone = tablesOf({ ...results, phantom: [phantom(5, 2, 0.99)] }, weights);
  expect(row(alone.textures, '| 1 simulated chests | percent of lung, least')).toContain('| ≥ 0.950 | none |  |  |');
});

it('draws a point where confidence and correctness meet', () => {
  const svg = reliabilityPlot(results.phantom);
  expect(svg).toContain('cx="341.0" cy="64.0"');
  expect(svg.match(/<circle/g)).toHaveLength(1);
});
