/** The same labels as nnU-Net and lungmask themselves give (test/reference/networks). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LOBES } from '../../../src/protocol/names.ts';
import { unattended } from '../../../src/kernel/base/task.ts';
import { orderOfOrientation, reorderData, reorderGrid } from '../../../src/kernel/ct/geometry/orientation.ts';
import { labelsAsTrained } from '../../../src/kernel/inference/asTrained/onCt.ts';
import { importModel } from '../../../src/kernel/inference/import/importModel.ts';
import { findModel, type Model, openModel } from '../../../src/kernel/inference/model.ts';
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
  const places = manifest.output.labels.map((label) => LOBES.findIndex((lobe) => lobe === label) + 1);
  return found.map((value) => places[value]!);
}

/** With the first members of the ensemble alone, with or without mirroring. */
function changed(model: Model, folds: number, mirrored: boolean): Model {
  const { manifest } = model;
  // SAFETY: a manifest with another list of axes is one still.
  const own = mirrored ? manifest : ({ ...manifest, input: { ...manifest.input, mirror: [] } } as typeof manifest);
  return { ...model, manifest: own, sessions: model.sessions.slice(0, folds) };
}

describe.each(['thin', 'thick'] as const)('on the %s slices of a drawn chest', (chest) => {
  it.each([
    [1, true],
    [1, false],
    [2, true],
    [2, false],
  ] as const)('%i folds of a 3D nnU-Net, mirrored: %s, give its own labels', async (folds, mirrored) => {
    const model = changed(await imported('nnunet-3d_fullres'), folds, mirrored);
    const { labels } = await labelsAsTrained(model, drawnChest(chest), unattended);
    const expected = asLobes(foundBy(`3d_fullres-${folds}${mirrored ? '-mirrored' : ''}`, chest), model);
    expect(diceOf(labels, expected).length).toBeGreaterThan(2);
    expect(Math.min(...diceOf(labels, expected))).toBeGreaterThan(0.999);
  });

  it.each([true, false])('a 2D nnU-Net, mirrored: %s, gives its own labels', async (mirrored) => {
    const model = changed(await imported('nnunet-2d'), 1, mirrored);
    const { labels } = await labelsAsTrained(model, drawnChest(chest), unattended);
    const expected = asLobes(foundBy(`2d-1${mirrored ? '-mirrored' : ''}`, chest), model);
    expect(Math.min(...diceOf(labels, expected))).toBeGreaterThan(0.999);
  });

  it('a network of lungmask gives lungmask’s labels', async () => {
    const lungmask = await imported('lungmask-lobes');
    const { labels } = await labelsAsTrained(lungmask, drawnChest(chest), unattended);
    const expected = asLobes(foundBy('lungmask', chest), lungmask);
    expect(diceOf(labels, expected).length).toBeGreaterThan(2);
    expect(Math.min(...diceOf(labels, expected))).toBeGreaterThan(0.999);
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
