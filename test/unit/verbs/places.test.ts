/** Zones and levels: measured from maps, compared with readers by their names, and refused where there are none. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { methodsParagraph } from '../../../src/protocol/methods/methods.ts';
import { LOBAR_REGIONS, ZONES } from '../../../src/protocol/names.ts';
import { regionLabel } from '../../../src/protocol/words/displayNames.ts';
import { startSession } from '../../harness/session.ts';
import { writeSeries } from '../ct/helpers.ts';
import { chest, lobes, maskFile, textures, vessels } from '../masks/helpers.ts';

interface Row {
  readonly region: string;
  readonly class: string;
  readonly volume_ml: number;
  readonly percent: number | undefined;
}

async function withMasks() {
  const notebook = startSession();
  writeSeries(join(notebook.folder, 'cohort', 'P01'), chest(), 'P01');
  notebook.put('lobes/P01.nii.gz', maskFile(lobes()));
  notebook.put('textures/P01/textures.nii.gz', maskFile(textures()));
  notebook.put('vessels/P01/lung_vessels.nii.gz', maskFile(vessels()));
  await notebook.shown('load "cohort" as c');
  await notebook.shown('load "lobes" labels 1 RUL, 2 RML, 3 RLL, 4 LUL, 5 LLL as l');
  await notebook.shown('load "textures" labels 1 normal, 2 ggo, 5 honeycombing as t');
  await notebook.shown('load "vessels" as v');
  return notebook;
}

describe('quantify by zone', () => {
  it('adds up to the lungs, volume and density, with structures taken away too, and gives profiles of the same voxels', async () => {
    const notebook = await withMasks();
    for (const without of ['', 'without vessels from v']) {
      const cell = `quantify c lobes from l textures from t ${without} by zone peripheral 10 mm as ai`;
      await notebook.shown(cell, 'measured');
      const { table, density, provenance } = notebook.value('ai', 'measurements');
      const rows = table.objects() as Row[];
      const sum = (of: readonly Row[]) => of.reduce((ml, { volume_ml }) => ml + volume_ml, 0);
      const zones = rows.filter(({ region }) => ZONES.some((zone) => zone === region));
      for (const name of ['normal', 'ggo', 'honeycombing'])
        expect(sum(zones.filter((row) => row.class === name))).toBeCloseTo(
          sum(rows.filter((row) => row.region === 'total' && row.class === name)),
          9,
        );
      const dense = density.objects() as Row[];
      expect(dense.map(({ region }) => region)).toEqual([...LOBAR_REGIONS, ...ZONES]);
      expect(sum(dense.slice(LOBAR_REGIONS.length))).toBeCloseTo(dense[0]!.volume_ml, 9);
      expect(provenance.parameters).toMatchObject({ zones: 'peripheral within 10 mm of the pleura' });
    }
    const total = (notebook.value('ai', 'measurements').table.objects() as Row[]).find(
      (row) => row.region === 'total' && row.class === 'ggo',
    )!;
    for (const by of ['distance', 'height']) {
      const profile = (await notebook.rows(`profile ai by ${by} for ggo as by_${by}`)) as unknown as Row[];
      expect(profile.reduce((ml, { volume_ml }) => ml + volume_ml, 0)).toBeCloseTo(total.volume_ml, 9);
    }
    const [figure] = await notebook.shown('plot by_height as profile');
    expect(figure).toMatchObject({ type: 'figure', title: 'Extent by height: ai, whole lungs, 1 patient' });
    const bars = await notebook.last('figure', 'plot ai as stacked by zone');
    expect(bars.data[0]).toMatchObject({ orientation: 'h', y: ZONES.map((zone) => regionLabel(zone)) });
    expect(await notebook.problem('plot ai as box by level')).toMatch(/^no-regions: `ai` has no levels/);
    const paragraph = methodsParagraph([notebook.value('by_height', 'table').provenance]);
    expect(paragraph).toContain('in thirds of its own height, central and peripheral within 10 mm of the pleura');
    expect(paragraph).toContain('along the height of each lung.');
    expect(paragraph).not.toContain('levels');
  });

  it('is refused a depth without zones, and zones that nobody measured', async () => {
    const notebook = await withMasks();
    expect(await notebook.problem('quantify c lobes from l textures from t peripheral 10 mm as deep')).toMatch(
      /^idle-clause: /,
    );
    await notebook.shown('quantify c lobes from l textures from t as ai');
    expect(await notebook.problem('summarise ai by zone')).toMatch(
      /^no-regions: `ai` has no zones. `quantify cohort by zone/,
    );
  });
});

describe('levels', () => {
  it('are estimated, and said to be, in a chest without a trachea', async () => {
    const notebook = await withMasks();
    const shown = await notebook.shown('quantify c lobes from l textures from t by level as ai');
    expect(JSON.stringify(shown)).toContain('no trachea was seen to divide');
    expect(JSON.stringify(shown)).toMatch(/Look at them by .show … overlay … at level carina/);
    const { levels, flags, provenance } = notebook.value('ai', 'measurements');
    expect(methodsParagraph([provenance])).toContain('the five levels of Goh et al. (2008)');
    expect(methodsParagraph([provenance])).not.toMatch(/zones|Profiles/);
    expect(flags.map(({ code }) => code)).toContain('uncertain-level');
    const carina = (levels!.objects() as { level: string; slice: number; doubt: string }[]).find(
      ({ level }) => level === 'carina',
    )!;
    // Two thirds of the way from slice 4 to slice 20, counted from 1.
    expect(carina).toMatchObject({ slice: 16 });
    const [view] = await notebook.shown('show c "P01" overlay ai at level carina');
    expect(view).toMatchObject({ type: 'slices', plane: 'axial', index: 15 });
  });

  it('are compared with readers, whose columns name them', async () => {
    const notebook = startSession();
    const patients = Array.from({ length: 8 }, (_, n) => `P${n}`);
    notebook.put(
      'ai.csv',
      [
        'patient,region,class,percent',
        ...patients.flatMap((p, n) => [`${p},total,ggo,9`, `${p},carina,ggo,${10 * n}`]),
      ].join('\n'),
    );
    notebook.put(
      'reader.csv',
      ['patient,ggo_carina,ggo_right_upper_central', ...patients.map((p, n) => `${p},${Math.min(4, n)},1`)].join('\n'),
    );
    await notebook.shown('load "ai.csv" as ai\nload "reader.csv" as reader');
    const rows = await notebook.rows('agree ai with reader by level for ggo as ag');
    expect(rows.filter(({ n }) => n !== 0)).toEqual([expect.objectContaining({ region: 'carina', n: 8 })]);
    expect(rows).toHaveLength(5);
    const all = await notebook.rows('agree ai with reader by region for ggo as all');
    expect(all.map(({ region }) => region)).toEqual([...LOBAR_REGIONS, 'carina']);
  });
});
