import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findModel, openModel } from '../../../src/kernel/inference/model.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const fixtures = join(import.meta.dirname, '../../fixtures/models');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-models-'));
  cpSync(fixtures, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const manifestFile = () => join(folder, 'tiny-lobes', 'manifest.json');
const edit = (change: (manifest: Record<string, unknown>) => void) => {
  const manifest = JSON.parse(readFileSync(manifestFile(), 'utf8'));
  change(manifest);
  writeFileSync(manifestFile(), JSON.stringify(manifest));
};
const find = (id = 'tiny-lobes', task: 'lobes' | 'textures' = 'lobes') =>
  findModel([join(folder, 'nowhere'), folder], id, task);

describe('a model', () => {
  it('is found in the first folder that has it, and opened', async () => {
    const { manifest, session } = await openModel(await find(), 1);
    expect(manifest.output.labels).toContain('RML');
    expect(session.inputNames).toEqual(['ct']);
  });

  it.each([
    ['models', 'lung-lobes', 'lobes'],
    ['models', 'lung-texture', 'textures'],
    ['samples/models', 'density-texture', 'textures'],
  ] as const)('of %s, %s, fits its manifest', async (parent, id, task) => {
    const model = await openModel(await findModel([join(PROJECT, parent)], id, task), 1);
    expect(model.manifest.id).toBe(id);
  });

  it('that is missing is named, with the folders and what is there', async () => {
    await expect(find('tiny-lobs')).rejects.toMatchObject({
      code: 'model-missing',
      message: expect.stringContaining(
        'Did you mean `tiny-lobes`? Available: flat-labels, moved-labels, outside-weights, tiny-lobes, tiny-textures.',
      ),
    });
  });

  it('for another task is refused', async () => {
    await expect(find('tiny-lobes', 'textures')).rejects.toMatchObject({ code: 'model-task' });
  });

  it('whose file was changed is refused', async () => {
    const file = join(folder, 'tiny-lobes', 'model.onnx');
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from([0])]));
    await expect(openModel(await find(), 1)).rejects.toMatchObject({
      code: 'model-hash',
      message: expect.stringContaining('SHA-256'),
    });
  });

  it('with another id than its folder is refused', async () => {
    edit((m) => Object.assign(m, { id: 'other' }));
    await expect(find()).rejects.toMatchObject({
      code: 'model-manifest',
      message: expect.stringContaining('Give both the same name'),
    });
  });

  it('that its manifest does not describe is refused with every reason', async () => {
    edit((m) => {
      Object.assign(m.input as object, { name: 'image' });
      (m.output as { labels: unknown[] }).labels.pop();
    });
    await expect(openModel(await find(), 1)).rejects.toMatchObject({
      code: 'model-onnx',
      message: `The network of the model "tiny-lobes" and its manifest do not fit each other:
• input.name is "image", but the network's input is "ct".
• The network gives 7 channels, but output.labels has 6: one name or null for each channel, in their order.`,
    });
  });

  it('whose weights are in a second file is refused with what to do', async () => {
    await expect(openModel(await find('outside-weights'), 1)).rejects.toMatchObject({
      code: 'model-onnx',
      message: expect.stringMatching(/export the network as one \(in PyTorch with external_data=False\)\.$/),
    });
  });
});
