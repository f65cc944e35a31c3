/** What a measured CT holds: tables and maps from the cache, decided anew where the user's thresholds say so. */
import { TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { Remark } from '../../protocol/remark.ts';
import { subtask, type Task } from '../base/task.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import { fileState } from '../ct/files/fileState.ts';
import type { Grid, LabelMap } from '../ct/geometry/volume.ts';
import { checkWeights, type ModelFolder } from '../inference/model.ts';
import type { Decided } from '../lungs/decideSeries.ts';
import type { Decisions } from '../lungs/decisions.ts';
import type { ImageService } from '../lungs/imageService.ts';
import { classesBrought, isModel, type Measuring } from '../lungs/means.ts';
import type { PlaceTables } from '../lungs/places/measurePlaces.ts';
import type { MeasuredMaps, MeasuredTables, OverlapRow } from '../lungs/quantification.ts';
import { hashOf } from './handles.ts';
import type { MeasurementStore } from './measurementStore.ts';
import type { MeasuredSeries, PlacesAsked } from './value.ts';

interface Context {
  readonly images: ImageService;
  readonly measurements: MeasurementStore;
  readonly task: Task;
}

/** Tables of a measured CT, with those of overlapping classes. */
export interface DecidedTables extends MeasuredTables {
  readonly overlaps: readonly OverlapRow[];
}

export interface Digest extends Grid {
  readonly sha256: string;
  /** What only the pixels tell. */
  readonly problems: readonly Remark[];
}

/**
 * Everything that a measurement depends on: the CT, the models (their manifests hold the SHA-256 of the weights) or the
 * masks in their place, the version and the code; and the device, since accelerators round in their own way.
 */
export function measurementKey(sha256: string, { lobes, textures, beside, device = 'cpu' }: Measuring): string {
  const [byLobes, byTextures] = [lobes, textures].map((by) => (isModel(by) ? keysOf(by) : [{ masks: by.digest }]));
  const others = [...byLobes!.slice(1), ...byTextures!.slice(1)];
  return hashOf(
    'quantify',
    sha256,
    byLobes![0],
    byTextures![0],
    ...(beside ? [beside.names, beside.subtracted, beside.masks.map(({ digest }) => digest)] : []),
    ...(others.length || device !== 'cpu' ? [others, device] : []),
  );
}

/** What of a model and of those that it asks for changes results: not where its files lie, nor what it takes. */
export function keysOf({ manifest: { weightsIn, memoryMb, ...manifest }, first }: ModelFolder): unknown[] {
  return [manifest, ...(first ? keysOf(first) : [])];
}

/** Throws a UserError where the weights of a model are not those of its manifest. */
export async function checkAllWeights({ lobes, textures }: Pick<Measuring, 'lobes' | 'textures'>): Promise<void> {
  await Promise.all([lobes, textures].map((by) => isModel(by) && checkWeights(by)));
}

/** Undefined where a file is not on this computer. */
async function digestKey(series: Series): Promise<string | undefined> {
  const state = await stateOf(series);
  return state && hashOf('digest and grid', state, series.offsetHu ?? 0);
}

/** What the store has of a measured CT. */
export interface MeasuredBefore {
  readonly digest: Digest;
  readonly tables: MeasuredTables;
}

/** What was measured of the CT in this way. Reads no pixel: of a CT that was never read, nothing is known. */
export async function measuredBefore(
  series: Series,
  measuring: Measuring,
  measurements: MeasurementStore,
): Promise<MeasuredBefore | undefined> {
  const key = await digestKey(series);
  const digest = key && (await measurements.json<Digest>(key));
  if (!digest) return undefined;
  const tables = await knownTables(measurementKey(digest.sha256, measuring), measurements);
  return tables && { digest, tables };
}

/** Whether the CT was measured in this way; see {@link measuredBefore}. */
export async function isMeasured(
  series: Series,
  measuring: Measuring,
  measurements: MeasurementStore,
): Promise<boolean> {
  const digest = await digestKey(series);
  const known = digest && (await measurements.json<Digest>(digest));
  if (!known) return false;
  const key = measurementKey(known.sha256, measuring);
  return (await measurements.hasJson(key)) && measurements.hasMaps(key);
}

/** Undefined unless the maps are there too. */
async function knownTables(key: string, measurements: MeasurementStore): Promise<MeasuredTables | undefined> {
  const known = await measurements.json<MeasuredTables>(key);
  return known && (await measurements.hasMaps(key)) ? known : undefined;
}

/** Digest and grid of a CT; files that have not changed since they were last read are not read again. */
export async function digestOf(series: Series, { images, measurements, task }: Context): Promise<Digest> {
  const key = await digestKey(series);
  const known = key && (await measurements.json<Digest>(key));
  if (known) return known;
  const digest: Digest = await images.open(series, task);
  if (key) await measurements.putJson(key, digest);
  return digest;
}

/** The files of a series as they are now; undefined where one is not on this computer. */
async function stateOf({ sources }: Series): Promise<unknown[] | undefined> {
  // An archive has many slices, and a network file system is asked about it once.
  const ofFiles = new Map<string, Promise<string | undefined>>();
  for (const { file } of sources) if (!ofFiles.has(file)) ofFiles.set(file, fileState(file));
  const states = await Promise.all(
    // What a file is called in messages, or where it was unpacked, changes nothing of what is in it.
    sources.map(async ({ place, unpacked, ...source }) => {
      const state = await ofFiles.get(source.file);
      return state && [source, state];
    }),
  );
  return states.every((state) => state !== undefined) ? states : undefined;
}

/** The tables of the CT, which is measured unless they and its maps are in the cache. */
export async function measuredTables(measured: MeasuredSeries, context: Context): Promise<MeasuredTables> {
  const known = await knownTables(measured.cacheKey, context.measurements);
  return known ?? (await measureAnew(measured, context)).tables;
}

interface TablesAndMaps {
  readonly tables: MeasuredTables;
  readonly maps: MeasuredMaps;
}

/** From the cache; measured again where the cache has lost them, or they turn out to be damaged. */
async function tablesAndMaps(measured: MeasuredSeries, context: Context): Promise<TablesAndMaps> {
  const { cacheKey: key } = measured;
  const [tables, maps] = await Promise.all([
    context.measurements.json<MeasuredTables>(key),
    context.measurements.maps(key),
  ]);
  if (tables && maps) return { tables, maps };
  await checkAllWeights(measured.models);
  return measureAnew(measured, context);
}

/** Throws a UserError where the files are no longer those of the CT. */
async function measureAnew(
  { series, sha256, cacheKey: key, models }: MeasuredSeries,
  { images, measurements, task }: Context,
): Promise<TablesAndMaps> {
  const quantification = await images.quantify({ series, sha256 }, models, subtask(task, 0, 0.98));
  const { lobes, textures, probabilities, ...tables } = quantification;
  const maps = { lobes, textures, probabilities };
  await measurements.putMaps(key, maps);
  await measurements.putJson(key, tables satisfies MeasuredTables);
  return { tables, maps };
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

/** The tables of the CT as its decisions say; its maps are not read where they are in the cache. */
export async function tablesOf(measured: MeasuredSeries, context: Context): Promise<DecidedTables> {
  return decidedTables(measured, await measuredTables(measured, context), context);
}

/** Lobes and textures to lay over the slices, and the tables beside them. */
export async function overlayMaps(
  measured: MeasuredSeries,
  context: Context,
): Promise<{ readonly lobes: LabelMap; readonly textures: LabelMap; readonly tables: DecidedTables }> {
  const { tables, maps } = await tablesAndMaps(measured, context);
  const decided = await decidedTables(measured, tables, context);
  if (!measured.decisions) return { lobes: maps.lobes, textures: maps.textures, tables: decided };
  const { textures } = await decide(measured, measured.decisions, true, context);
  return { lobes: maps.lobes, textures: { ...maps.lobes, labels: textures }, tables: decided };
}

/** Textures and densities by place in the lungs, from the maps in the cache: no network runs for them. */
export async function placeTables(
  measured: MeasuredSeries,
  { peripheralMm }: Pick<PlacesAsked, 'peripheralMm'>,
  context: Context,
): Promise<PlaceTables> {
  const key = hashOf('places', measured.cacheKey, measured.decisions ?? null, peripheralMm);
  const known = await context.measurements.json<PlaceTables>(key);
  if (known) return known;
  const { tables } = await placesOf(measured, { peripheralMm, map: false }, context);
  await context.measurements.putJson(key, tables);
  return tables;
}

/** The zone of each voxel of the CT, 1–12 in the order of ZONES. */
export async function zoneMap(measured: MeasuredSeries, peripheralMm: number, context: Context): Promise<Uint8Array> {
  return (await placesOf(measured, { peripheralMm, map: true }, context)).zones;
}

async function placesOf(
  measured: MeasuredSeries,
  wanted: { readonly peripheralMm: number; readonly map: boolean },
  context: Context,
): Promise<{ readonly tables: PlaceTables; readonly zones: Uint8Array }> {
  const { series, sha256, models, decisions } = measured;
  const { tables: all, maps } = await tablesAndMaps(measured, context);
  const { measurements, overlaps } = await decidedTables(measured, all, context);
  const textures = decisions ? (await decide(measured, decisions, true, context)).textures : maps.textures.labels;
  const { tables, zones } = await context.images.places(
    { series, sha256 },
    {
      lobes: maps.lobes,
      textures,
      classes: [...TEXTURE_CLASSES, ...classesBrought(models).map(({ name }) => name)],
      ...(decisions?.overlaps.length && { overlaps: { of: decisions.overlaps, probabilities: maps.probabilities } }),
      ...wanted,
    },
    context.task,
  );
  // Of a class that the model does not know there is no row here either.
  const known = new Set([...measurements, ...overlaps].map((row) => row.class));
  return { zones, tables: { ...tables, measurements: tables.measurements.filter((row) => known.has(row.class)) } };
}

/** As `decisions` say, from the maps that were measured. */
function decide(measured: MeasuredSeries, decisions: Decisions, maps: boolean, context: Context): Promise<Decided> {
  const { cacheKey: key, series, sha256 } = measured;
  const mapsOf = async () => (await tablesAndMaps(measured, context)).maps;
  return context.images.decide({ key, volume: { series, sha256 }, decisions, maps, measured: mapsOf }, context.task);
}
