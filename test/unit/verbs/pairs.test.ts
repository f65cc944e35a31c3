/** Two CTs of each patient, by density and voxel by voxel: `trap`, and `change … on voxels`. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { axisAlignedAffine, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import { startSession, type TestSession } from '../../harness/session.ts';
import { writeSeries } from '../ct/helpers.ts';

/**
 * Soft tissue with two lungs of `hu`, whose base is slice `base` and whose apex is slice 36; beyond slice 24 of height
 * from the base they hold `above`.
 */
function chest(base: number, hu: number, above = hu): Volume {
  const size = [60, 50, 40] as const;
  const voxels = new Int16Array(size[0] * size[1] * size[2]).fill(40);
  voxels.fill(-1000, 0, size[0]);
  for (let k = base; k <= 36; k++)
    for (let j = 8; j < 42; j++) {
      const row = (k * size[1] + j) * size[0];
      const value = k > 28 ? above : hu;
      voxels.fill(value, row + 6, row + 26);
      voxels.fill(value, row + 36, row + 52);
    }
  return { size, affine: axisAlignedAffine([3, 3, 3], [0, 0, 0]), hu: voxels };
}

let notebook: TestSession;

beforeAll(async () => {
  notebook = startSession();
  const { folder } = notebook;
  // P01 traps air above slice 28; P02 has no expiration scan.
  writeSeries(join(folder, 'insp', 'P01'), chest(6, -900));
  writeSeries(join(folder, 'exp', 'P01'), chest(10, -750, -880), 'ID-9');
  writeSeries(join(folder, 'insp', 'P02'), chest(6, -860), 'ID-2');
  await notebook.shown('load "insp" as i\nload "exp" as e', 'load');
  await notebook.shown('quantify i with "tiny-textures" lobes "tiny-lobes" as insp', 'insp');
  // The same CTs as two visits.
  notebook.put('visits.csv', 'patient,path,visit\nP01,insp/P01,1\nP01,exp/P01,2\nP02,insp/P02,1\n');
  await notebook.shown('load "visits.csv" as v', 'visits');
  await notebook.shown('quantify v with "tiny-textures" lobes "tiny-lobes" as ai', 'ai');
  await notebook.shown('quantify e with "tiny-textures" lobes "tiny-lobes" as exp', 'exp');
}, 300_000);

async function total(statement: string, name: string): Promise<Record<string, unknown>> {
  await notebook.shown(`${statement} as ${name}`);
  return (await notebook.rows(`show ${name}`)).find(({ patient, region }) => patient === 'P01' && region === 'total')!;
}

describe('air trapping by density', () => {
  it('is the share of the expiration scan below −856 HU, or below what is asked for', async () => {
    const row = await total('trap insp with exp', 't');
    // 8 of 27 slices.
    expect(row.trapped_percent).toBeCloseTo((100 * 8) / 27, 6);
    expect(row.volume_change_percent).toBeCloseTo((100 * 4) / 31, 6);
    expect(row.ei_ratio).toBeCloseTo((750 * 19 + 880 * 8) / 27 / 900, 6);
    // From −950 to −856 HU: all of inspiration, 8 of 27 slices of expiration.
    expect(row.rvc_percent).toBeCloseTo((100 * 8) / 27 - 100, 6);
    expect((await total('trap insp with exp below -890 HU', 'none')).trapped_percent).toBe(0);
  });

  it('says who has one scan alone, whose label stands for two people, and which scans seem swapped', async () => {
    const said = async (source: string) => JSON.stringify(await notebook.shown(source));
    const right = await said('trap insp with exp as right');
    expect(right).toContain('There is no CT of P02 in `exp`');
    expect(right).toContain('unknown-people');
    expect(right).not.toContain('breaths-swapped');
    expect(await said('trap exp with insp as wrong')).toContain('breaths-swapped');
    expect(await notebook.problem('trap insp with insp on voxels as same')).toMatch(
      /^nothing-compared: .*\n• P01: .*same CT/s,
    );
  });
});

describe('the parametric response map', () => {
  it('tells trapped air from lung that empties, with the quality of the registration', async () => {
    const row = await total('trap insp with exp on voxels', 'prm');
    expect(row.lung_dice).toBeGreaterThan(0.97);
    expect(row.folded_percent).toBe(0);
    expect([row.prm_emphysema_percent, row.prm_other_percent]).toEqual([0, 0]);
    // 8 of 27 slices, and edges where the two lungs meet what is denser.
    expect(row.prm_fsad_percent).toBeGreaterThan(20);
    expect(row.prm_fsad_percent).toBeLessThan(40);
  });

  it('lies over the inspiration scan, beside the expiration scan that was moved onto it', async () => {
    const view = await notebook.last('slices', 'show prm "P01"');
    expect([view.patient, view.beside!.by, view.overlayName]).toEqual(['P01', 'registered', 'response map']);
    expect(view.ownClasses!.map(({ name }) => name)).toContain('small-airways-disease');
    expect(view.beside!.view.sliceCounts).toEqual(view.sliceCounts);
    expect(view.beside!.view.flags!.map(({ code }) => code)).toContain('unknown-people');
    expect(view.flags!.map(({ code }) => code)).not.toContain('unknown-people');
    expect(view.slices[0]!.textures).toBeDefined();
    expect(await notebook.problem('show prm "P09"')).toMatch(/^unknown-patient/);
  });
});

describe('what became of each voxel', () => {
  it('is counted from one visit to another, adds up to 100 of each class, and has its quality beside it', async () => {
    const said = JSON.stringify(await notebook.shown('change ai from 1 to 2 on voxels by region as moved'));
    expect(said).toContain('There is no CT of P02 in visit 2 of `ai`');
    const rows = await notebook.rows('show moved');
    expect(rows.every(({ patient, lung_dice }) => patient === 'P01' && Number(lung_dice) > 0.97)).toBe(true);
    const whole = rows.filter(({ region }) => region === 'total');
    for (const own of Map.groupBy(whole, (row) => row.class_before).values())
      expect(own.reduce((sum, { percent }) => sum + Number(percent), 0)).toBeCloseTo(100, 6);
    // 31 slices of lung of 36 × 34 voxels of 27 mm³ became 27, where they were found in full.
    const [before, after] = (['before_ml', 'after_ml'] as const).map((column) =>
      whole.reduce((sum, row) => sum + Number(row[column]), 0),
    );
    expect(before).toBeCloseTo((31 * 36 * 34 * 27) / 1000, 1);
    expect(after! / before!).toBeGreaterThan(0.8);
    expect(after! / before!).toBeLessThan(0.95);
  });

  it('is drawn as a matrix, of a region too, and shown with both visits voxel on voxel', async () => {
    const figure = await notebook.last('figure', 'plot moved as transitions');
    expect(figure.title).toBe('What became of each class of ai from visit 1 to 2, whole lungs');
    expect(figure.description).toContain('of 1 patient. Stayed what they were: ');
    const lobes = new Set((await notebook.rows('show moved')).map(({ region }) => region));
    const [lobe] = [...lobes].filter((region) => region !== 'total');
    expect((await notebook.last('figure', `plot moved as transitions in ${lobe}`)).title).toContain(`, ${lobe}`);
    const [first] = figure.patients!.panels;
    expect(first!.class).toMatch(/^normal to normal$/);
    expect(first!.rows).toMatchObject([{ patient: 'P01', slice: expect.any(Number) }]);
    const cells = await notebook.session.patientSlices({
      handle: figure.patients!.handle!,
      patient: 'P01',
      class: '',
      region: 'total',
      slice: 9,
    });
    expect('view' in cells && [cells.view.index, cells.view.beside!.by]).toEqual([8, 'registered']);
    await notebook.shown('change ai from 1 to 2 on voxels as whole');
    expect(await notebook.problem(`plot whole as transitions in ${lobe}`)).toMatch(/^not-compared: .*by region/);
    const view = await notebook.last('slices', 'show moved "P01"');
    expect(await notebook.problem('show moved "P01" visit 3')).toMatch(/^unknown-patient: No two CTs of P01, visit 3 /);
    expect([view.overlay, view.beside!.by, view.beside!.view.overlay]).toEqual([true, 'registered', true]);
    expect(view.beside!.view.slices[0]!.textures).toBeDefined();
  });

  it('is told by lesions', async () => {
    await notebook.shown('change ai from 1 to 2 on lesions as lesions');
    const rows = await notebook.rows('show lesions');
    expect(Object.keys(rows[0]!)).toEqual(expect.arrayContaining(['new_lesions', 'new_ml', 'gone_lesions', 'gone_ml']));
  });

  it('refuses visits that nobody has, and clauses that mean nothing there', async () => {
    expect(await notebook.problem('change ai from 1 to 3 on voxels as nobody')).toMatch(
      /^no-pair: No patient of `ai` was measured at visit 1 and at visit 3/,
    );
    expect(await notebook.problem('change ai from "baseline" to 2 on voxels as word')).toMatch(
      /^unknown-visit: .*"baseline" is no number/,
    );
    expect(await notebook.problem('change ai from 1 to 2 on voxels cut 3 as cut')).toMatch(/^idle-clause: /);
  });
});
