import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkWeights, findModel, openModel } from '../../../src/kernel/inference/model.ts';

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
    const { manifest, sessions } = await openModel(await find(), 1);
    expect(manifest.output.labels).toContain('RML');
    expect(sessions[0]?.inputNames).toEqual(['ct']);
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
        'Did you mean `tiny-lobes`? Available: flat-labels, half-lobes, moved-labels, outside-weights, tiny-lobes, tiny-textures.',
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

  it('whose weights are in a second file that is not listed is refused with what to do', async () => {
    await expect(openModel(await find('outside-weights'), 1)).rejects.toMatchObject({
      code: 'model-files',
      message: expect.stringMatching(
        /lies in another file, "model\.onnx\.data", which its manifest does not list\. .*external_data=False.*`externalData`\.$/,
      ),
    });
  });
});

/** Weights and biases of tiny-lobes, as its fixture's maker wrote them. */
const WEIGHTS = Buffer.from(Float32Array.of(20, -20, 0, 0, 0, 0, 0, 0, 0, -50, -50, -50, -50, -50).buffer);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('a model with weights in a file of their own', () => {
  const outside = () => join(folder, 'outside-weights');
  const weights = () => join(outside(), 'model.onnx.data');
  const listing = (externalData: unknown) => {
    const file = join(outside(), 'manifest.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), externalData }));
  };
  const listed = { file: 'model.onnx.data', sha256: sha256(WEIGHTS) };
  const open = async () => openModel(await find('outside-weights'), 1);

  it('gives what it gave as one file, whatever lies in the current folder', async () => {
    writeFileSync(weights(), WEIGHTS);
    listing([listed]);
    const decoy = mkdtempSync(join(tmpdir(), 'lungnb-decoy-'));
    writeFileSync(join(decoy, 'model.onnx.data'), Buffer.alloc(WEIGHTS.length, 1));
    const output = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', RUN_BOTH, folder, new URL('../../../src/kernel/', import.meta.url).href],
      { cwd: decoy, encoding: 'utf8' },
    );
    rmSync(decoy, { recursive: true });
    expect(output.stderr).toBe('');
    const [asOne, apart] = JSON.parse(output.stdout);
    expect(apart).toEqual(asOne);
    expect(new Set(apart).size).toBeGreaterThan(1);
  });

  it('is refused where they are not those that the manifest describes', async () => {
    listing([listed]);
    await expect(open()).rejects.toMatchObject({ code: 'model-missing' });
    writeFileSync(weights(), Buffer.alloc(WEIGHTS.length, 1));
    await expect(open()).rejects.toMatchObject({ code: 'model-hash' });
  });

  it('is checked again when they change under a checked model', async () => {
    writeFileSync(weights(), WEIGHTS);
    listing([listed]);
    const model = await find('outside-weights');
    await checkWeights(model);
    writeFileSync(weights(), Buffer.alloc(WEIGHTS.length, 1));
    await expect(checkWeights(model)).rejects.toMatchObject({ code: 'model-hash' });
  });

  it.each(['../model.onnx.data', '/etc/passwd', 'a/../../b', 'C:\\b', '*/_ORT_MEM_ADDR_/*', '.', ''])(
    'is refused at %j',
    async (file) => {
      listing([{ file, sha256: listed.sha256 }]);
      await expect(open()).rejects.toMatchObject({ code: 'model-manifest' });
    },
  );

  it('is refused through a link that leads out of its folder', async () => {
    writeFileSync(join(folder, 'elsewhere'), WEIGHTS);
    symlinkSync(join(folder, 'elsewhere'), weights());
    listing([listed]);
    await expect(open()).rejects.toMatchObject({ code: 'model-files', message: expect.stringContaining('a link') });
  });

  it('is refused where the file is too short for its tensors', async () => {
    const short = WEIGHTS.subarray(0, 30);
    writeFileSync(weights(), short);
    listing([{ ...listed, sha256: sha256(short) }]);
    await expect(open()).rejects.toMatchObject({
      code: 'model-files',
      message: expect.stringContaining('ends at byte 56'),
    });
  });
});

const RUN_BOTH = `
const [folder, kernel] = process.argv.slice(1);
const { findModel, openModel } = await import(kernel + 'inference/model.ts');
const { createRequire } = await import('node:module');
const { Tensor } = createRequire(kernel)('onnxruntime-node');
const outputs = [];
for (const id of ['tiny-lobes', 'outside-weights']) {
  const { sessions: [session] } = await openModel(await findModel([folder], id, 'lobes'), 1);
  const { logits } = await session.run({ ct: new Tensor('float32', Float32Array.of(-1, 0, 0.5, 1), [1, 1, 1, 2, 2]) });
  outputs.push([...logits.data]);
}
console.log(JSON.stringify(outputs));
`;

describe.skipIf(process.platform === 'win32')('in place of a file', () => {
  const place = (name: string) => join(folder, 'tiny-lobes', name);
  it.each(['model.onnx', 'manifest.json'])('a named pipe as %s is refused and not waited for', async (name) => {
    rmSync(place(name));
    execFileSync('mkfifo', [place(name)]);
    const opened = find().then((model) => openModel(model, 1));
    await expect(opened).rejects.toMatchObject({ message: expect.stringContaining('is a named pipe') });
  });

  it.each(['model.onnx', 'manifest.json'])('a device as %s is refused', async (name) => {
    rmSync(place(name));
    symlinkSync('/dev/zero', place(name));
    const opened = find().then((model) => openModel(model, 1));
    await expect(opened).rejects.toMatchObject({ message: expect.stringContaining('is a device') });
  });

  it('a folder is refused', async () => {
    rmSync(place('model.onnx'));
    mkdirSync(place('model.onnx'));
    await expect(openModel(await find(), 1)).rejects.toMatchObject({ code: 'special-file' });
  });
});

it('a patch larger than the memory is refused before anything is read', async () => {
  edit((m) => Object.assign(m.input as object, { patch: [1e6, 1e6, 1e6] }));
  await expect(openModel(await find(), 1)).rejects.toMatchObject({ code: 'model-too-large' });
});
