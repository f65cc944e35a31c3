/** `index`: indices of papers, a row per patient; densities of what the tiny networks measured. */

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { axisAlignedAffine, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import { startSession } from '../../harness/session.ts';
import { change, writeSeries } from '../ct/helpers.ts';

/** Soft tissue with a row of air beside it, and a box of air in it that the fixture's network calls right upper lobe. */
function box(airHu: number): Volume {
  const size = [60, 50, 25] as const;
  const hu = new Int16Array(size[0] * size[1] * size[2]).fill(40);
  hu.fill(-1000, 0, size[0]);
  for (let k = 6; k < 19; k++)
    for (let j = 10; j < 40; j++) hu.fill(airHu, (k * size[1] + j) * size[0] + 10, (k * size[1] + j) * size[0] + 50);
  return { size, affine: axisAlignedAffine([1.5, 1.5, 2], [0, 0, 0]), hu };
}

const CONVOLUTION_KERNEL = '00181210';

const EXTENTS = [
  'patient,region,class,percent,fvc',
  ...[
    ['P1', 4, 2, 1, 1, 80],
    ['P2', 15, 2, 2, 1, 65],
    ['P3', 15, 2, 2, 1, ''],
    ['P4', 30, 5, 2, 1, 90],
  ].flatMap(([patient, ggo, consolidation, reticulation, honeycombing, fvc]) =>
    Object.entries({ ggo, consolidation, reticulation, honeycombing }).map(
      ([name, percent]) => `${patient},total,${name},${percent},${fvc}`,
    ),
  ),
].join('\n');

describe('index', () => {
  it('gives extents and Goh’s stage, and says whose is open', async () => {
    const notebook = startSession({ files: { 'ai.csv': EXTENTS } });
    await notebook.shown('load "ai.csv" as ai');
    const rows = await notebook.rows('index ai with fvc as indices');
    expect(
      rows.map(({ patient, fibrosis_percent, ild_percent, goh, goh_by, goh_20 }) => [
        patient,
        fibrosis_percent,
        ild_percent,
        goh,
        goh_by,
        goh_20,
      ]),
    ).toEqual([
      ['P1', 2, 8, 'limited', 'extent', 'limited'],
      ['P2', 3, 20, 'extensive', 'FVC', 'limited'],
      ['P3', 3, 20, null, null, 'limited'],
      ['P4', 3, 38, 'extensive', 'extent', 'extensive'],
    ]);
    const [said] = notebook.views.flatMap((view) => ('messages' in view ? view.messages : []));
    expect(said?.text).toBe(
      'Goh’s stage of 1 patient with 10 to 30 % of the lungs diseased is open: P3. They have no fvc.',
    );
    expect(await notebook.problem('index ai correcting fvc as corrected')).toMatch(
      /^out-of-range: `fvc` is 80 of P1, which is no volume/,
    );
  });
});

describe('measured CTs', () => {
  it('stay measurements with the columns of a registry, whose densities are weighed and corrected', async () => {
    const notebook = startSession({ files: { 'registry.csv': 'patient,tlc_ml,sex\nA,4000,f\nB,2000,m\nC,3000,f\n' } });
    writeSeries(join(notebook.folder, 'cohort', 'A'), box(-800), 'A');
    for (const file of writeSeries(join(notebook.folder, 'cohort', 'B'), box(-900), 'B'))
      change(file, (tags) => {
        tags[CONVOLUTION_KERNEL] = { vr: 'SH', Value: ['B30'] };
      });
    await notebook.shown(
      'load "cohort" as c\nquantify c with "tiny-textures" lobes "tiny-lobes" as ai\nload "registry.csv" as registry\njoin ai with registry as both',
    );
    const both = notebook.value('both', 'measurements');
    expect(both.measured).toHaveLength(2);
    expect(both.density.columnNames()).toContain('sex');
    const rows = await notebook.rows('index both correcting tlc_ml as indices');
    const total = both.density.objects().filter((row) => 'region' in row && row.region === 'total') as {
      volume_ml: number;
      mean_hu: number;
      hu_p15: number;
    }[];
    for (const [n, tlc] of [4000, 2000].entries()) {
      const { volume_ml, mean_hu, hu_p15 } = total[n]!;
      expect(rows[n]!.mass_g).toBeCloseTo((volume_ml * (mean_hu + 1000)) / 1000, 6);
      expect(rows[n]!.perc15_corrected_g_per_l).toBeCloseTo(((hu_p15 + 1000) * volume_ml) / tlc, 6);
    }
    const shown = notebook.views.at(-1)!;
    expect('notes' in shown && shown.notes.join(' ')).toContain(
      'Corrected densities: as with the lungs at tlc_ml (sponge model',
    );
    const groups = await notebook.last('table', 'summarise ai by kernel for normal');
    expect(groups.columns.map(({ label }) => label).slice(0, 3)).toEqual(['Class', 'B30 (n 1)', 'B60 (n 1)']);
    expect((await notebook.rows('relate both laa950_percent with tlc_ml as r'))[0]!.n).toBe(2);
  });
});
