/** Masks of other programs in the place of networks: loaded, matched, measured with, and refused where they do not belong. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { axisAlignedAffine } from '../../../src/kernel/ct/geometry/volume.ts';
import type { SeriesRemark } from '../../../src/protocol/remark.ts';
import type { ViewModel } from '../../../src/protocol/view.ts';
import { startSession, type TestSession } from '../../harness/session.ts';
import { niftiFile, writeSeries } from '../ct/helpers.ts';
import { chest, lobes, maskFile, SIZE, textures, VOXEL_ML, vessels } from '../masks/helpers.ts';

const LABELS = 'labels 1 RUL, 2 RML, 3 RLL, 4 LUL, 5 LLL';
const TEXTURES = 'labels 1 normal, 2 ggo, 5 honeycombing';

const flagsIn = (shown: readonly ViewModel[]): SeriesRemark[] =>
  shown.flatMap((view) => (view.type === 'messages' ? (view.flags ?? []) : []));
const saidIn = (shown: readonly ViewModel[]): string =>
  shown.flatMap((view) => (view.type === 'messages' ? view.messages.map(({ text }) => text) : [])).join('\n');

const [LOBES, CLASSES, VESSELS, HU] = [lobes(), textures(), vessels(), chest().hu];

/** A map of one value in floating-point numbers. */
function floatFile(value: number): Buffer {
  const file = niftiFile(
    { size: [4, 4, 2], affine: axisAlignedAffine([1, 1, 1], [0, 0, 0]), hu: new Int16Array(0) },
    1,
  );
  file.writeInt16LE(16, 70);
  file.writeInt16LE(32, 72);
  return Buffer.concat([file, Buffer.from(Float32Array.from({ length: 32 }, (_, v) => (v % 2 ? value : 0)).buffer)]);
}

/** A notebook with CTs of the given patients, loaded as `c`. */
async function withChests(...patients: readonly string[]): Promise<TestSession> {
  const notebook = startSession();
  for (const patient of patients) writeSeries(join(notebook.folder, 'cohort', patient), chest(), patient);
  await notebook.shown('load "cohort" as c');
  return notebook;
}

const countOf = (labels: Int16Array, value: number) => labels.filter((label) => label === value).length;

describe('quantify with masks', () => {
  it('measures volumes, percent and density of given lobes and textures without a network', async () => {
    const notebook = await withChests('P01', 'P02');
    for (const patient of ['P01', 'P02']) {
      notebook.put(`lobes/${patient}.nii.gz`, maskFile(lobes()));
      notebook.put(`textures/${patient}/textures.nii.gz`, maskFile(textures()));
    }
    await notebook.shown(`load "lobes" ${LABELS} as l`);
    await notebook.shown(`load "textures" ${TEXTURES} as t`);
    const shown = await notebook.shown('quantify c lobes from l textures from t as given');
    expect(flagsIn(shown)).toEqual([]);
    const { table, density, provenance } = notebook.value('given', 'measurements');
    const rows = table.objects() as {
      patient: string;
      region: string;
      class: string;
      volume_ml: number;
      percent: number;
    }[];
    expect(new Set(rows.map((row) => row.class))).toEqual(new Set(['normal', 'ggo', 'honeycombing']));
    const both = Array.from(LOBES, (lobe, v) => [lobe, CLASSES[v]!] as const);
    const ggoInLower = both.filter(([lobe, texture]) => lobe === 5 && texture === 2).length;
    const row = rows.find((one) => one.patient === 'P02' && one.region === 'LLL' && one.class === 'ggo')!;
    expect(row.volume_ml).toBeCloseTo(ggoInLower * VOXEL_ML, 9);
    expect(row.percent).toBeCloseTo((100 * ggoInLower) / countOf(LOBES, 5), 9);
    const volumes = density.objects() as { patient: string; region: string; volume_ml: number; mean_hu: number }[];
    const middle = volumes.find((one) => one.patient === 'P01' && one.region === 'RML')!;
    expect(middle.volume_ml).toBeCloseTo(countOf(LOBES, 2) * VOXEL_ML, 9);
    const hu = HU.filter((_, v) => LOBES[v] === 2);
    expect(middle.mean_hu).toBeCloseTo(hu.reduce((sum, one) => sum + one, 0) / hu.length, 6);
    expect(provenance.models).toEqual([]);
    expect(provenance.parameters).toEqual({ lobesFrom: 'l', texturesFrom: 't' });
    expect(Object.keys(provenance.inputs).sort()).toEqual(
      ['P01', 'P02'].flatMap((patient) => [
        `${patient}/series-1`,
        `${patient}/series-1, masks of l`,
        `${patient}/series-1, masks of t`,
      ]),
    );
  });

  it('takes vessels from the lungs before they are measured, and measures them', async () => {
    const notebook = await withChests('P01');
    notebook.put('given/P01/lobes.nii.gz', maskFile(LOBES));
    notebook.put('vessels/P01/lung_vessels.nii.gz', maskFile(VESSELS));
    await notebook.shown(`load "given" ${LABELS} as l`);
    await notebook.shown('load "vessels" as v');
    await notebook.shown('quantify c with "tiny-textures" lobes from l without vessels from v as bare');
    const { density, structures, provenance } = notebook.value('bare', 'measurements');
    const inVessels = VESSELS.filter((is) => is).length;
    expect(Array.from(density.array('volume_ml'))[0]).toBeCloseTo(
      (LOBES.filter(Boolean).length - inVessels) * VOXEL_ML,
      9,
    );
    expect(structures!.objects()).toEqual([
      expect.objectContaining({
        patient: 'P01',
        region: 'vessels',
        subtracted: true,
        in_lungs_ml: expect.closeTo(inVessels * VOXEL_ML, 9),
      }),
    ]);
    expect(provenance.models.map(({ id }) => id)).toEqual(['tiny-textures']);
    expect(provenance.parameters).toEqual({ lobesFrom: 'l', without: ['vessels'] });
    // The whole lungs are another result, and the cache does not mix them up.
    await notebook.shown('quantify c with "tiny-textures" lobes from l regions vessels from v as whole');
    const whole = notebook.value('whole', 'measurements');
    expect(Array.from(whole.density.array('volume_ml'))[0]).toBeCloseTo(LOBES.filter(Boolean).length * VOXEL_ML, 9);
    expect(whole.structures!.objects()).toEqual([expect.objectContaining({ region: 'vessels', subtracted: false })]);
  });

  it('measures one file per structure, as TotalSegmentator writes them, and says which are empty', async () => {
    const notebook = await withChests('P01');
    const names = [
      'lung_upper_lobe_right',
      'lung_middle_lobe_right',
      'lung_lower_lobe_right',
      'lung_upper_lobe_left',
      'lung_lower_lobe_left',
    ];
    for (const [n, name] of names.entries())
      notebook.put(`ts/P01/${name}.nii.gz`, maskFile(LOBES.map((lobe) => (lobe === n + 1 ? 1 : 0))));
    notebook.put('ts/P01/pleural_effusion.nii.gz', maskFile(LOBES.map(() => 0)));
    expect(saidIn(await notebook.shown('load "ts" as ts'))).toContain('is empty: its effusion has no voxel');
    await notebook.shown('quantify c with "tiny-textures" lobes from ts as ai');
    const { density } = notebook.value('ai', 'measurements');
    expect(Array.from(density.array('volume_ml'))).toEqual(
      [0, 1, 2, 3, 4, 5].map((lobe) =>
        expect.closeTo((lobe ? countOf(LOBES, lobe) : LOBES.filter(Boolean).length) * VOXEL_ML, 9),
      ),
    );
  });

  it('flags labels that put the lobes on the wrong side, and blames no network', async () => {
    const notebook = await withChests('P01');
    notebook.put('l/P01.nii.gz', maskFile(LOBES));
    await notebook.shown('load "l" labels lungmask as l');
    const flags = flagsIn(await notebook.shown('quantify c with "tiny-textures" lobes from l as ai'));
    expect(flags.map(({ code }) => code)).toEqual(['mask-sides']);
    expect(flags[0]!.message).toContain('the lobes of the right lung lie on the patient’s left');
  });
});

describe('a mask that is bad', () => {
  it('is refused by name, and the others are measured', async () => {
    const notebook = await withChests('P01', 'P02', 'P03', 'P04', 'P05', 'P06');
    const shifted = { size: SIZE, affine: axisAlignedAffine([1.5, 1.5, 2], [0, 0, 600]) };
    const coarse = { size: [30, 25, 25] as const, affine: axisAlignedAffine([3, 3, 2], [0.75, 0.75, 0]) };
    const half = Int16Array.from({ length: 30 * 25 * 25 }, (_, v) => {
      const [i, j, k] = [v % 30, Math.floor(v / 30) % 25, Math.floor(v / 750)];
      return LOBES[(k * SIZE[1] + 2 * j) * SIZE[0] + 2 * i]!;
    });
    notebook.put('l/P01.nii.gz', maskFile(LOBES));
    notebook.put('l/P02.nii.gz', maskFile(LOBES, shifted));
    notebook.put('l/P03.nii.gz', maskFile(half, coarse));
    notebook.put('l/P04/lobes.nii.gz', maskFile(LOBES));
    notebook.put('l/P04/again.nii.gz', maskFile(LOBES));
    notebook.put('l/P05.nii.gz', maskFile(LOBES.map(() => 0)));
    notebook.put('l/Q99.nii.gz', maskFile(LOBES));
    const loaded = saidIn(await notebook.shown(`load "l" ${LABELS} as l`));
    expect(loaded).toContain('The mask of P05 is empty: all its voxels are 0');
    const shown = await notebook.shown('quantify c with "tiny-textures" lobes from l as ai');
    expect(saidIn(shown)).toContain('1 mask of `l` is of no CT here (Q99)');
    const flags = flagsIn(shown);
    const of = (patient: string) => flags.filter((flag) => flag.patient === patient);
    expect(of('P01')).toEqual([]);
    expect(of('P02')).toEqual([expect.objectContaining({ code: 'mask-outside', severity: 'error' })]);
    expect(of('P02')[0]!.message).toContain(
      'The mask has 60 × 50 × 25 voxels of 1.5 × 1.5 × 2 mm, the first 0.0 mm left, 0.0 mm behind and 600.0 mm above',
    );
    expect(of('P02')[0]!.message).toContain(
      'The CT has 60 × 50 × 25 voxels of 1.5 × 1.5 × 2 mm, the first 0.0 mm left',
    );
    expect(of('P03')).toEqual([expect.objectContaining({ code: 'mask-resampled', severity: 'warning' })]);
    expect(of('P04')).toEqual([expect.objectContaining({ code: 'mask-twice' })]);
    expect(of('P05')).toEqual([expect.objectContaining({ code: 'mask-missing' })]);
    expect(of('P06')).toEqual([expect.objectContaining({ code: 'mask-missing' })]);
    const { measured } = notebook.value('ai', 'measurements');
    expect(measured.map(({ patient }) => patient)).toEqual(['P01', 'P03']);
  });

  it.each([
    [
      'without names',
      maskFile(LOBES),
      'load "l.nii.gz" as l',
      /mask-labels: .*has 5 labels \(1, 2, 3, 4, 5\) and does not say what they stand for.*labels 1 RUL, 2 RML, 3 RLL/,
    ],
    [
      'of probabilities',
      floatFile(0.25),
      `load "l.nii.gz" ${LABELS} as l`,
      /mask-values: .*fractions between 0 and 1, such as 0.25: probabilities/,
    ],
    ['of fractions', floatFile(2.5), `load "l.nii.gz" ${LABELS} as l`, /mask-values: .*labels are whole numbers/],
    ['of no numbers', floatFile(Number.NaN), `load "l.nii.gz" ${LABELS} as l`, /mask-values: .*no number \(NaN\)/],
    ['that is all zero', maskFile(LOBES.map(() => 0)), 'load "l.nii.gz" as l', /empty-mask: .*all its voxels are 0/],
    [
      'of none of the labels',
      maskFile(LOBES),
      'load "l.nii.gz" labels 7 RUL as l',
      /mask-labels: .*none of those that `labels` names/,
    ],
    [
      'with one label twice',
      maskFile(LOBES),
      'load "l.nii.gz" labels 1 RUL, 1 RML as l',
      /mask-labels: `labels` names the label 1 twice/,
    ],
  ])('%s is refused with what to do', async (_, file, statement, message) => {
    const notebook = startSession();
    notebook.put('l.nii.gz', file);
    expect(await notebook.problem(statement)).toMatch(message);
  });

  it('of 300 labels is read by those that are named', async () => {
    const notebook = startSession();
    notebook.put('l.nii.gz', maskFile(LOBES.map((_, v) => v % 301)));
    expect(saidIn(await notebook.shown('load "l.nii.gz" labels 7 RUL as l'))).toContain(
      '299 labels of the mask of l are not used, since `labels` does not name them: 1, 2, 3, 4, 5, 6',
    );
    expect(notebook.value('l', 'masks').masks.files[0]!.segments).toEqual([{ key: 7, structure: 'RUL' }]);
    expect(await notebook.problem('load "l.nii.gz" labels own as m')).toContain('has 300 labels');
  });

  it('which lacks lobes is refused with their names', async () => {
    const notebook = await withChests('P01');
    notebook.put('l/P01.nii.gz', maskFile(LOBES));
    await notebook.shown('load "l" labels 1 RUL, 3 RLL, 4 LUL, 5 LLL as l');
    expect(await notebook.problem('quantify c lobes from l with "tiny-textures" as ai')).toContain(
      'have no RML: a file may be missing',
    );
  });

  it('which knows both lungs as one is refused with what to name', async () => {
    const notebook = await withChests('P01');
    notebook.put('l/P01.nii.gz', maskFile(LOBES.map((lobe) => Math.min(lobe, 1))));
    await notebook.shown('load "l" labels 1 lungs as l');
    expect(await notebook.problem('quantify c lobes from l with "tiny-textures" as ai')).toMatch(
      /have no lobes \(lungs alone\).*`labels 1 right-lung, 2 left-lung`/s,
    );
  });

  it('whose whole numbers are floating-point is read', async () => {
    const notebook = startSession();
    notebook.put('l.nii.gz', floatFile(3));
    await notebook.shown('load "l.nii.gz" labels 3 RUL as l');
    expect(notebook.value('l', 'masks').masks.files).toHaveLength(1);
  });

  it('stays beside CTs what it was, unless it is asked for', async () => {
    const notebook = await withChests('P01');
    notebook.put('cohort/P01/lobes.nii.gz', maskFile(LOBES));
    await notebook.shown('load "cohort" as again');
    expect(notebook.value('again', 'cohort').cohort.problems.map(({ code }) => code)).toContain('label-map');
    await notebook.shown(`load "cohort" ${LABELS} as l`);
    expect(notebook.value('l', 'masks').masks.files).toHaveLength(1);
  });
});

describe('masks of right and left lung, as lungmask’s R231 draws them', () => {
  const SIDES = LOBES.map((lobe) => (lobe === 0 ? 0 : lobe <= 3 ? 1 : 2));
  const measured = async (series = 'labels 1 right-lung, 2 left-lung') => {
    const notebook = await withChests('P01');
    notebook.put('lungs/P01.nii.gz', maskFile(SIDES));
    notebook.put('lobes/P01.nii.gz', maskFile(LOBES));
    notebook.put('textures/P01.nii.gz', maskFile(CLASSES));
    await notebook.shown(
      `load "lungs" ${series} as l\nload "lobes" ${LABELS} as five\nload "textures" ${TEXTURES} as t`,
    );
    const shown = await notebook.shown('quantify c lobes from l textures from t as ai');
    return { notebook, flags: flagsIn(shown) };
  };

  it('measure the lungs together and each by itself, and say that there are no lobes', async () => {
    const { notebook, flags } = await measured('labels lungmask');
    expect(flags.map(({ code, severity }) => [code, severity])).toEqual([['mask-incomplete', 'info']]);
    const { table, density } = notebook.value('ai', 'measurements');
    const regions = ['total', 'right-lung', 'left-lung'];
    expect([...new Set(Array.from(table.array('region'), String))]).toEqual(regions);
    const both = Array.from(SIDES, (side, v) => [side, CLASSES[v]!] as const);
    const ggoLeft = both.filter(([side, texture]) => side === 2 && texture === 2).length;
    const rows = table.objects() as { region: string; class: string; volume_ml: number; percent: number }[];
    const row = rows.find((one) => one.region === 'left-lung' && one.class === 'ggo')!;
    expect(row.volume_ml).toBeCloseTo(ggoLeft * VOXEL_ML, 9);
    expect(row.percent).toBeCloseTo((100 * ggoLeft) / countOf(SIDES, 2), 9);
    const volumes = density.objects() as { region: string; volume_ml: number }[];
    expect(volumes.map(({ region, volume_ml }) => [region, volume_ml])).toEqual([
      ['total', expect.closeTo((countOf(SIDES, 1) + countOf(SIDES, 2)) * VOXEL_ML, 9)],
      ['right-lung', expect.closeTo(countOf(SIDES, 1) * VOXEL_ML, 9)],
      ['left-lung', expect.closeTo(countOf(SIDES, 2) * VOXEL_ML, 9)],
    ]);
    const summary = await notebook.last('table', 'summarise ai by region');
    expect(summary.columns.map(({ label }) => label)).toEqual(['Class', 'Whole lungs', 'Right lung', 'Left lung']);
  });

  it('are summed, placed, compared and shown as the same lungs with lobes are', async () => {
    const { notebook } = await measured();
    await notebook.shown('quantify c lobes from five textures from t as lobar');
    const at = (rows: readonly Record<string, unknown>[], ...own: readonly string[]) =>
      rows.filter(({ region, class: name }) => own.includes(`${region} ${name}`)).map(({ volume_ml }) => volume_ml);
    const ours = notebook.value('ai', 'measurements').table.objects() as Record<string, unknown>[];
    const theirs = notebook.value('lobar', 'measurements').table.objects() as Record<string, unknown>[];
    const sum = (values: readonly unknown[]) => values.reduce<number>((all, value) => all + Number(value), 0);
    expect(sum(at(ours, 'right-lung ggo'))).toBeCloseTo(sum(at(theirs, 'RUL ggo', 'RML ggo', 'RLL ggo')), 9);
    expect(at(ours, 'total ggo')).toEqual(at(theirs, 'total ggo'));
    await notebook.shown('quantify c lobes from l textures from t by zone as placed');
    await notebook.shown('quantify c lobes from five textures from t by zone as lobarPlaced');
    const zones = (name: string) =>
      (notebook.value(name, 'measurements').table.objects() as Record<string, unknown>[]).filter(({ region }) =>
        String(region).includes('-upper-'),
      );
    expect(zones('placed').length).toBeGreaterThan(0);
    expect(zones('placed')).toEqual(zones('lobarPlaced'));
    const overlap = await notebook.rows('agree ai with lobar on voxels by region as overlap');
    expect(overlap.filter((row) => row.class === null).map(({ region, dice }) => [region, dice])).toEqual([
      ['total', 1],
      ['right-lung', 1],
      ['left-lung', 1],
    ]);
    const view = await notebook.last('slices', 'show c "P01" overlay ai');
    expect(view.report!.rows.map(({ region }) => region)).toEqual(['total', 'right-lung', 'left-lung']);
  }, 60_000);

  it('are written as whole lungs, and come back as they were', async () => {
    const { notebook } = await measured();
    await notebook.shown('export ai labels to "out" format nifti, nrrd, sr');
    await notebook.shown('load "out/P01/lobes.seg.nrrd" as back');
    await notebook.shown('quantify c lobes from back textures from t as again');
    const of = (name: string) => notebook.value(name, 'measurements').table.objects();
    expect(of('again')).toEqual(of('ai'));
  }, 60_000);
});

describe('agree … on voxels', () => {
  it('compares masks with measurements of other masks, the worst first', async () => {
    const notebook = await withChests('P01', 'P02');
    const moved = LOBES.map((_, v) => LOBES[v - 2] ?? 0);
    for (const patient of ['P01', 'P02']) {
      notebook.put(`a/${patient}/lobes.nii.gz`, maskFile(LOBES));
      notebook.put(`a/${patient}/textures.nii.gz`, maskFile(CLASSES.map((label) => (label ? label + 10 : 0))));
    }
    notebook.put('b/P01.nii.gz', maskFile(LOBES));
    notebook.put('b/P02.nii.gz', maskFile(moved));
    await notebook.shown(`load "a" ${LABELS}, 11 normal, 12 ggo, 15 honeycombing as a`);
    await notebook.shown(`load "b" ${LABELS} as b`);
    await notebook.shown('quantify c lobes from a textures from a as ai');
    const rows = await notebook.rows('agree ai with b on voxels by region as same');
    expect(rows.map(({ region, patient }) => `${region} ${patient}`).slice(0, 4)).toEqual([
      'total P02',
      'total P01',
      'RUL P02',
      'RUL P01',
    ]);
    const both = LOBES.filter((lobe, v) => lobe === 1 && moved[v] === 1).length;
    expect(rows[2]).toMatchObject({
      dice: expect.closeTo(both / countOf(LOBES, 1), 12),
      left_ml: expect.closeTo(countOf(LOBES, 1) * VOXEL_ML, 9),
      difference_ml: expect.closeTo(0, 9),
      hd95_mm: expect.closeTo(3, 9),
    });
    expect(rows[3]).toMatchObject({ dice: 1, surface_mean_mm: 0, hd95_mm: 0, worst_slice: null });
    const view = notebook.views.find((one) => one.type === 'table')!;
    const reply = await notebook.session.patientSlices({
      handle: view.patientsHandle!,
      patient: 'P02',
      class: '',
      region: 'RUL',
      series: String(rows[2]!.series),
      slice: Number(rows[2]![view.sliceColumn!]),
    });
    if ('problem' in reply) throw new Error(reply.problem);
    expect(reply.view).toMatchObject({ patient: 'P02', index: Number(rows[2]!.worst_slice) - 1 });
    // Masks alone are compared on their own grid.
    const masks = await notebook.rows('agree a with b on voxels as alone');
    expect(masks.map(({ patient, dice }) => [patient, dice])).toEqual([
      ['P02', expect.closeTo(Number(rows[0]!.dice), 12)],
      ['P01', 1],
    ]);
  });
});

describe('what export writes', () => {
  it('comes back without one wrong voxel, in every form', async () => {
    const notebook = await withChests('P01', 'P 2');
    for (const patient of ['P01', 'P 2']) {
      notebook.put(`l/${patient}/lobes.nii.gz`, maskFile(LOBES));
      notebook.put(`t/${patient}/textures.nii.gz`, maskFile(CLASSES));
    }
    await notebook.shown(`load "l" ${LABELS} as l`);
    await notebook.shown(`load "t" ${TEXTURES} as t`);
    await notebook.shown('quantify c lobes from l textures from t as ai');
    for (const [n, format] of ['nifti', 'nrrd', 'mha', 'seg', 'seg-labelmap'].entries()) {
      await notebook.shown(`export ai labels to "masks${n}" format ${format}`);
      await notebook.shown(`load "masks${n}" as m${n}`);
      const rows = await notebook.rows(`agree ai with m${n} on voxels by region as same${n}`);
      expect(new Set(rows.map(({ patient }) => patient))).toEqual(new Set(['P01', 'P 2']));
      expect(rows.every(({ dice, hd95_mm }) => dice === 1 && hd95_mm === 0)).toBe(true);
      expect(rows.filter((row) => row.class !== null).length).toBeGreaterThan(10);
    }
    expect(flagsIn(await notebook.shown('quantify c lobes from m3 textures from m3 as again'))).toEqual([]);
    const [ai, again] = ['ai', 'again'].map((name) => notebook.value(name, 'measurements'));
    expect(again!.density.objects()).toEqual(ai!.density.objects());
  });
});
