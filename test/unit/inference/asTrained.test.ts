/** The same labels as nnU-Net and lungmask themselves give (test/reference/networks). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { orderOfOrientation, reorderData, reorderGrid } from '../../../src/kernel/ct/geometry/orientation.ts';
import { labelsAsTrained } from '../../../src/kernel/inference/asTrained/onCt.ts';
import { importModel } from '../../../src/kernel/inference/import/importModel.ts';
import { findModel, type Model, openModel } from '../../../src/kernel/inference/model.ts';
import { LOBES } from '../../../src/protocol/names.ts';
import { diceOf, drawnChest, foundBy, NETWORKS } from './networks.ts';

const into = mkdtempSync(join(tmpdir(), 'lungnb-imported-'));
afterAll(() => rmSync(into, { recursive: true }));

const models = new Map<string, Promise<Model>>();

function imported(folder: string): Promise<Model> {
  const known = models.get(folder) ?? importedAnew(folder);
  models.set(folder, known);
  return known;
}

async function importedAnew(folder: string): Promise<Model> {
  const result = await importModel({ folder: join(NETWORKS, folder), into, labels: new Map() });
  if (result.kind !== 'imported') throw new Error(result.command);
  return openModel(await findModel([into], result.manifest.id, 'lobes'), 1);
}

/** Label values of the other program as places among LOBES, from 1 on. */
function asLobes(found: Uint8Array, { manifest }: Model): Uint8Array {
  const names: readonly (string | null)[] = LOBES;
  const places = manifest.output.labels.map((label) => names.indexOf(label) + 1);
  return found.map((value) => places[value]!);
}

/** With the first members of the ensemble alone, with or without mirroring. */
function changed(model: Model, folds: number, mirrored: boolean): Model {
  const { manifest } = model;
  // SAFETY: a manifest with another list of axes is one still.
  const own = mirrored ? manifest : ({ ...manifest, input: { ...manifest.input, mirror: [] } } as typeof manifest);
  return { ...model, manifest: own, sessions: model.sessions.slice(0, folds) };
}

const found = new Map<string, Uint8Array>();

/** What the kernel makes of the chest, each only once. */
async function labelsOf(model: Model, chest: 'thin' | 'thick'): Promise<Uint8Array> {
  const { manifest, sessions } = model;
  const key = JSON.stringify([manifest.id, manifest.input.mirror, sessions.length, chest]);
  const labels = found.get(key) ?? (await labelsAsTrained(model, drawnChest(chest), unattended)).labels;
  found.set(key, labels);
  return labels;
}

/** The least Dice coefficient of any label. */
async function leastDice(model: Model, chest: 'thin' | 'thick', program: string): Promise<number> {
  const labels = await labelsOf(model, chest);
  const dice = diceOf(labels, asLobes(foundBy(program, chest), model));
  expect(dice.length).toBeGreaterThan(2);
  return Math.min(...dice);
}

// The thin slices are resampled in all axes at once, the thick ones each by itself.
describe('the same labels as', () => {
  it.each([
    ['nnunet-3d_fullres', 'thin', 1, true],
    ['nnunet-3d_fullres', 'thin', 2, false],
    ['nnunet-3d_fullres', 'thick', 1, false],
    ['nnunet-3d_fullres', 'thick', 2, true],
    ['nnunet-2d', 'thin', 1, false],
    ['nnunet-2d', 'thick', 1, true],
  ] as const)('%s on %s slices with %i folds, mirrored: %s', async (folder, chest, folds, mirrored) => {
    const model = changed(await imported(folder), folds, mirrored);
    const program = `${folder.slice('nnunet-'.length)}-${folds}${mirrored ? '-mirrored' : ''}`;
    expect(await leastDice(model, chest, program)).toBeGreaterThan(0.9999);
  });

  it('nnU-Net as it comes, but for voxels that its sums in half precision turn', async () => {
    const model = changed(await imported('nnunet-3d_fullres'), 1, true);
    const labels = await labelsOf(model, 'thin');
    const expected = asLobes(foundBy('3d_fullres-1-mirrored-half', 'thin'), model);
    const lungs = (map: Uint8Array) => map.map((label) => (label ? 1 : 0));
    expect(diceOf(lungs(labels), lungs(expected))[0]).toBeGreaterThan(0.999);
    expect(labels.filter((label, v) => label !== expected[v]).length / labels.length).toBeLessThan(0.0003);
  });

  it.each(['thin', 'thick'] as const)('lungmask on %s slices', async (chest) => {
    expect(await leastDice(await imported('lungmask-lobes'), chest, 'lungmask')).toBeGreaterThan(0.999);
  });
});

it('a network that was trained on arrays turned otherwise gives the same labels', async () => {
  const chest = drawnChest('thin');
  const one = changed(await imported('nnunet-3d_fullres'), 1, false);
  const expected = await labelsAsTrained(one, chest, unattended);
  // The chest as an array of RAI, and a manifest that calls its axes so: what the network sees is the same.
  const order = orderOfOrientation('RAI');
  const turned = { ...reorderGrid(chest, order), hu: reorderData(chest.hu, chest.size, order) };
  // SAFETY: a manifest with another orientation is one still.
  const manifest = { ...one.manifest, input: { ...one.manifest.input, orientation: 'RAI' } } as typeof one.manifest;
  const { labels } = await labelsAsTrained({ ...one, manifest }, turned, unattended);
  expect(reorderData(labels, turned.size, order)).toEqual(expected.labels);
});
