/** CTs measured several at once, against one after the other: the same to the byte, and none stops the others. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { usedSeries } from '../../../src/kernel/ct/cohort/seriesChoice.ts';
import { discoverCohort } from '../../../src/kernel/ct/files/discover.ts';
import { axisAlignedAffine, type Volume } from '../../../src/kernel/ct/geometry/volume.ts';
import type { CtResult } from '../../../src/kernel/engine/ctResult.ts';
import { measureCts } from '../../../src/kernel/engine/measureCts.ts';
import { findModel } from '../../../src/kernel/inference/model.ts';
import { networkBytes } from '../../../src/kernel/inference/networkMemory.ts';
import { bytesToMeasure } from '../../../src/kernel/lungs/atOnce.ts';
import { createImageService, type ImageService } from '../../../src/kernel/lungs/imageService.ts';
import { createMeasurementCache } from '../../../src/kernel/session/measurementCache.ts';
import type { CtToMeasure } from '../../../src/kernel/values/engine.ts';
import { measuredBefore, measurementKey } from '../../../src/kernel/values/measuredSeries.ts';
import { TINY_MODELS } from '../../harness/session.ts';
import { niftiFile, temporaryFolder } from '../ct/helpers.ts';

/** Tissue with air in front, and a box that the fixtures' network calls lung, of another density in each CT. */
function box(n: number): Volume {
  const size = [60, 50, 25] as const;
  const hu = new Int16Array(size[0] * size[1] * size[2]).fill(40);
  hu.fill(-1000, 0, size[0]);
  for (let k = 6; k < 19; k++)
    for (let j = 10; j < 40; j++)
      hu.fill(-800 - 5 * n, (k * size[1] + j) * size[0] + 10, (k * size[1] + j) * size[0] + 50);
  return { size, affine: axisAlignedAffine([1.5, 1.5, 2], [0, 0, 0]), hu };
}

const COUNT = 5;
const BAD = 2;
let folder: string;
let cts: CtToMeasure[];
let images: ImageService;
const models = {
  lobes: await findModel([TINY_MODELS], 'tiny-lobes', 'lobes'),
  textures: await findModel([TINY_MODELS], 'tiny-textures', 'textures'),
};
const forOne = bytesToMeasure([60, 50, 25], await networkBytes(Object.values(models)));

beforeAll(async () => {
  folder = temporaryFolder();
  for (let n = 0; n < COUNT; n++) writeFileSync(join(folder, `P${n}.nii`), niftiFile(box(n), 1));
  const { patients } = await discoverCohort(folder, unattended);
  cts = patients.flatMap((patient) => usedSeries(patient).map((series) => ({ patient: patient.id, series })));
  // Between `load` and measuring the file of one CT is lost.
  rmSync(join(folder, `P${BAD}.nii`));
  images = createImageService({ volumesKept: 1 });
});
afterAll(async () => {
  await images.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What is told, and what the cache then has of each CT, without what time it took. */
async function measure(cacheFolder: string, memoryBytes: number | undefined) {
  const measurements = createMeasurementCache(cacheFolder, { limitBytes: Number.POSITIVE_INFINITY });
  const told: CtResult[] = [];
  const done: number[] = [];
  await measureCts(
    cts,
    {
      meansOf: () => models,
      images,
      measurements,
      task: unattended,
      ...(memoryBytes !== undefined && { memoryBytes }),
    },
    { done: async (n) => void done.push(n), tell: (result) => void told.push(result) },
  );
  const kept = await Promise.all(
    cts.map(async ({ series }) => {
      const before = await measuredBefore(series, models, measurements);
      if (!before) return undefined;
      const { seconds: _, ...tables } = before.tables;
      return { tables, maps: await measurements.maps(measurementKey(before.digest.sha256, models)) };
    }),
  );
  return { told: told.map(({ patient, state }) => `${patient} ${state}`), done, kept };
}

it('gives the same to the byte as one after the other, in the same order, whatever one CT ends in', async () => {
  const [one, several, empty] = [1, 2, 3].map(() => mkdtempSync(join(folder, 'cache-')));
  const alone = await measure(one!, forOne);
  expect(alone.told).toEqual(cts.map(({ patient }, n) => `${patient} ${n === BAD ? 'failed' : 'measured'}`));
  expect(await measure(several!, undefined)).toMatchObject({ told: alone.told, kept: alone.kept });
  expect(alone.kept.filter((kept) => kept === undefined)).toHaveLength(1);
  expect(new Set(alone.kept.map((kept) => JSON.stringify(kept?.tables))).size).toBe(COUNT);
  expect((await measure(empty!, 1)).told).toEqual(cts.map(({ patient }) => `${patient} failed`));
  const again = await measure(several!, undefined);
  expect(again.told.slice(0, COUNT - 1).every((line) => line.endsWith(' kept'))).toBe(true);
  expect(again.told.at(-1)).toBe(`${cts[BAD]!.patient} failed`);
});
