/** Masks that were edited by hand: measured with, with a model where there are none, and told of in all that is made of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EditRecord } from '../../../src/kernel/masks/editing/editRecord.ts';
import type { Mask } from '../../../src/kernel/masks/mask.ts';
import { LOBE_SEGMENTS, textureSegments } from '../../../src/kernel/masks/segments.ts';
import { segNrrdOf } from '../../../src/kernel/masks/write/nrrd.ts';
import type { Layer } from '../../../src/protocol/painting/brush.ts';
import { startSession, type TestSession } from '../../harness/session.ts';
import { writeSeries } from '../ct/helpers.ts';
import { chest, lobes, textures, VOXEL_ML } from '../masks/helpers.ts';

const OWN = { name: 'traction-bronchiectasis', letter: 'T', colour: '#ff8800' };
const SINCE = { id: 'lung-texture', version: '1.0.0', sha256: 'ab'.repeat(32), licence: 'MIT' };
const SAID = 'textures of 1 CT, 12 voxels (0.054 ml) changed since lung-texture 1.0.0 (SHA-256 abababababab)';

function edited(layer: Layer, changedVoxels: number): Promise<Uint8Array> {
  const record: EditRecord = {
    layer,
    changedVoxels,
    changedMl: changedVoxels * VOXEL_ML,
    since: SINCE,
    decided: [],
    from: 'f',
    ct: 'c',
    ownClasses: layer === 'textures' ? [OWN] : [],
  };
  const { size, affine } = chest();
  const labels = Uint8Array.from(layer === 'lobes' ? lobes() : textures());
  // Honeycombing becomes the model's own class.
  const own = layer === 'lobes' ? labels : labels.map((label) => (label === 5 ? 7 : label));
  const segments = (layer === 'lobes' ? LOBE_SEGMENTS : textureSegments([OWN])).map((one, n) => ({
    ...one,
    value: n + 1,
  }));
  const maker = { software: 'LungNB', version: '1', model: SINCE, decisions: [], edited: { record } };
  return segNrrdOf({ size, affine, labels: own, title: layer, segments, maker } satisfies Mask);
}

let notebook: TestSession;
beforeAll(async () => {
  notebook = startSession();
  for (const patient of ['P01', 'P02']) writeSeries(join(notebook.folder, 'cohort', patient), chest(), patient);
  notebook.put('n.masks/P01/series-1_lobes.seg.nrrd', await edited('lobes', 0));
  notebook.put('n.masks/P01/series-1_textures.seg.nrrd', await edited('textures', 12));
  await notebook.shown('load "cohort" as c');
  await notebook.shown('load "n.masks/" as edited');
  await notebook.shown(
    'quantify c lobes from edited else "tiny-lobes" textures from edited else "tiny-textures" as corrected',
  );
}, 240_000);

describe('masks that were edited by hand', () => {
  it('are measured with the classes that their model brought, and the other CTs with the models', () => {
    const { table, measured, provenance } = notebook.value('corrected', 'measurements');
    const rows = table.objects() as { patient: string; region: string; class: string; volume_ml: number }[];
    const of = (patient: string, name: string) =>
      rows.find((row) => row.patient === patient && row.region === 'total' && row.class === name)?.volume_ml;
    const voxels = textures().filter((label) => label === 5).length;
    expect(of('P01', OWN.name)).toBeCloseTo(voxels * VOXEL_ML, 9);
    expect(of('P01', 'honeycombing')).toBe(0);
    expect(measured.map(({ patient }) => patient)).toEqual(['P01', 'P02']);
    expect(of('P02', 'normal')).toBeGreaterThan(0);
    expect(provenance.models.map(({ id }) => id)).toEqual(['tiny-lobes', 'tiny-textures']);
    expect(provenance.parameters.editedByHand).toEqual([SAID]);
  });

  it.each([
    ['filter corrected where region == "total" as one', 'one', 'measurements'],
    ['score corrected at 1, 25, 50, 75 as scored', 'scored', 'measurements'],
    ['derive corrected fibrosis = reticulation + honeycombing as derived', 'derived', 'measurements'],
    ['agree corrected with corrected by region for ggo as ag', 'ag', 'agreement'],
    ['agree corrected with edited on voxels as overlap', 'overlap', 'table'],
    ['summarise corrected by region as sum', 'sum', 'table'],
    ['join corrected with corrected on patient, series, region, class as both', 'both', 'measurements'],
  ] as const)('are told of in what `%s` gives', async (source, name, kind) => {
    const shown = await notebook.shown(`${source}\nshow ${name}`);
    expect(notebook.value(name, kind).provenance.parameters.editedByHand).toEqual([SAID]);
    expect(shown.some((view) => 'provenance' in view && view.provenance?.parameters.editedByHand)).toBe(true);
    expect(notebook.outputs.at(-1)!.text).toContain(`Edited by hand: ${SAID}.`);
  });

  it('are told of where they are loaded, and beside the slices of their CT alone', async () => {
    const rows = await notebook.rows('describe edited');
    expect(rows.map(({ edited: own }) => own)).toEqual([
      null,
      '12 voxels (0.054 ml) of the textures changed since lung-texture 1.0.0 (SHA-256 abababababab)',
    ]);
    const view = await notebook.last('slices', 'show c "P01" overlay corrected');
    expect(view.edited).toEqual([rows[1]!.edited]);
    expect((await notebook.last('slices', 'show c "P02" overlay corrected')).edited).toBeUndefined();
  });

  it('are told of in the metadata of tables, and in masks', async () => {
    await notebook.shown('export corrected to "t.parquet"\nexport corrected to "t.arrow"');
    const parquet = readFileSync(join(notebook.folder, 't.parquet'));
    const bytes = parquet.buffer.slice(parquet.byteOffset, parquet.byteOffset + parquet.byteLength);
    const { key_value_metadata: notes } = parquetMetadata(bytes as ArrayBuffer);
    expect(notes).toContainEqual({ key: 'lungnb_by_hand', value: `Edited by hand: ${SAID}.` });
    expect(readFileSync(join(notebook.folder, 't.arrow'), 'latin1')).toContain(`Edited by hand: ${SAID}.`);
    await notebook.shown('export corrected labels to "out/" format nrrd');
    const nrrd = (patient: string) => readFileSync(join(notebook.folder, `out/${patient}/textures.seg.nrrd`), 'latin1');
    expect(nrrd('P01')).toContain(
      'LungNB_EditedByHand:=12 voxels (0.054 ml) of the textures changed since lung-texture',
    );
    expect(nrrd('P02')).not.toContain('EditedByHand');
  });

  it('want a model named with `else` where a CT has none, and say who is missing without', async () => {
    const shown = await notebook.shown('quantify c lobes from edited textures from edited as only');
    const flags = shown.flatMap((view) => (view.type === 'messages' ? (view.flags ?? []) : []));
    expect(flags.map(({ patient, code }) => [patient, code])).toEqual([['P02', 'mask-missing']]);
    expect(await notebook.problem('quantify c textures from edited else "tinytextures" as x')).toMatch(/tiny-textures/);
  });
});
