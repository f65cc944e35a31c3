/** Maps that the cache has lost, or that turn out to be damaged, are measured again in the same run. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unattended } from '../../../src/kernel/base/task.ts';
import { UserError } from '../../../src/kernel/base/userError.ts';
import type { ModelFolder } from '../../../src/kernel/inference/model.ts';
import { findModel } from '../../../src/kernel/inference/model.ts';
import type { DecideRequest, ImageService, OpenedVolume } from '../../../src/kernel/lungs/imageService.ts';
import type { MeasuredMaps } from '../../../src/kernel/lungs/quantification.ts';
import { decidedTables, measuredTables, overlayMaps, placeTables } from '../../../src/kernel/values/measuredSeries.ts';
import type { MeasurementStore } from '../../../src/kernel/values/measurementStore.ts';
import type { MeasuredSeries } from '../../../src/kernel/values/value.ts';
import { TINY_MODELS } from '../../harness/session.ts';

const GRID = { size: [1, 1, 1], affine: [] } as const;
const maps: MeasuredMaps = {
  lobes: { ...GRID, labels: Uint8Array.of(1) },
  textures: { ...GRID, labels: Uint8Array.of(2) },
  probabilities: { ...GRID, bytes: Uint8Array.of(3) },
};
const tables = { measurements: [], density: [] };

let folder: string;
let models: { readonly lobes: ModelFolder; readonly textures: ModelFolder };
let jobs: string[];
let kept: Map<string, unknown>;
let sha256OfFiles: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-lost-'));
  cpSync(TINY_MODELS, folder, { recursive: true });
  models = {
    lobes: await findModel([folder], 'tiny-lobes', 'lobes'),
    textures: await findModel([folder], 'tiny-textures', 'textures'),
  };
  jobs = [];
  kept = new Map<string, unknown>([['key', tables]]);
  sha256OfFiles = 'ct';
});
afterEach(() => rmSync(folder, { recursive: true }));

const measured = (decisions?: MeasuredSeries['decisions']): MeasuredSeries => ({
  patient: 'P1',
  // SAFETY: the stand-in below looks at no series.
  series: {} as unknown as MeasuredSeries['series'],
  sha256: 'ct',
  cacheKey: 'key',
  models,
  decisions,
});
const context = () => ({
  task: unattended,
  // SAFETY: a stand-in that answers the jobs of measuring and deciding.
  images: {
    quantify: async ({ sha256 }: OpenedVolume) => {
      jobs.push('quantify');
      if (sha256 !== sha256OfFiles) throw new UserError('ct-changed', 'other files');
      return { ...tables, ...maps };
    },
    places: async () => {
      jobs.push('places');
      return { tables: { measurements: [], density: [] }, zones: new Uint8Array(0) };
    },
    decide: async ({ measured }: DecideRequest) => {
      jobs.push('decide');
      expect(await measured()).toEqual(maps);
      return { measurements: [], axialPercent: {}, overlaps: [], textures: Uint8Array.of(9) };
    },
  } as unknown as ImageService,
  // SAFETY: a store whose maps look as if they were there, and cannot be read until they were written again.
  measurements: {
    json: async (key: string) => kept.get(key),
    putJson: async (key: string, value: unknown) => void kept.set(key, value),
    hasJson: async () => true,
    hasMaps: async () => true,
    maps: async (key: string) => kept.get(`${key}:maps`),
    putMaps: async (key: string, value: unknown) => void kept.set(`${key}:maps`, value),
  } as unknown as MeasurementStore,
});
const DECISIONS = { thresholds: { ggo: 0.5 }, overlaps: [] };

it('by `show` and by slices that a figure opens', async () => {
  const overlay = await overlayMaps(measured(), context());
  expect([overlay.lobes, overlay.textures]).toEqual([maps.lobes, maps.textures]);
  expect(jobs).toEqual(['quantify']);
  await overlayMaps(measured(), context());
  expect(jobs).toEqual(['quantify']);
});

it('by `quantify … deciding`, in the run that found out', async () => {
  const known = await measuredTables(measured(DECISIONS), context());
  expect(jobs).toEqual([]);
  expect(await decidedTables(measured(DECISIONS), known, context())).toMatchObject({ overlaps: [] });
  expect(jobs).toEqual(['decide', 'quantify']);
});

it('by `show` of decided textures', async () => {
  const overlay = await overlayMaps(measured(DECISIONS), context());
  expect(overlay.textures.labels).toEqual(Uint8Array.of(9));
  expect(jobs.filter((job) => job === 'quantify')).toHaveLength(1);
});

it('but never of other files, or by other weights, under the same name', async () => {
  sha256OfFiles = 'another';
  await expect(overlayMaps(measured(), context())).rejects.toMatchObject({ code: 'ct-changed' });
  sha256OfFiles = 'ct';
  const { folder: own, manifest } = models.lobes;
  writeFileSync(join(own, manifest.file), 'other weights');
  await expect(overlayMaps(measured(), context())).rejects.toMatchObject({ code: 'model-hash' });
});

it('not for zones, levels and profiles where they are kept: no network runs, and nothing twice', async () => {
  kept.set('key:maps', maps);
  for (const _ of [1, 2]) await placeTables(measured(), { peripheralMm: 20 }, context());
  expect(jobs).toEqual(['places']);
  await placeTables(measured(), { peripheralMm: 10 }, context());
  // `quantify` has decided before it measures by place; the labels of its voxels are made once more.
  await decidedTables(measured(DECISIONS), await measuredTables(measured(), context()), context());
  await placeTables(measured(DECISIONS), { peripheralMm: 10 }, context());
  expect(jobs).toEqual(['places', 'places', 'decide', 'decide', 'places']);
});
