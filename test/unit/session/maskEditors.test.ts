/** Masks edited by hand as a viewer asks for it: what is kept, what is saved, and what is found again. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { readSeries } from '../../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import { discoverMasks } from '../../../src/kernel/masks/discoverMasks.ts';
import { placeMasks } from '../../../src/kernel/masks/placing/placeMasks.ts';
import { maskFilesOf } from '../../../src/kernel/masks/write/maskFiles.ts';
import { createMaskEditors } from '../../../src/kernel/session/maskEditing/maskEditors.ts';
import { maskStatements } from '../../../src/kernel/session/maskEditing/statements.ts';
import type { MeasuredSeries } from '../../../src/kernel/values/value.ts';
import type { ViewerOverlay, ViewerSource } from '../../../src/kernel/views/viewerSource.ts';
import type { WriteQuestion } from '../../../src/protocol/kernelApi.ts';
import type { MaskEdit, MaskEditReply } from '../../../src/protocol/painting/editing.ts';
import { temporaryFolder } from '../ct/helpers.ts';
import { MAKERS, MASK_CASES, type MaskCase, requestOf, writeCt } from '../masks/maskCases.ts';

const WANTED = { lobes: true, textures: true, others: [], allOfLungs: false };
const BRUSH = { layer: 'textures', label: 6, withinLung: true } as const;
const dab = (index: number, x: number, y: number, radiusMm = 2): MaskEdit => ({
  act: 'stroke',
  brush: BRUSH,
  stroke: { plane: 'axial', index, path: [[x, y]], radiusMm, isBall: true },
});

let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A CT of a case as a viewer shows it, with a study's folder of its own. */
async function shown(one: MaskCase, name = one.name) {
  const study = join(folder, name);
  const ct = join(study, 'ct');
  writeCt(ct, one);
  const { patients } = await discoverCohort(ct, unattended);
  const series = patients[0]!.series[0]!;
  const { sha256 } = await readSeries(series, unattended);
  const { lobes, textures } = await requestOf(ct, 'P/1');
  const model = (task: 'lobes' | 'textures') => ({
    folder: task,
    manifest: { ...MAKERS[task].model, task, output: { labels: [] } },
  });
  // SAFETY: of a measured CT, editing asks for no more.
  const measured = {
    patient: 'P/1',
    series,
    sha256,
    cacheKey: 'key',
    models: { lobes: model('lobes'), textures: model('textures') },
    decisions: undefined,
  } as unknown as MeasuredSeries;
  const overlay: ViewerOverlay = {
    measured,
    key: 'k',
    maps: async () => ({ lobes, textures, tables: { measurements: [] } }),
  };
  const grid = { size: lobes.size, affine: lobes.affine, sha256 };
  const source: ViewerSource = { series, grid, overlay };
  const asked: WriteQuestion[] = [];
  const answers = { allow: false };
  const open = () =>
    createMaskEditors({
      images: {
        place: ({ grid: own, masks, wanted }, task) => placeMasks(masks, own, wanted, task),
        slice: () => Promise.reject(new Error('no Hounsfield units are asked for')),
      },
      sourceOf: (handle) => (handle === 'h' ? source : undefined),
      options: { notebookFolder: study, notebookFile: join(study, 'n.lungnb'), cacheFolder: join(study, 'cache') },
      makeFiles: maskFilesOf,
      ask: async (question) => {
        asked.push(question);
        return answers.allow ? { allowed: true } : { allowed: false, advice: '' };
      },
    });
  const editors = { now: open() };
  const edit = async (wanted: MaskEdit) => stateOf(await editors.now.editMask({ handle: 'h', edit: wanted, look: [] }));
  return {
    study,
    lobes,
    textures,
    grid,
    source,
    measured,
    asked,
    answers,
    edit,
    /** The kernel was killed, and another one opens the notebook. */
    restart() {
      editors.now = open();
    },
    journals: () => {
      const at = join(study, 'cache/unsaved-masks');
      return existsSync(at) ? readdirSync(at).map((file) => join(at, file)) : [];
    },
    masks: () => discoverMasks(join(study, 'n.masks'), { by: 'file' }, unattended),
  };
}

function stateOf(reply: MaskEditReply) {
  if ('problem' in reply) throw new Error(reply.problem);
  return reply;
}

const AXIAL = MASK_CASES.find(({ name }) => name === 'axial')!;

describe.each(MASK_CASES)('edited masks of a CT that is $name', (one) => {
  it('are read again to the voxel, with what was edited since which model', async () => {
    const { edit, masks, grid, textures, lobes } = await shown(one);
    const { state } = await edit(dab(5, 5, 4));
    expect(state.layers.textures.changedVoxels).toBeGreaterThan(0);
    const { state: saved } = await edit({ act: 'save' });
    expect([saved.isSaved, saved.folder]).toEqual([true, 'n.masks']);
    const { files, problems } = await masks();
    expect([files.length, problems]).toEqual([2, []]);
    expect(files.map(({ owner }) => owner.label)).toEqual(['P%2F1', 'P%2F1']);
    const placed = await placeMasks({ name: 'm', files, digest: '' }, grid, WANTED, unattended);
    expect(placed.remarks).toEqual([]);
    expect(placed.lobes).toEqual(lobes.labels);
    const differing = placed.textures!.reduce((sum, label, v) => sum + Number(label !== textures.labels[v]), 0);
    expect(differing).toBe(state.layers.textures.changedVoxels);
    const record = files.find(({ edited }) => edited?.layer === 'textures')!.edited!;
    expect([record.changedVoxels, record.since]).toEqual([differing, MAKERS.textures.model]);
  });
});

describe('what is edited', () => {
  it('comes back after a kernel that was killed, but for an act that was being written', async () => {
    const { edit, restart, journals, masks } = await shown(AXIAL, 'killed');
    await edit(dab(5, 5, 4));
    const { state } = await edit(dab(8, 3, 3));
    await edit(dab(2, 7, 7));
    const [journal] = journals();
    const text = readFileSync(journal!, 'latin1');
    writeFileSync(journal!, text.slice(0, text.length - 5));
    restart();
    const again = await edit({ act: 'open' });
    expect(again.note).toBe('What was edited before and not saved is here again.');
    expect(again.state.layers).toEqual(state.layers);
    expect([again.state.isSaved, again.state.canUndo]).toEqual([false, true]);
    await edit({ act: 'undo' });
    restart();
    expect((await edit({ act: 'open' })).state.layers.textures.changedVoxels).toBeLessThan(
      state.layers.textures.changedVoxels,
    );
    await edit({ act: 'save' });
    expect(journals()).toEqual([]);
    expect((await masks()).files).toHaveLength(2);
  });

  it('goes on from the file that was saved, counts from the model, and can be taken back to it', async () => {
    const { edit, restart, textures } = await shown(AXIAL, 'going on');
    const before = await edit(dab(5, 5, 4));
    await edit({ act: 'save' });
    restart();
    const again = await edit({ act: 'open' });
    expect([again.state.layers, again.state.isSaved]).toEqual([before.state.layers, true]);
    const label = textures.labels[5 * 90 + 4 * 10 + 5]!;
    await edit({
      act: 'stroke',
      brush: { ...BRUSH, label },
      stroke: { plane: 'axial', index: 5, path: [[5.5, 4.5]], radiusMm: 0.1, isBall: false },
    });
    const { state } = await edit({ act: 'open' });
    // One voxel is as the model had it again, if it was in the lungs at all.
    expect(before.state.layers.textures.changedVoxels - state.layers.textures.changedVoxels).toBe(label ? 1 : 0);
  });

  it('is written over nobody else’s file without a yes', async () => {
    const { edit, study, asked, answers } = await shown(AXIAL, 'foreign');
    await edit(dab(5, 5, 4));
    await edit({ act: 'save' });
    const file = join(study, 'n.masks/P%2F1/series-1_textures.seg.nrrd');
    const theirs = Buffer.concat([readFileSync(file), Buffer.from('x')]);
    writeFileSync(file, theirs);
    const act = await edit(dab(2, 5, 4));
    await expect(edit({ act: 'save' })).rejects.toThrow(/changed by somebody else.*Nothing was saved/s);
    expect(asked.map(({ kind }) => kind)).toEqual(['overwrite']);
    expect(readFileSync(file)).toEqual(theirs);
    expect((await edit({ act: 'open' })).state.layers).toEqual(act.state.layers);
    answers.allow = true;
    expect((await edit({ act: 'save' })).state.isSaved).toBe(true);
    expect(readFileSync(file)).not.toEqual(theirs);
  });

  // One that has gone stands for one that is read only, which root could write all the same.
  it('cannot be saved in a folder that cannot be written, which is said at once', async () => {
    const { edit, study } = await shown(AXIAL, 'read only');
    renameSync(study, `${study} moved`);
    const { state } = await edit({ act: 'open' });
    expect(state.cannotSave).toMatch(/may not be written/);
  });

  it('of an edited mask that is measured goes on counting since the model', async () => {
    const first = await shown(AXIAL, 'twice');
    const { state } = await first.edit(dab(5, 5, 4));
    await first.edit({ act: 'save' });
    const { files } = await first.masks();
    const placed = await placeMasks({ name: 'm', files, digest: '' }, first.grid, WANTED, unattended);
    const given = { name: 'edited', files, digest: 'd' };
    const map = (labels: Uint8Array) => ({ size: first.grid.size, affine: first.grid.affine, labels });
    const measured = { ...first.measured, cacheKey: 'other', models: { lobes: given, textures: given } };
    const overlay: ViewerOverlay = {
      measured,
      key: 'o',
      maps: async () => ({ lobes: map(placed.lobes!), textures: map(placed.textures!), tables: { measurements: [] } }),
    };
    // The folder is elsewhere: what was loaded is all there is.
    cpSync(join(first.study, 'n.masks'), join(first.study, 'elsewhere'), { recursive: true });
    rmSync(join(first.study, 'n.masks'), { recursive: true });
    mkdirSync(join(first.study, 'n.masks'));
    const moved = files.map((file) => ({
      ...file,
      sources: file.sources.map((source) => ({ ...source, file: source.file.replace('n.masks', 'elsewhere') })),
    }));
    given.files = moved;
    Object.assign(first.source, { overlay });
    first.restart();
    const again = await first.edit({ act: 'open' });
    expect(again.state.layers).toEqual(state.layers);
  });

  it('has no label of the patient in what is kept of it', async () => {
    const { edit, journals } = await shown(AXIAL, 'private');
    await edit(dab(5, 5, 4));
    const [journal] = journals();
    expect(journal).not.toMatch(/P.?1\b/);
    expect(readFileSync(journal!, 'latin1')).toMatch(/^[\w+/= \n]+$/);
  });

  it('refuses what is no label, no slice and no viewer', async () => {
    const { edit } = await shown(AXIAL, 'refused');
    await expect(edit(dab(99, 5, 4))).rejects.toThrow('This place does not exist');
    const stroke = dab(5, 5, 4) as Extract<MaskEdit, { act: 'stroke' }>;
    await expect(edit({ ...stroke, brush: { ...BRUSH, label: 9 } })).rejects.toThrow('none of the map’s');
  });
});

describe('the statements that measure with edited masks', () => {
  // SAFETY: of models, their names are all that statements have.
  const models = {
    lobes: { manifest: { id: 'lung-lobes' } },
    textures: { manifest: { id: 'own-textures' } },
  } as unknown as MeasuredSeries['models'];
  const of = (...sources: string[]) =>
    maskStatements(
      sources.map((source, n) => ({ cellId: `c${n}`, source })),
      'n.masks',
      { models },
    );

  it('are new, with names that are free, and measure other CTs as before', () => {
    expect(of('load "cohort/" as all', 'quantify all as edited')).toEqual({
      source:
        'load "n.masks/" as edited2\nquantify all lobes from edited2 else "lung-lobes" textures from edited2 else "own-textures" as corrected',
    });
  });

  it('are those that are there', () => {
    const cells = ['load "c/" as c', 'quantify c as ai', 'load "./n.masks/" as e', 'quantify c lobes from e as own'];
    expect(of(...cells)).toEqual({ cellIds: ['c2', 'c3'] });
  });

  it('say what is missing', () => {
    expect(of('load "scores.csv" as reader')).toEqual({ problem: expect.stringContaining('no statement') });
  });
});
