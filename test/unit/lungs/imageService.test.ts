/** The image service brings again what its worker has put aside: two volumes stay in memory, and more are looked at. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import type { Series } from '../../../src/kernel/ct/cohort/cohort.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import type { LabelMap } from '../../../src/kernel/ct/geometry/volume.ts';
import { createImageService, type ImageService, type OpenedVolume } from '../../../src/kernel/lungs/imageService.ts';
import { imageHandle } from '../../../src/kernel/values/handles.ts';
import type { MeasurementStore } from '../../../src/kernel/values/measurementStore.ts';
import { sliceView } from '../../../src/kernel/views/sliceView.ts';
import type { ViewerSource } from '../../../src/kernel/views/viewerSource.ts';
import { HU_WINDOWS } from '../../../src/protocol/hounsfield.ts';
import { asymmetricVolume, niftiFile, temporaryFolder } from '../ct/helpers.ts';

let folder: string;
let images: ImageService;
let volumes: OpenedVolume[];

/** The CT `n`, whose every voxel is `n` HU more than in the first. */
function write(n: number, size?: number): void {
  const volume = asymmetricVolume(size);
  writeFileSync(join(folder, `P${n}.nii`), niftiFile({ ...volume, hu: volume.hu.map((value) => value + n) }, 1));
}

beforeEach(async () => {
  folder = temporaryFolder();
  images = createImageService();
  for (const n of [0, 1, 2]) write(n);
  const { patients } = await discoverCohort(folder, unattended);
  const all: Series[] = patients.flatMap((patient) => patient.series);
  volumes = [];
  for (const series of all) volumes.push({ series, sha256: (await images.open(series, unattended)).sha256 });
});
afterEach(async () => {
  await images.close();
  rmSync(folder, { recursive: true, force: true });
});

const firstHu = async (volume: OpenedVolume) =>
  (await images.slice(volume, { plane: 'axial', index: 0 }, unattended)).hu[0]!;

describe('the image service', () => {
  it('answers for a volume that has been put aside as for one that has not', async () => {
    const inTurn: number[] = [];
    for (const volume of [...volumes, ...volumes]) inTurn.push(await firstHu(volume));
    const at = inTurn[0]!;
    expect(inTurn).toEqual([at, at + 1, at + 2, at, at + 1, at + 2]);
    expect(await Promise.all([...volumes, ...volumes].map(firstHu))).toEqual(inTurn);
  });

  it('says what to do where the files of a volume that was put aside have changed', async () => {
    write(7);
    const series: Series = { ...volumes[0]!.series, sources: [{ file: join(folder, 'P7.nii') }] };
    await expect(firstHu({ ...volumes[0]!, series })).rejects.toMatchObject({
      code: 'ct-changed',
      message: expect.stringContaining('Run the cell with `load` again.'),
    });
  });

  it('decides voxels whose Hounsfield units are those of a volume that has been put aside', async () => {
    const [volume] = volumes;
    const { size, affine } = await images.open(volume!.series, unattended);
    for (const { series } of volumes.slice(1)) await images.open(series, unattended);
    const count = size[0] * size[1] * size[2];
    const lobes: LabelMap = { size, affine, labels: new Uint8Array(count).fill(1) };
    const measured = async () => ({
      lobes,
      textures: lobes,
      probabilities: { size, affine, bytes: new Uint8Array(count * 6).fill(40) },
    });
    const decisions = { thresholds: {}, emphysemaBelowHu: 10_000, overlaps: [] };
    const { measurements } = await images.decide(
      { key: 'P0', volume: volume!, decisions, maps: false, measured },
      unattended,
    );
    const emphysema = measurements.find((row) => row.region === 'total' && row.class === 'emphysema');
    expect(emphysema?.percent).toBe(100);
  });
});

describe('the slice view', () => {
  it('shows a CT that others have displaced from memory since it was opened', async () => {
    const [volume] = volumes;
    // While the view waits for what is laid over its slices, two other CTs are looked at.
    const displaced: ImageService = {
      ...images,
      open: async (series, task) => {
        const opened = await images.open(series, task);
        for (const other of volumes.slice(1)) await images.open(other.series, task);
        return opened;
      },
    };
    const kept = new Map<string, ViewerSource>();
    const view = await sliceView(
      {
        patient: 'P0',
        series: volume!.series,
        overlay: undefined,
        plane: 'axial',
        index: undefined,
        window: HU_WINDOWS.lung,
      },
      {
        images: displaced,
        // SAFETY: nothing else of it is asked for.
        measurements: { json: async () => undefined, putJson: async () => undefined } as unknown as MeasurementStore,
        keepViewer: (handle, source) => void kept.set(handle, source),
        task: unattended,
      },
    );
    expect(view.slices.map(({ plane }) => plane)).toEqual(['axial', 'coronal', 'sagittal']);
    expect([...kept.keys()]).toEqual([imageHandle('slices', volume!.sha256, undefined, undefined)]);
  });
});
