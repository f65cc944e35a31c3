/** The methods paragraph of what cells really showed: each variant of a comparison, and what is said of it. */
import { describe, expect, it } from 'vitest';
import { methodsParagraph } from '../../../src/protocol/methods/methods.ts';
import type { Provenance } from '../../../src/protocol/view.ts';
import { startSession } from '../../harness/session.ts';

const SCORES = [0, 1, 2, 3, 1, 0, 2, 2, 0, 1, 3, 0];
const tidy = (column: string, value: (score: number, n: number) => unknown) =>
  [`patient,region,class,${column}`]
    .concat(
      SCORES.flatMap((score, n) =>
        ['total', 'RUL', 'RML', 'RLL', 'LUL', 'LLL'].map((region) => `P${n},${region},ggo,${value(score, n)}`),
      ),
    )
    .join('\n');
const shifted = (by: number) => (score: number, n: number) => (n % 4 === by ? Math.min(4, score + 1) : score);
const FILES = {
  'a.csv': tidy('score', shifted(9)),
  'b.csv': tidy('score', shifted(0)),
  'c.csv': tidy('score', shifted(1)),
  'ai.csv': tidy('percent', (score, n) => 20 * score + n + 0.5),
  'ai2.csv': tidy('percent', (score) => 20 * score + 2),
  'ai3.csv': tidy('percent', (score, n) => 20 * score + (n % 3)),
  'counts.csv': 'left,right,count\n0,0,20\n0,1,4\n1,1,9\n',
  'costs.csv': 'none,some,more,much,most\n1,.5,0,0,0\n.5,1,.5,0,0\n0,.5,1,.5,0\n0,0,.5,1,.5\n0,0,0,.5,1\n',
  'published.csv': 'class,reader,category,count,n\nggo,x,0,5,9\nggo,x,1,4,9\nggo,y,0,4,9\nggo,y,1,5,9\n',
  'inc.csv': ['patient,reader,class,score']
    .concat(SCORES.flatMap((score, n) => [0, 1].map((k) => `P${n},${'ABC'[(n + k) % 3]},ggo,${score}`)))
    .join('\n'),
};
const LOAD = Object.keys(FILES)
  .map((file) => `load "${file}" as ${file.replace('.csv', '')}`)
  .join('\n');

async function paragraphOf(source: string): Promise<string> {
  const notebook = startSession({ files: FILES });
  await notebook.shown(LOAD);
  const views = await notebook.shown(source);
  const provenances = views.flatMap((view): Provenance[] =>
    'provenance' in view && view.provenance ? [view.provenance] : [],
  );
  return methodsParagraph(provenances) ?? '';
}

const BONETT = 'by Fisher’s z with the variance of Bonett and Wright';
const EVERITT = 'from the standard errors of Fleiss, Cohen and Everitt';
const LEFT_OUT = 'Patients whom one side lacked were left out';
const CUTS = 'at the cut points 1, 25, 50 and 75 %';
const PERCENTILE = 'by the percentile bootstrap over patients (200 resamples, seed 3)';

describe('the methods paragraph says how it was done, and nothing that was not done', () => {
  it.each([
    [
      'agree a with b for ggo',
      [BONETT, EVERITT, 'without weights', 'on the scale 0 to 4', LEFT_OUT],
      ['bootstrap', CUTS],
    ],
    [
      'agree a with b for ggo scale 0..5 matching numbers',
      ['on the scale 0 to 5', 'matched by the numbers'],
      ['0 to 4'],
    ],
    ['agree ai with b for ggo weights linear', [CUTS, 'with linear weights'], ['without weights']],
    ['agree a with b for ggo weights table costs', ['with weights of our own'], ['costs']],
    ['agree a with b for ggo ci jackknife', [BONETT, 'by the jackknife over patients'], [EVERITT]],
    ['agree a with b for ggo ci bootstrap 200 seed 3', [PERCENTILE], [BONETT, EVERITT, 'Fisher']],
    [
      'agree a with b for ggo ci bca 200 seed 3',
      ['by the bias-corrected and accelerated bootstrap over patients (200 resamples, seed 3)'],
      [BONETT, EVERITT, 'percentile'],
    ],
    [
      'agree a with b for ggo pooling lobes seed 3',
      [
        'five lobes were pooled',
        'percentile bootstrap over patients (2000 resamples, seed 3)',
        'p of pooled lobes by the same',
      ],
      [BONETT, EVERITT, 'exact for up to 9'],
    ],
    ['agree counts', ['contingency tables', 'on the scale 0 to 1', EVERITT], [LEFT_OUT]],
    [
      'agree a with b for ggo as g\nagree a with c for ggo as h\nagree g with h ci bca 200 seed 5',
      ['paired bootstrap over patients (200 resamples, seed 5), with bias-corrected and accelerated intervals'],
      ['Spearman', 'percentile'],
    ],
    [
      'agree a with b, c for ggo weights quadratic',
      [
        'Of 3 readings together, Fleiss’ κ (without weights',
        'Cohen’s κ with quadratic weights of every pair',
        'absolute agreement',
      ],
      ['Spearman', 'percentages', 'irrNA', LEFT_OUT, 'Intervals of Krippendorff'],
    ],
    ['agree ai with ai2, ai3 for ggo', ['are those of percentages', CUTS], []],
    ['agree inc for ggo', ['Gwet (2014)', 'irrNA'], []],
    [
      'agree a with b, c for ggo ci bootstrap 200 seed 3 as g\ndescribe g',
      [
        'Intervals of Krippendorff’s α are by the percentile bootstrap over patients (200 resamples, seed 3)',
        'for completeness',
      ],
      ['Spearman'],
    ],
    ['agree published', ['checked against their margins'], ['Spearman', 'Cohen’s κ']],
    ['agree ai with ai2 for ggo as g\nplot g as bland-altman', ['Differences were described'], ['Ratios were']],
    [
      'agree ai with ai2 for ggo as g\nplot g as bland-altman scale ratio',
      ['Ratios were described'],
      ['Differences were'],
    ],
    ['agree a with b for ggo as g\nsummarise g', [BONETT, EVERITT], ['for completeness']],
    ['summarise ai', ['Values were read from 1 table.'], ['Spearman', 'cut points']],
    ['exclude "P3" from a because "prone" as kept\nagree kept with b for ggo', ['1 of 12 patients: prone'], []],
  ])('%s', async (source, says, saysNot) => {
    const paragraph = await paragraphOf(source);
    for (const sentence of says) expect(paragraph).toContain(sentence);
    for (const sentence of saysNot) expect(paragraph).not.toContain(sentence);
    expect(paragraph).not.toMatch(/undefined|\bP\d+\b/);
  });
});

describe('the methods paragraph of given masks', () => {
  const model = (id: string) => ({ id, version: '1', sha256: 'ab'.repeat(32), licence: 'MIT' });
  const of = (models: Provenance['models'], parameters: Provenance['parameters']): string =>
    methodsParagraph([
      {
        software: 'LungNB 1',
        models,
        inputs: { 'P01/series-1': 'a', 'P01/series-1, masks of edited': 'b', 'P02/series-1': 'c' },
        parameters,
      },
    ]) ?? '';

  it('names them in the place of the network, and counts no mask as a CT or a table', () => {
    const paragraph = of([model('lung-texture')], { lobesFrom: 'edited', without: ['vessels'] });
    expect(paragraph).toContain('Chest CTs of 2 patients (2 series) were measured automatically');
    expect(paragraph).toContain('their five lobes were taken from given masks (“edited”)');
    expect(paragraph).toContain('by lung-texture 1');
    expect(paragraph).toContain('“vessels” of given masks was taken from the lungs');
    expect(paragraph).not.toContain('table');
  });

  it('says nothing of networks where there is none', () => {
    const paragraph = of([], { lobesFrom: 'a', texturesFrom: 'b' });
    expect(paragraph).toContain('taken from given masks (“a”)');
    expect(paragraph).toContain('from given masks (“b”)');
    expect(paragraph).not.toContain('network');
  });

  it('says how label maps were compared, and nothing of limits of agreement', () => {
    const paragraph = of([model('lung-lobes'), model('lung-texture')], { on: 'voxels' });
    expect(paragraph).toContain('segmented by the network lung-lobes 1');
    expect(paragraph).toContain('Dice coefficient');
    expect(paragraph).not.toContain('limits of agreement');
  });
});
