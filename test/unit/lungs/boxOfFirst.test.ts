/** A model that is given what another finds first. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { labelsAsTrained } from '../../../src/kernel/inference/asTrained/onCt.ts';
import { importModel } from '../../../src/kernel/inference/import/importModel.ts';
import { findModel, type Model, openModel } from '../../../src/kernel/inference/model.ts';
import { boxOfFirst } from '../../../src/kernel/lungs/boxOfFirst.ts';
import { crop, pasteLabels } from '../../../src/kernel/lungs/lungBox.ts';
import { drawLungs } from '../../../src/kernel/lungs/segmentLobes.ts';
import { drawnChest, NETWORKS } from '../inference/networks.ts';

const models = mkdtempSync(join(tmpdir(), 'lungnb-first-'));
afterAll(() => rmSync(models, { recursive: true }));
// biome-ignore lint/suspicious/noExplicitAny: manifests, changed in a few places
function edit(id: string, change: (manifest: any) => void): void {
  const file = join(models, id, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  change(manifest);
  writeFileSync(file, JSON.stringify(manifest));
}

await importModel({ folder: join(NETWORKS, 'nnunet-2d'), into: models, id: 'second', labels: new Map() });
cpSync(join(import.meta.dirname, '../../fixtures/models/tiny-lobes'), join(models, 'first'), { recursive: true });
// Everything denser than about -300 HU, which is the body.
edit('first', (m) => {
  Object.assign(m, { id: 'first', task: 'lungs' });
  m.output.labels = ['lung', null, null, null, null, null, null];
  Object.assign(m.input, { spacingMm: [4, 4, 12], patch: [64, 64, 32] });
});
edit('second', (m) => {
  m.input.cropTo = { model: 'first', marginMm: 5 };
});
const open = async (): Promise<Model> => openModel(await findModel([models], 'second', 'lobes'), 1);

describe('a model that is given what another finds', () => {
  it('runs on that part alone, and is nothing outside', async () => {
    const [model, chest] = [await open(), drawnChest('thick')];
    const box = (await boxOfFirst(model, chest, unattended))!;
    expect(box.low[1]).toBeGreaterThan(0);
    expect(box.high[1]).toBeLessThan(chest.size[1] - 1);
    const { lobes } = await drawLungs(chest, model, unattended);
    const { labels } = await labelsAsTrained(model, crop(chest, box), unattended);
    expect(lobes).toEqual(pasteLabels(labels, box, chest));
  });

  it('says so where the other finds nothing', async () => {
    const chest = drawnChest('thick');
    const air = { ...chest, hu: new Int16Array(chest.hu.length).fill(-1000) };
    await expect(boxOfFirst(await open(), air, unattended)).rejects.toMatchObject({ code: 'no-lung' });
  });

  it('is refused where the other is missing, finds textures, or asks for a third', async () => {
    const find = () => findModel([models], 'second', 'lobes');
    edit('first', (m) => {
      m.input.cropTo = { model: 'second' };
    });
    await expect(find()).rejects.toThrow(/itself asks for another model/);
    edit('second', (m) => {
      m.input.cropTo.model = 'thrid';
    });
    await expect(find()).rejects.toMatchObject({ code: 'model-missing' });
    await expect(findModel([models], 'first', 'lobes')).rejects.toThrow(/`input.cropTo`/);
  });
});
