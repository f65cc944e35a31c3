/** Folders of other programs, as a user has them, to manifests. */
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type ImportRequest, importModel } from '../../../src/kernel/inference/import/importModel.ts';
import { NETWORKS } from './networks.ts';

let folder: string;
let into: string;

beforeEach(() => {
  const home = mkdtempSync(join(tmpdir(), 'lungnb-import-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  folder = join(home, 'Dataset901', 'nnUNetTrainer__nnUNetPlans__3d_fullres');
  into = join(home, 'models');
  cpSync(join(NETWORKS, 'nnunet-3d_fullres'), folder, { recursive: true });
});

const run = (request: Partial<ImportRequest> = {}) => importModel({ folder, into, labels: new Map(), ...request });

async function imported(request: Partial<ImportRequest> = {}) {
  const result = await run(request);
  if (result.kind !== 'imported') throw new Error(`not exported: ${result.command}`);
  return result;
}

// biome-ignore lint/suspicious/noExplicitAny: files of other programs, changed in one place each
function edit(name: string, change: (json: any) => void): void {
  const json = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  change(json);
  writeFileSync(join(folder, name), JSON.stringify(json));
}

const fullres = (plans: { configurations: Record<string, Record<string, unknown>> }) =>
  plans.configurations['3d_fullres']!;

describe('an nnU-Net v2 results folder', () => {
  it('becomes a manifest, whose weights stay where they are', async () => {
    const { manifest, made } = await imported({ id: 'drawn' });
    expect(made).toBe(join(into, 'drawn'));
    expect(manifest).toMatchObject({
      id: 'drawn',
      task: 'lobes',
      weightsIn: folder,
      file: 'fold_0/checkpoint_final.onnx',
      ensemble: [{ file: 'fold_1/checkpoint_final.onnx' }],
      input: {
        dimensions: 3,
        orientation: 'LPS',
        spacingMm: [4, 4, 5],
        patch: [48, 48, 32],
        intensity: { scale: 'z-score', clipHu: [-912, -88] },
        resampling: 'nnunet',
        tileWeights: 'gaussian',
        overlap: 0.5,
        mirror: ['z', 'y'],
      },
      output: { activation: 'softmax', labels: [null, 'LUL', 'LLL', 'RUL', 'RML', 'RLL'] },
    });
  });

  it('is named by its data set, and keeps what is there', async () => {
    expect((await imported()).manifest.id).toBe('dataset901-drawnlobes-3d-fullres');
    await expect(run()).rejects.toMatchObject({ code: 'model-import', message: expect.stringContaining('--as') });
  });

  it('turns the axes as its plans transpose them, and takes the orientation that is given', async () => {
    edit('plans.json', (plans) => {
      plans.transpose_forward = [1, 0, 2];
      Object.assign(fullres(plans), { spacing: [4, 5, 4], patch_size: [32, 48, 48] });
    });
    const { manifest } = await imported({ orientation: 'LAS' });
    expect(manifest.input.orientation).toBe('LSA');
    expect(manifest.input.spacingMm).toEqual([4, 5, 4]);
  });

  it('takes all axes for mirrored where nothing tells them, and says so', async () => {
    rmSync(join(folder, 'lungnb-export.json'));
    const { manifest, remarks } = await imported();
    expect(manifest.input.mirror).toEqual(['z', 'y', 'x']);
    expect(remarks.join()).toContain('mirrored');
    expect(manifest.ensemble).toHaveLength(1);
  });

  it('of regions decides by their order, and brings textures and whole lungs by their names', async () => {
    edit('dataset.json', (dataset) => {
      dataset.labels = {
        background: 0,
        lung: [1, 2, 3, 4, 5, 6],
        'ground glass': [2, 3],
        Consolidation: 3,
        reticular: 4,
        honeycombing: 5,
        emphysema: 6,
      };
      dataset.regions_class_order = [1, 2, 3, 4, 5, 6];
    });
    const { manifest, remarks } = await imported({ labels: new Map([['lung', 'normal']]) });
    expect(manifest).toMatchObject({
      task: 'textures',
      output: {
        activation: 'regions',
        labels: ['normal', 'ggo', 'consolidation', 'reticulation', 'honeycombing', 'emphysema'],
      },
    });
    expect(remarks.join()).not.toContain('Not counted');
  });

  it('whose weights are not exported gives the command that exports them', async () => {
    for (const fold of ['fold_0', 'fold_1']) rmSync(join(folder, fold, 'checkpoint_final.onnx'));
    rmSync(join(folder, 'lungnb-export.json'));
    expect(await run()).toMatchObject({ kind: 'export', script: 'nnunet.py', command: `"${folder}"` });
  });

  it.each([
    ['half a folder', () => rmSync(join(folder, 'dataset.json')), 'no dataset.json'],
    [
      'a fold that was taken away',
      () => rmSync(join(folder, 'fold_1'), { recursive: true }),
      'is listed and not there',
    ],
    ['a plan that is no plan', () => writeFileSync(join(folder, 'plans.json'), '{'), 'cannot be read as JSON'],
    ['plans without configurations', () => writeFileSync(join(folder, 'plans.json'), '{}'), 'configurations'],
    [
      'a refining network',
      () => edit('plans.json', (plans) => Object.assign(fullres(plans), { previous_stage: '3d_lowres' })),
      'Import 3d_lowres',
    ],
    [
      'two images',
      () => edit('dataset.json', (dataset) => Object.assign(dataset.channel_names, { 1: 'PET' })),
      'takes 2 images (CT, PET)',
    ],
    [
      'another resampling',
      () =>
        edit('plans.json', (plans) =>
          Object.assign(fullres(plans), { resampling_fn_data: 'resample_torch_fornnunet' }),
        ),
      'resample_torch_fornnunet',
    ],
    [
      'another scale',
      () =>
        edit('plans.json', (plans) =>
          Object.assign(fullres(plans), { normalization_schemes: ['RGBTo01Normalization'] }),
        ),
      'RGBTo01Normalization',
    ],
    [
      'plans of another network',
      () => edit('plans.json', (plans) => Object.assign(fullres(plans), { patch_size: [64, 64, 64] })),
      'patches of x 48, y 48, z 32 only',
    ],
    [
      'labels of another network',
      () => edit('dataset.json', (dataset) => Object.assign(dataset.labels, { nodule: 6 })),
      'gives 6 channels, but output.labels has 7',
    ],
    [
      'labels that nobody knows',
      () => edit('dataset.json', (dataset) => Object.assign(dataset, { labels: { background: 0, liver: 1 } })),
      'liver',
    ],
    [
      'a patch for 40 GB and more',
      () => edit('plans.json', (plans) => Object.assign(fullres(plans), { patch_size: [4096, 4096, 4096] })),
      'takes',
    ],
    [
      'more memory for one convolution than there is',
      () => {
        // The patch and its output would fit alone.
        const depth = Math.ceil(totalmem() / 48 / 1024 ** 2);
        edit('plans.json', (plans) => Object.assign(fullres(plans), { patch_size: [depth, 1024, 1024] }));
      },
      'needs at least',
    ],
  ])('is refused for %s', async (_, spoil, words) => {
    spoil();
    await expect(run()).rejects.toMatchObject({ name: 'UserError', message: expect.stringContaining(words) });
    // Nothing is left that would be found among the models.
    expect(existsSync(join(into, 'dataset901-drawnlobes-3d-fullres'))).toBe(false);
  });
});

describe('other programs', () => {
  it('lungmask’s lobes scale the body of each slice', async () => {
    const { manifest } = await imported({ folder: join(NETWORKS, 'lungmask-lobes') });
    expect(manifest).toMatchObject({
      task: 'lobes',
      input: { dimensions: 2, resampling: 'lungmask', patch: [256, 256], orientation: 'LPS' },
      output: { labels: [null, 'LUL', 'LLL', 'RUL', 'RML', 'RLL'] },
    });
  });

  it('lungmask’s weights get the command that exports them', async () => {
    const own = join(folder, 'weights');
    mkdirSync(own);
    writeFileSync(join(own, 'unet_r231-d5d2fc3d.pth'), '');
    expect(await run({ folder: own })).toMatchObject({
      kind: 'export',
      script: 'lungmask.py',
      command: expect.stringMatching(/^R231 .*--weights .*unet_r231-d5d2fc3d\.pth"$/),
    });
  });

  it('nnU-Net v1 comes by what its export script tells; its plans alone get the command', async () => {
    const own = join(folder, 'v1');
    mkdirSync(own);
    writeFileSync(join(own, 'plans.pkl'), '');
    expect(await run({ folder: own })).toMatchObject({ kind: 'export', script: 'nnunet1.py' });
    copyFileSync(join(folder, 'fold_0', 'checkpoint_final.onnx'), join(own, 'model.onnx'));
    const told = {
      program: 'nnunet',
      files: ['model.onnx'],
      patch: [32, 48, 48],
      spacing: [5, 4, 4],
      transposeForward: [0, 1, 2],
      modality: 'CT',
      intensity: { mean: -800, sd: 90, percentile_00_5: -950, percentile_99_5: -80 },
      labels: { 0: 'background', 1: 'LUL', 2: 'LLL', 3: 'RUL', 4: 'RML', 5: 'RLL' },
      mirrorAxes: [0, 1, 2],
    };
    writeFileSync(join(own, 'lungnb-export.json'), JSON.stringify(told));
    expect((await imported({ folder: own })).manifest).toMatchObject({
      input: { resampling: 'nnunet1', mirror: ['z', 'y', 'x'], patch: [48, 48, 32] },
      // As the file calls it, whatever the script does.
      output: { name: 'logits', activation: 'none' },
    });
  });

  it('a MONAI bundle comes by its metadata and its inference', async () => {
    const own = join(folder, 'bundle');
    mkdirSync(join(own, 'configs'), { recursive: true });
    mkdirSync(join(own, 'models'));
    const channel_def = {
      0: 'background',
      1: 'left upper lobe',
      2: 'left lower lobe',
      3: 'right upper lobe',
      4: 'right middle lobe',
      5: 'right lower lobe',
    };
    const metadata = {
      name: 'lobes',
      network_data_format: { inputs: { image: { num_channels: 1 } }, outputs: { pred: { channel_def } } },
    };
    const inference = {
      spacing: [4, 4, 5],
      transforms: [
        { _target_: 'Orientationd', axcodes: 'RAS' },
        { _target_: 'Spacingd', pixdim: '@spacing' },
        { _target_: 'ScaleIntensityRanged', a_min: -1000, a_max: 400, b_min: 0, b_max: 1 },
      ],
      // The patch of this network is z 32, y 48, x 48, which MONAI would call x, y, z.
      inferer: { _target_: 'SlidingWindowInferer', roi_size: [32, 48, 48], overlap: 0.5, mode: 'gaussian' },
    };
    const write = () => {
      writeFileSync(join(own, 'configs', 'metadata.json'), JSON.stringify(metadata));
      writeFileSync(join(own, 'configs', 'inference.json'), JSON.stringify(inference));
    };
    write();
    expect(await run({ folder: own })).toMatchObject({
      kind: 'export',
      script: undefined,
      command: expect.stringContaining('monai.bundle onnx_export'),
    });
    copyFileSync(join(folder, 'fold_0', 'checkpoint_final.onnx'), join(own, 'models', 'model.onnx'));
    expect((await imported({ folder: own })).manifest).toMatchObject({
      task: 'lobes',
      input: {
        name: 'ct',
        orientation: 'SAR',
        spacingMm: [5, 4, 4],
        patch: [48, 48, 32],
        tileWeights: 'gaussian',
        intensity: { clipHu: [-1000, 400], to: [0, 1] },
      },
      output: { name: 'logits', labels: [null, 'LUL', 'LLL', 'RUL', 'RML', 'RLL'] },
    });
    inference.transforms.length = 1;
    write();
    await expect(run({ folder: own, id: 'another' })).rejects.toThrow(/no `Spacingd`[\s\S]*no `ScaleIntensityRanged`/);
  });

  it('a folder of anything else is refused', async () => {
    await expect(run({ folder: into })).rejects.toThrow(/no folder "models"/);
    mkdirSync(into);
    await expect(run({ folder: into })).rejects.toThrow(/no network that LungNB knows/);
  });
});
