/** The slice viewer of one series, plain or with the textures that were measured in it. */
import { TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { SeriesRemark } from '../../protocol/remark.ts';
import type { OwnClass } from '../../protocol/shownClasses.ts';
import { type EncodedSlice, type LobarReport, PLANES, type Plane, type SingleSliceView } from '../../protocol/view.ts';
import type { Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import { sliceCounts } from '../ct/geometry/slice.ts';
import type { ImageService } from '../lungs/imageService.ts';
import { type LungProfile, profileOfLabels, sliceWithMostLung } from '../lungs/lungProfile.ts';
import { classesBrought } from '../lungs/means.ts';
import type { MeasuredTables } from '../lungs/quantification.ts';
import { editInWords } from '../masks/editing/editRecord.ts';
import { recordsMeasured } from '../values/editedByHand.ts';
import { flagsOf } from '../values/flags.ts';
import { digestOf, imageHandle, overlayMaps, tablesOf } from '../values/measuredSeries.ts';
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
  const source: ViewerSource = { series, grid, overlay: overlay && overlaid(overlay.measured, context), among };
  return { question, source, tables, grid, profile: await profileOf(source, overlay, context) };
}

/** Kept on disk: neither the CT nor its maps are read for it again. */
async function profileOf(
  { series, grid, overlay }: ViewerSource,
  laidOver: SliceOverlay | undefined,
  { images, measurements, task }: ViewerContext,
): Promise<LungProfile> {
  const key = imageHandle('lung profile', grid.sha256, laidOver?.measured.cacheKey ?? null);
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
  { question, source, tables, grid, profile }: OpenedCt,
  context: ViewerContext,
  level?: Readonly<Record<Plane, number>>,
): Promise<SingleSliceView> {
  const { patient, series, overlay, plane, index: wanted, mostOf, window, among } = question;
  const own = overlay ? classesBrought(overlay.measured.models) : [];
  const edited = overlay ? editedIn(overlay.measured) : [];
  const counts = sliceCounts(grid.size);
  const { index: most, reason } = tables
    ? sliceWithMost(tables, mostOf ?? { ...ABNORMAL, classes: [...ABNORMAL.classes, ...own.map(({ name }) => name)] })
    : {};
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
  const handle = imageHandle('slices', grid.sha256, overlay?.measured.cacheKey, overlay?.measured.decisions);
  context.keepViewer(handle, source);
  return {
    type: 'slices',
    title: `${patient}, ${series.id}`,
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
    ...(mostOf && reason ? { reason } : {}),
    ...(tables ? { report: reportOf(tables, own), axialPercent: percentOfTextures(tables, own) } : {}),
    ...(own.length ? { ownClasses: own } : {}),
    ...(overlay ? { provenance: overlay.provenance } : {}),
  };
}

/** A line for each map that was edited by hand. */
function editedIn({ models }: MeasuredSeries): string[] {
  return recordsMeasured(models)
    .filter(({ changedVoxels }) => changedVoxels > 0)
    .map(editInWords);
}

/** The maps, which are read once; where that fails or is given up, again by who wants them next. */
function overlaid(measured: MeasuredSeries, context: ViewerContext): ViewerOverlay {
  let read: ReturnType<ViewerOverlay['maps']> | undefined;
  return {
    measured,
    key: JSON.stringify([measured.cacheKey, measured.decisions]),
    maps(task) {
      read ??= overlayMaps(measured, { ...context, task }).catch((error: unknown) => {
        read = undefined;
        throw error;
      });
      return read;
    },
  };
}

/** Kept on disk: a CT that was looked at before is on screen before it, and its maps, are read. */
async function startingSlices(
  source: ViewerSource,
  starts: readonly SlicePlace[],
  { images, measurements, task }: ViewerContext,
): Promise<EncodedSlice[]> {
  const { grid, overlay } = source;
  const key = imageHandle('starting slices', ENCODING, grid.sha256, overlay?.key ?? null, starts);
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

const ABNORMAL: MostOf = {
  name: 'abnormal lung',
  classes: TEXTURE_CLASSES.filter((name) => name !== 'normal'),
  region: 'total',
};

/** Of the textures of a measured CT: the six, and the model's own. */
function classesOf(own: readonly OwnClass[]): string[] {
  return [...TEXTURE_CLASSES, ...own.map(({ name }) => name)];
}

/** Where none of it was measured, the slice with most of the region; no index where that has no volume either. */
function sliceWithMost(
  { axialPercent }: MeasuredTables,
  { name, classes, region }: MostOf,
): { readonly index?: number; readonly reason?: string } {
  const place = region === 'total' ? '' : ` in ${region}`;
  const most = largestArea(classes.flatMap((of) => [axialPercent[region][of] ?? []]));
  if (most !== undefined) return { index: most, reason: `The slice with most ${name}${place}.` };
  const whole = largestArea(TEXTURE_CLASSES.map((of) => axialPercent[region][of]!));
  if (whole === undefined) return {};
  return {
    index: whole,
    reason: `No ${name} was measured${place}: the slice with most of ${region === 'total' ? 'the lungs' : region}.`,
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
  return Object.fromEntries(classesOf(own).map((name) => [name, total[name]!]));
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
