import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Manifest, readManifest } from '../../../src/kernel/inference/manifest.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/models');
const folder = mkdtempSync(join(tmpdir(), 'lungnb-manifest-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Json {
  [field: string]: unknown;
  input: Record<string, unknown>;
  output: Record<string, unknown>;
}

/** The manifest of a fixture after a change, as readManifest gives it. */
function read(model: string, change: (manifest: Json) => void): Promise<Manifest> {
  const manifest: Json = JSON.parse(readFileSync(join(fixtures, model, 'manifest.json'), 'utf8'));
  change(manifest);
  const file = join(folder, 'manifest.json');
  writeFileSync(file, JSON.stringify(manifest));
  return readManifest(file);
}

/** What readManifest says against it, a line per reason. */
async function reasons(model: string, change: (manifest: Json) => void): Promise<string[]> {
  const error: unknown = await read(model, change).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'model-manifest' });
  const [first, ...rest] = (error as Error).message.split('\n• ');
  expect(first).toBe(`The manifest of the model "${basename(folder)}" is not a manifest that LungNB can use:`);
  return rest;
}

describe('a manifest', () => {
  it('may leave out what has a default', async () => {
    const { input } = await read('tiny-textures', (m) => {
      for (const field of ['multipleOf', 'overlap', 'paddingHu', 'contextSlices']) delete m.input[field];
      m.input.intensity = { scale: 'window', clipHu: [-1000, 400] };
    });
    expect(input).toMatchObject({
      overlap: 0.25,
      paddingHu: -1024,
      contextSlices: 1,
      intensity: { scale: 'window', clipHu: [-1000, 400], to: [-1, 1] },
    });
    expect(input.multipleOf).toBeUndefined();
  });

  it('may map several channels to one name and leave classes out', async () => {
    const labels = ['ggo', 'ggo', null, 'emphysema'];
    const { output } = await read('tiny-textures', (m) => Object.assign(m.output, { labels }));
    expect(output.labels).toEqual(labels);
  });

  it('may have one channel where the activation is sigmoid', async () => {
    const one = { activation: 'sigmoid', labels: ['honeycombing'] };
    expect((await read('tiny-textures', (m) => Object.assign(m.output, one))).output).toMatchObject(one);
  });

  const page = readFileSync(join(import.meta.dirname, '../../../docs/models.md'), 'utf8');
  const examples = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json]) => json!);
  it.each(['lobes-2d', 'textures-3d'])('as in docs/models.md, %s, is accepted', async (id) => {
    const file = join(folder, 'example.json');
    writeFileSync(file, examples.find((json) => json.includes(`"id": "${id}"`)) ?? '');
    expect(await readManifest(file)).toMatchObject({ id });
  });

  it('that is no JSON is refused', async () => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{');
    await expect(readManifest(file)).rejects.toMatchObject({
      code: 'model-manifest',
      message: `The manifest of the model "${basename(folder)}" cannot be read as JSON: it is no JSON from line 1, column 2 on.`,
    });
  });

  it.each<[string, string, (manifest: Json) => void, string[]]>([
    [
      'another form',
      'tiny-lobes',
      (m) => Object.assign(m, { lungnbModel: 2 }),
      ['lungnbModel: must be 1: the form of the manifest that this version of LungNB knows'],
    ],
    [
      'an unknown task',
      'tiny-lobes',
      (m) => Object.assign(m, { task: 'lobe' }),
      ['task: `task` is "lobes", "textures" or "lungs"'],
    ],
    [
      'spaces in its id',
      'tiny-lobes',
      (m) => Object.assign(m, { id: 'My Model' }),
      ['id: lower-case letters, digits, dots and hyphens'],
    ],
    [
      'a file elsewhere',
      'tiny-lobes',
      (m) => Object.assign(m, { file: '../../secret.onnx' }),
      ['file: a file in the model’s own folder or below it, with forward slashes and none of \\ : * ? " < > |'],
    ],
    [
      'a hash that is none',
      'tiny-lobes',
      (m) => Object.assign(m, { sha256: 'ABC' }),
      ['sha256: 64 hexadecimal digits in lower case'],
    ],
    [
      'missing fields, all of them named',
      'tiny-lobes',
      (m) => {
        delete m.licence;
        delete m.input.spacingMm;
        delete m.input.intensity;
        delete m.output.labels;
      },
      [
        'licence is missing',
        'input.spacingMm is missing: three values: along x, y and z',
        'input.intensity is missing: `scale` is "window", "z-score", "own-z-score" or "none"',
        'output.labels is missing',
      ],
    ],
    [
      'a spacing of 0 and one of a word',
      'tiny-lobes',
      (m) => Object.assign(m.input, { spacingMm: [1, 0, 'CT'] }),
      [
        'input.spacingMm.1: a number of mm above 0, or "native" for the CT’s own spacing',
        'input.spacingMm.2: a number of mm above 0, or "native" for the CT’s own spacing',
      ],
    ],
    [
      'two spacings',
      'tiny-lobes',
      (m) => Object.assign(m.input, { spacingMm: [1, 1] }),
      ['input.spacingMm: three values: along x, y and z'],
    ],
    [
      'an orientation that is nearly one',
      'tiny-lobes',
      (m) => Object.assign(m.input, { orientation: 'LPX' }),
      [
        'input.orientation: three letters for the sides that x, y and z run towards, one each of L or R, P or A, S or I, such as LPS or RAS; did you mean `LPS`?',
      ],
    ],
    [
      'an orientation that is none',
      'tiny-lobes',
      (m) => Object.assign(m.input, { orientation: 'zyx' }),
      [
        'input.orientation: three letters for the sides that x, y and z run towards, one each of L or R, P or A, S or I, such as LPS or RAS',
      ],
    ],
    [
      'an unknown scale',
      'tiny-lobes',
      (m) => Object.assign(m.input, { intensity: { scale: 'zscore', clipHu: [0, 1] } }),
      ['input.intensity.scale: `scale` is "window", "z-score", "own-z-score" or "none"'],
    ],
    [
      'a window upside down',
      'tiny-lobes',
      (m) => Object.assign(m.input, { intensity: { scale: 'window', clipHu: [400, -1000] } }),
      ['input.intensity.clipHu: the lower bound comes first'],
    ],
    [
      'a z-score without mean and with a deviation of 0',
      'tiny-lobes',
      (m) => Object.assign(m.input, { intensity: { scale: 'z-score', clipHu: [-1000, 400], sdHu: 0 } }),
      ['input.intensity.meanHu is missing', 'input.intensity.sdHu: Too small: expected number to be >0'],
    ],
    [
      'four dimensions',
      'tiny-lobes',
      (m) => Object.assign(m.input, { dimensions: 4 }),
      ['input.dimensions: `dimensions` is 2 or 3'],
    ],
    [
      'a patch of another dimension',
      'tiny-lobes',
      (m) => Object.assign(m.input, { patch: [8, 8] }),
      ['input.patch: three numbers of voxels: along x, y and z'],
    ],
    [
      'a patch that the network cannot halve',
      'tiny-lobes',
      (m) => Object.assign(m.input, { patch: [8, 8, 9] }),
      ['input.patch: every side is a multiple of `multipleOf`'],
    ],
    [
      'a misspelt field',
      'tiny-lobes',
      (m) => Object.assign(m.input, { overlp: 0.5 }),
      ['input: unknown field `overlp`, did you mean `overlap`?'],
    ],
    [
      'context slices in 3D',
      'tiny-lobes',
      (m) => Object.assign(m.input, { contextSlices: 3 }),
      [
        'input: unknown field `contextSlices`, known: name, orientation, spacingMm, intensity, resampling, tileWeights, mirror, cropTo, multipleOf, overlap, paddingHu, dimensions, patch.',
      ],
    ],
    [
      'an even number of slices',
      'tiny-textures',
      (m) => Object.assign(m.input, { contextSlices: 2 }),
      ['input.contextSlices: an odd number, so that one slice is the middle'],
    ],
    [
      'an unknown activation',
      'tiny-textures',
      (m) => Object.assign(m.output, { activation: 'relu' }),
      [
        'output.activation: "none" (already probabilities), "softmax", "sigmoid", "regions" or "argmax" (already label values)',
      ],
    ],
    [
      'labels that are no classes',
      'tiny-textures',
      (m) => Object.assign(m.output, { labels: ['gg0', 'ground glass', 'crazy paving'] }),
      [
        'output.labels.0: "gg0" is no label: did you mean `ggo`? Write null, without quotes, for what is not counted.',
        'output.labels.1: "ground glass" is no label: did you mean `ggo`? Write null, without quotes, for what is not counted.',
        'output.labels.2: "crazy paving" is no label: known: normal, ggo, consolidation, reticulation, honeycombing, emphysema. Write null, without quotes, for what is not counted.',
      ],
    ],
    [
      'no class at all',
      'tiny-textures',
      (m) => Object.assign(m.output, { labels: [null, null] }),
      ['output.labels: at least one is a class: normal, ggo, consolidation, reticulation, honeycombing, emphysema'],
    ],
    [
      'one channel of a softmax',
      'tiny-textures',
      (m) => Object.assign(m.output, { labels: ['normal'] }),
      [
        'output.labels: there is one for every channel, so at least two (one with the activation "sigmoid" or "regions")',
      ],
    ],
    [
      'a missing lobe',
      'tiny-lobes',
      (m) => Object.assign(m.output, { labels: [null, 'RUL', 'RLL', 'LUL', 'LLL'] }),
      ['output.labels: a model of lobes names all of RUL, RML, RLL, LUL, LLL: measurements are per lobe'],
    ],
  ])('with %s is refused', async (_, model, change, expected) => {
    expect(await reasons(model, change)).toEqual(expected);
  });
});
