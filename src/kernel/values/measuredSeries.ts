/** What a measured CT holds: tables and maps from the cache, decided anew where the user's thresholds say so. */
import { createHash } from 'node:crypto';
import { SOFTWARE_VERSION } from '../base/software.ts';
import { subtask, type Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Problem, Series } from '../ct/cohort/cohort.ts';
import { fileState } from '../ct/files/fileState.ts';
import type { LabelMap } from '../ct/geometry/volume.ts';
import type { ModelFolder } from '../inference/model.ts';
import type { Decisions } from '../lungs/decisions.ts';
import type { ImageService } from '../lungs/imageService.ts';
import { VOXELS_GONE } from '../lungs/imageWorker.ts';
import { MEASURING_CODE } from '../lungs/measuringCode.ts';
import type { MeasuredTables, OverlapRow } from '../lungs/quantification.ts';
import type { MeasurementStore } from './measurementStore.ts';
import type { MeasuredSeries } from './value.ts';

interface Context {
  readonly images: ImageService;
  readonly measurements: MeasurementStore;
  readonly task: Task;
}

/** Tables of a measured CT, with those of overlapping classes. */
export interface DecidedTables extends MeasuredTables {
  readonly overlaps: readonly OverlapRow[];
}

export interface Digest {
  readonly sha256: string;
  /** What only the pixels tell. */
  readonly problems: readonly Problem[];
}

function hashOf(...parts: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([SOFTWARE_VERSION, MEASURING_CODE, ...parts]))
    .digest('hex');
}

/**
 * Names pictures by what is in them. A handle that a notebook was saved with can so never stand for other pictures in a
 * later kernel, such as those of another patient.
 */
export function handleOf(...parts: readonly unknown[]): string {
  return hashOf('handle', ...parts).slice(0, 24);
}

/** Everything that a measurement depends on: the CT, both models (their manifests hold the SHA-256 of the weights), the version and the code. */
export function keyOf(sha256: string, lobes: ModelFolder, textures: ModelFolder): string {
  return hashOf('quantify', sha256, lobes.manifest, textures.manifest);
}

/** The digest of a CT; files that have not changed since they were last read are not read again. */
export async function digestOf(series: Series, { images, measurements, task }: Context): Promise<Digest> {
  const state = await stateOf(series);
  const key = state && hashOf('digest', state);
  const known = key && (await measurements.json<Digest>(key));
  if (known) return known;
  const { sha256, problems } = await images.run('open', { series }, task);
  if (key) await measurements.putJson(key, { sha256, problems } satisfies Digest);
  return { sha256, problems };
}

/** The files of a series as they are now; undefined where one is not on this computer. */
async function stateOf({ sources }: Series): Promise<unknown[] | undefined> {
  const states = await Promise.all(
    sources.map(async (source) => {
      const state = await fileState(source.file);
      return state && [source, state];
    }),
  );
  return states.every((state) => state !== undefined) ? states : undefined;
}

/** Measures the CT unless its tables and maps are in the cache. */
export async function measuredTables(
  { series, sha256, key }: { readonly series: Series; readonly sha256: string; readonly key: string },
  models: { readonly lobes: ModelFolder; readonly textures: ModelFolder },
  { images, measurements, task }: Context,
): Promise<MeasuredTables> {
  const known = await measurements.json<MeasuredTables>(key);
  if (known && (await measurements.hasMaps(key))) return known;
  await images.run('open', { series }, subtask(task, 0, 0.15));
  const quantification = await images.run('quantify', { sha256, ...models }, subtask(task, 0.15, 0.98));
  const { lobes, textures, probabilities, ...tables } = quantification;
  await measurements.putMaps(key, { lobes, textures, probabilities });
  await measurements.putJson(key, tables satisfies MeasuredTables);
  return tables;
}

/** The tables that the user's decisions give, from the cache or anew. */
export async function decidedTables(
  measured: MeasuredSeries,
  tables: MeasuredTables,
  context: Context,
): Promise<DecidedTables> {
  const { decisions } = measured;
  if (!decisions) return { ...tables, overlaps: [] };
  const key = hashOf('decide', measured.cacheKey, decisions);
  const known = await context.measurements.json<DecidedTables>(key);
  if (known) return known;
  const { measurements, axialPercent, overlaps } = await decide(measured, decisions, false, context);
  const of = new Set(tables.measurements.map((row) => row.class));
  // Density tells emphysema, whether or not the network knows it.
  if (decisions.emphysemaBelowHu !== undefined) of.add('emphysema');
  const decided = {
    ...tables,
    measurements: measurements.filter((row) => of.has(row.class)),
    axialPercent,
    overlaps,
  };
  await context.measurements.putJson(key, decided);
  return decided;
}

/** Lobes and textures to lay over the slices, and the tables beside them; a UserError where they left the cache. */
export async function overlayMaps(
  measured: MeasuredSeries,
  context: Context,
): Promise<{ readonly lobes: LabelMap; readonly textures: LabelMap; readonly tables: DecidedTables }> {
  const [tables, maps] = await Promise.all([
    context.measurements.json<MeasuredTables>(measured.cacheKey),
    context.measurements.maps(measured.cacheKey),
  ]);
  if (!tables || !maps) throw cacheLost(measured);
  const decided = await decidedTables(measured, tables, context);
  if (!measured.decisions) return { lobes: maps.lobes, textures: maps.textures, tables: decided };
  const { textures } = await decide(measured, measured.decisions, true, context);
  return { lobes: maps.lobes, textures: { ...maps.lobes, labels: textures }, tables: decided };
}

/** Asks the image worker, which keeps the voxels of the last CTs, and gives it those that it has put aside. */
async function decide(
  measured: MeasuredSeries,
  decisions: Decisions,
  maps: boolean,
  { images, measurements, task }: Context,
) {
  const { cacheKey: key, series, sha256 } = measured;
  const request = { key, decisions, maps };
  try {
    return await images.run('decide', request, task);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== VOXELS_GONE) throw error;
  }
  const found = await measurements.maps(key);
  if (!found) throw cacheLost(measured);
  const needsHu = decisions.emphysemaBelowHu !== undefined;
  if (needsHu) await images.run('open', { series }, task);
  const { lobes, probabilities } = found;
  await images.run('gather', { key, lobes, probabilities, ...(needsHu ? { sha256 } : {}) }, task);
  return images.run('decide', request, task);
}

function cacheLost({ patient }: MeasuredSeries): UserError {
  return new UserError(
    'cache-lost',
    `The textures of ${patient} are no longer in the cache. Run the cell with \`quantify\` again.`,
  );
}
