/** Masks of other programs in the place of networks: loaded, matched, measured with, and refused where they do not belong. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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

const [LOBES, CLASSES, HU] = [lobes(), textures(), chest().hu];

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
});
