import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findModel, openModel } from '../../../src/kernel/inference/model.ts';

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

  it('that is missing is named, with the folders and what is there', async () => {
    await expect(find('lung-lobs')).rejects.toMatchObject({
      code: 'model-missing',
      message: expect.stringContaining('Available: tiny-lobes, tiny-textures'),
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

  it.each([
    ['no JSON', () => writeFileSync(manifestFile(), '{'), 'cannot be read as JSON'],
    [
      'an even number of slices',
      () => edit((m) => Object.assign(m.input as object, { dimensions: 2, patch: [8, 8], contextSlices: 2 })),
      'contextSlices: Invalid input: an odd number',
    ],
    ['a missing spacing', () => edit((m) => delete (m.input as Record<string, unknown>).spacingMm), 'input.spacingMm'],
    [
      'a window upside down',
      () => edit((m) => Object.assign(m.input as object, { huWindow: [400, -1000] })),
      'the lower bound comes first',
    ],
    [
      'a file elsewhere',
      () => edit((m) => Object.assign(m, { file: '../../secret.onnx' })),
      'an .onnx file beside the manifest',
    ],
    ['another name than its folder', () => edit((m) => Object.assign(m, { id: 'other' })), 'Give both the same name'],
  ])('with a manifest that has %s is refused with the reason', async (_, change, reason) => {
    change();
    await expect(find()).rejects.toMatchObject({
      code: 'model-manifest',
      message: expect.stringContaining(reason.replace('Invalid input: ', '')),
    });
  });

  it('whose outputs have other names than its manifest says is refused', async () => {
    edit((m) => Object.assign(m.output as object, { name: 'scores' }));
    await expect(openModel(await find(), 1)).rejects.toMatchObject({
      code: 'model-onnx',
      message: expect.stringContaining('outputs logits'),
    });
  });
});
