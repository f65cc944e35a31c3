/** The slice viewer of one series, plain or with the textures that were measured in it. */
import { LEVELS, LUNG_REGIONS, type LungRegion, TEXTURE_CLASSES, ZONES } from '../../protocol/names.ts';
import type { SeriesRemark } from '../../protocol/remark.ts';
import type { OwnClass } from '../../protocol/shownClasses.ts';
import { type EncodedSlice, type LobarReport, PLANES, type Plane, type SingleSliceView } from '../../protocol/view.ts';
import { regionInText } from '../../protocol/words/displayNames.ts';
import { patientOfLabel, visitLabel } from '../../protocol/words/visitLabel.ts';
import type { Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import { sliceCounts } from '../ct/geometry/slice.ts';
import type { ImageService } from '../lungs/imageService.ts';
import { type LungProfile, profileOfLabels, sliceWithMostLung } from '../lungs/lungProfile.ts';
import { classesBrought } from '../lungs/means.ts';
import type { PlaceTables } from '../lungs/places/measurePlaces.ts';
import { PERIPHERAL_MM } from '../lungs/places/placeVoxels.ts';
import type { MeasuredTables } from '../lungs/quantification.ts';
import { editInWords } from '../masks/editing/editRecord.ts';
import { recordsMeasured } from '../values/editedByHand.ts';
import { flagsOf } from '../values/flags.ts';
import { imageHandle } from '../values/handles.ts';
import { digestOf, overlayMaps, placeTables, tablesOf, zoneMap } from '../values/measuredSeries.ts';
import type { MeasurementStore } from '../values/measurementStore.ts';
import type { MeasuredSeries, MeasurementsValue } from '../values/value.ts';
import { ENCODING, encodeSlice, type SlicePlace } from './encodeSlice.ts';
import type { LevelledCt } from './sameLevel.ts';
import type { MostOf, SliceOverlay, SliceQuestion } from './sliceQuestion.ts';
import type { KeepViewer, ViewerOverlay, ViewerSource } from './viewerSource.ts';

export function overlayOf({ flags, provenance }: MeasurementsValue, measured: MeasuredSeries): SliceOverlay {
  const { patient, series } = measured;
  return { measured, flags: flags.filter((f) => f.patient === patient && f.series === series.id), provenance };
}

/** Where slices and label maps come from, and who keeps them at hand. */
export interface ViewerContext {
  readonly images: ImageService;
  readonly measurements: MeasurementStore;
  readonly keepViewer: KeepViewer;
  readonly task: Task;
}

/** Throws a UserError where the slice does not exist or the textures have left the cache. */
export async function sliceView(question: SliceQuestion, context: ViewerContext): Promise<SingleSliceView> {
  return viewOf(await openCt(question, context), context);
}

/** A CT with all that its view is made of. */
export interface OpenedCt extends LevelledCt {
  readonly question: SliceQuestion;
  readonly source: ViewerSource;
  readonly tables: MeasuredTables | undefined;
  /** Where zones and levels were asked for. */
  readonly places: PlaceTables | undefined;
}

/** Throws a UserError where the overlay is of another CT, or the textures have left the cache. */
export async function openCt(question: SliceQuestion, context: ViewerContext): Promise<OpenedCt> {
  const { patient, series, overlay, among } = question;
  const grid = await digestOf(series, context);
  if (overlay && overlay.measured.sha256 !== grid.sha256)
    throw new UserError(
      'not-measured',
      `The overlay was measured on another CT than ${patient}, ${series.id} is here: another cohort has one of the same label, or the files have changed since. Measure this one with \`quantify\`.`,
    );
  const tables = overlay && (await tablesOf(overlay.measured, context));
  const places =
    overlay && asksForPlaces(question)
      ? await placeTables(overlay.measured, overlay.measured.places ?? { peripheralMm: PERIPHERAL_MM }, context)
      : undefined;
  const source: ViewerSource = { series, grid, overlay: overlay && overlaid(overlay.measured, context), among };
  return { question, source, tables, places, grid, profile: await profileOf(source, context) };
}

/** Kept on disk: neither the CT nor its maps are read for it again. The overlay, if any, is of measured maps. */
export async function profileOf(
  { series, grid, overlay }: ViewerSource,
  { images, measurements, task }: Omit<ViewerContext, 'keepViewer'>,
): Promise<LungProfile> {
  const key = imageHandle('lung profile', grid.sha256, overlay?.measured?.cacheKey ?? null);
  const known = await measurements.json<LungProfile>(key);
  if (known) return known;
  const profile = overlay
    ? profileOfLabels((await overlay.maps(task)).lobes)
    : await images.profile({ series, sha256: grid.sha256 }, task);
  await measurements.putJson(key, profile);
  return profile;
}

/** `level` says which slice of each plane is shown first, where the question does not. Throws a UserError where it does not exist. */
export async function viewOf(
  { question, source, tables, places, grid, profile }: OpenedCt,
  context: ViewerContext,
  level?: Readonly<Record<Plane, number>>,
): Promise<SingleSliceView> {
  const { series, overlay, plane, index: wanted, mostOf, window, among, pair } = question;
  // A figure's point may be one visit, and what is drawn on the CT belongs to its patient.
  const patient = series.visit === undefined ? question.patient : patientOfLabel(question.patient);
  const title = series.visit === undefined ? patient : visitLabel(patient, series.visit);
  const own = overlay ? classesBrought(overlay.measured.models) : [];
  const edited = overlay ? editedIn(overlay.measured) : [];
  const counts = sliceCounts(grid.size);
  const { index: most, reason } = tables ? chosenSlice({ tables, places }, question, own) : {};
  const first = (p: Plane) => level?.[p] ?? (p === 'axial' ? most : undefined) ?? sliceWithMostLung(profile, p);
  const index = wanted ?? first(plane);
  if (index >= counts[plane])
    throw new UserError(
      'slice-out-of-range',
      `Slice ${index + 1} does not exist: the ${plane} plane of ${patient} has ${counts[plane]} slices.`,
    );
  const flags = overlay ? overlay.flags : fileFlags(patient, series);
  const starts = PLANES.map((p) => ({ plane: p, index: p === plane ? index : first(p) }));
  const slices = await startingSlices(source, starts, context);
  const further = [overlay?.measured.places, pair].filter((one) => one !== undefined);
  const handle = handleOf(source, further);
  context.keepViewer(handle, source);
  return {
    type: 'slices',
    title: `${title}, ${series.id}`,
    patient,
    series: series.id,
    handle,
    sliceCounts: counts,
    plane,
    index,
    window,
    ...(among ? { among: { place: among.place, of: among.of } } : {}),
    overlay: tables !== undefined,
    ...(overlay?.name === undefined ? {} : { overlayName: overlay.name }),
    facts: factsOf(series),
    slices,
    ...(flags ? { flags } : {}),
    ...(edited.length ? { edited } : {}),
    ...((mostOf || question.level) && reason ? { reason } : {}),
    ...(tables ? { report: reportOf(tables, own), axialPercent: percentOfTextures(tables, own) } : {}),
    ...(own.length ? { ownClasses: own } : {}),
    ...(places && (overlay?.measured.places?.levels || question.level) ? { levels: places.levels } : {}),
    ...(overlay ? { provenance: overlay.provenance } : {}),
  };
}

/**
 * Where viewers of one measured CT open that differ in `mostOf` or `index` alone, without their pictures; undefined for
 * one that cannot be found, such as a level.
 */
export async function openingPlaces(
  questions: readonly SliceQuestion[],
  context: ViewerContext,
): Promise<({ readonly index: number; readonly reason?: string } | undefined)[]> {
  const opened = new Map<boolean, Promise<OpenedCt>>();
  const places = questions.map(async (question) => {
    if (question.index !== undefined) return { index: question.index };
    const asks = asksForPlaces(question);
    const ct = await (opened.get(asks) ?? opened.set(asks, openCt(question, context)).get(asks)!);
    const own = question.overlay ? classesBrought(question.overlay.measured.models) : [];
    try {
      const chosen = ct.tables ? chosenSlice({ tables: ct.tables, places: ct.places }, question, own) : {};
      const { index = sliceWithMostLung(ct.profile, 'axial'), reason } = chosen;
      return { index, ...((question.mostOf || question.level) && reason ? { reason } : {}) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return undefined;
    }
  });
  return Promise.all(places);
}

/** Of everything that the slices and what is laid over them depend on. */
function handleOf({ grid, overlay, moved }: ViewerSource, further: readonly unknown[]): string {
  return imageHandle('slices', grid.sha256, overlay?.key ?? null, moved?.key ?? null, ...further);
}

/** A line for each map that was edited by hand. */
function editedIn({ models }: MeasuredSeries): string[] {
  return recordsMeasured(models)
    .filter(({ changedVoxels }) => changedVoxels > 0)
    .map(editInWords);
}

/** The maps, which are read once; where that fails or is given up, again by who wants them next. */
export function overlaid(measured: MeasuredSeries, context: Omit<ViewerContext, 'keepViewer'>): ViewerOverlay {
  const peripheralMm = measured.places?.zones ? measured.places.peripheralMm : undefined;
  let read: Promise<Maps> | undefined;
  const key = JSON.stringify([
    measured.cacheKey,
    measured.decisions,
    ...(peripheralMm === undefined ? [] : [peripheralMm]),
  ]);
  const shared = mapsInUse(context.measurements);
  const fetched = async (task: Task) => {
    const maps = shared.get(key)?.deref() ?? (await mapsOf(measured, peripheralMm, { ...context, task }));
    for (const [other, kept] of shared) if (!kept.deref()) shared.delete(other);
    shared.set(key, new WeakRef(maps));
    return maps;
  };
  return {
    measured,
    key,
    maps(task) {
      read ??= fetched(task).catch((error: unknown) => {
        read = undefined;
        throw error;
      });
      return read;
    },
  };
}

/** With the zones where they were asked for. */
async function mapsOf(
  measured: MeasuredSeries,
  peripheralMm: number | undefined,
  context: Omit<ViewerContext, 'keepViewer'>,
): Promise<Maps> {
  const maps = await overlayMaps(measured, context);
  if (peripheralMm === undefined) return maps;
  const { lobes } = maps;
  return { ...maps, zones: { ...lobes, labels: await zoneMap(measured, peripheralMm, context) } };
}

type Maps = Awaited<ReturnType<ViewerOverlay['maps']>>;

/** The maps that viewers of a session have at hand, so that another one of the same CT need not read them once more. */
const inUse = new WeakMap<MeasurementStore, Map<string, WeakRef<Maps>>>();

function mapsInUse(measurements: MeasurementStore): Map<string, WeakRef<Maps>> {
  const known = inUse.get(measurements) ?? new Map<string, WeakRef<Maps>>();
  inUse.set(measurements, known);
  return known;
}

/** Kept on disk: a CT that was looked at before is on screen before it, and its maps, are read. */
async function startingSlices(
  source: ViewerSource,
  starts: readonly SlicePlace[],
  { images, measurements, task }: ViewerContext,
): Promise<EncodedSlice[]> {
  const { grid, overlay, moved } = source;
  const key = imageHandle('starting slices', ENCODING, grid.sha256, overlay?.key ?? null, moved?.key ?? null, starts);
  const known = await measurements.json<EncodedSlice[]>(key);
  if (known) return known;
  const slices = await Promise.all(starts.map((start) => encodeSlice(images, source, start, task)));
  await measurements.putJson(key, slices);
  return slices;
}

/** What the files of a series that was not measured say; undefined where they say nothing. */
function fileFlags(patient: string, series: Series): SeriesRemark[] | undefined {
  return series.problems.length ? flagsOf(patient, series, series.problems) : undefined;
}

const ABNORMAL = {
  name: 'abnormal lung',
  classes: TEXTURE_CLASSES.filter((name) => name !== 'normal'),
  region: 'total',
} as const;

/** Of the textures of a measured CT: the six, and the model's own. */
function classesOf(own: readonly OwnClass[]): string[] {
  return [...TEXTURE_CLASSES, ...own.map(({ name }) => name)];
}

/** Of a level, the slice in which it was found; else the one with most of what is asked for. Throws a UserError where it was not found. */
function chosenSlice(
  { tables, places }: { readonly tables: MeasuredTables; readonly places: PlaceTables | undefined },
  { patient, level, mostOf }: SliceQuestion,
  own: readonly OwnClass[],
): { readonly index?: number; readonly reason?: string } {
  const abnormal = { ...ABNORMAL, classes: [...ABNORMAL.classes, ...own.map(({ name }) => name)] };
  const asked = level ?? LEVELS.find((one) => one === mostOf?.region);
  if (asked) {
    const found = places?.levels.find((one) => one.level === asked);
    if (!found)
      throw new UserError(
        'uncertain-level',
        `The level \`${asked}\` was not found in the CT of ${patient}. Look for it by scrolling, or choose another one.`,
      );
    const doubt = found.doubt === undefined ? '' : `, which may lie elsewhere: ${found.doubt}`;
    return { index: found.slice, reason: `The level ${regionInText(asked)}${doubt}.` };
  }
  const { name, classes, region } = mostOf ?? abnormal;
  const zone = ZONES.find((one) => one === region);
  if (zone) {
    const most = places?.most.find((one) => one.region === zone && classes.includes(one.class));
    return most
      ? { index: most.slice, reason: `The slice with most ${name} in ${regionInText(zone)}.` }
      : sliceWithMost(tables, { ...abnormal, region: 'total' });
  }
  return sliceWithMost(tables, { name, classes, region: LUNG_REGIONS.find((own) => own === region) ?? 'total' });
}

function asksForPlaces({ level, mostOf, overlay }: SliceQuestion): boolean {
  const isLobar = mostOf === undefined || LUNG_REGIONS.some((own) => own === mostOf.region);
  return level !== undefined || !isLobar || overlay?.measured.places !== undefined;
}

/** Where none of it was measured, the slice with most of the region; no index where that has no volume either. */
function sliceWithMost(
  { axialPercent }: MeasuredTables,
  { name, classes, region }: Omit<MostOf, 'region'> & { readonly region: LungRegion },
): { readonly index?: number; readonly reason?: string } {
  const place = region === 'total' ? '' : ` in ${regionInText(region)}`;
  const areas = axialPercent[region] ?? {};
  const most = largestArea(classes.flatMap((of) => [areas[of] ?? []]));
  if (most !== undefined) return { index: most, reason: `The slice with most ${name}${place}.` };
  const whole = largestArea(TEXTURE_CLASSES.map((of) => areas[of] ?? []));
  if (whole === undefined) return {};
  return {
    index: whole,
    reason: `No ${name} was measured${place}: the slice with most of ${region === 'total' ? 'the lungs' : regionInText(region)}.`,
  };
}

/** The slice in which the areas together are largest; undefined where all are nothing. */
function largestArea(areas: readonly (readonly number[])[]): number | undefined {
  const sums = (areas[0] ?? []).map((_, slice) => areas.reduce((sum, area) => sum + area[slice]!, 0));
  const most = Math.max(0, ...sums);
  return most > 0 ? sums.indexOf(most) : undefined;
}

/** Of the whole lungs, for the strip beside the slices. */
function percentOfTextures(
  { axialPercent: { total } }: MeasuredTables,
  own: readonly OwnClass[],
): NonNullable<SingleSliceView['axialPercent']> {
  return Object.fromEntries(classesOf(own).map((name) => [name, total?.[name] ?? []]));
}

function factsOf(series: Series): SingleSliceView['facts'] {
  const mm = (value: number) => `${Number(value.toFixed(2))} mm`;
  const facts: [string, string | undefined][] = [
    ['Scanner', series.scanner],
    ['Kernel', series.convolutionKernel],
    ['Pixel', mm(series.spacingMm[0])],
    ['Slice spacing', mm(series.spacingMm[2])],
    ['Slice thickness', series.sliceThicknessMm === undefined ? undefined : mm(series.sliceThicknessMm)],
    ['Position', series.patientPosition],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

function reportOf({ density, measurements }: MeasuredTables, own: readonly OwnClass[]): LobarReport {
  return {
    rows: density.map(({ region, volumeMl }) => ({
      region,
      volumeMl,
      percent: Object.fromEntries(
        classesOf(own).map((name) => [
          name,
          measurements.find((m) => m.region === region && m.class === name)?.percent ?? null,
        ]),
      ),
    })),
  };
}
