/** The slice viewer of one series, plain or with the textures that were measured in it. */
import { type Region, TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { SeriesRemark } from '../../protocol/remark.ts';
import type { OwnClass } from '../../protocol/shownClasses.ts';
import {
  type HuWindow,
  type LobarReport,
  PLANES,
  type Plane,
  type Provenance,
  type SliceView,
} from '../../protocol/view.ts';
import type { Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import { sliceCounts } from '../ct/geometry/slice.ts';
import type { ImageService } from '../lungs/imageService.ts';
import { classesBrought } from '../lungs/means.ts';
import type { MeasuredTables } from '../lungs/quantification.ts';
import { flagsOf } from '../values/flags.ts';
import { imageHandle, overlayMaps } from '../values/measuredSeries.ts';
import type { MeasurementStore } from '../values/measurementStore.ts';
import type { MeasuredSeries, MeasurementsValue } from '../values/value.ts';
import { encodeSlice } from './encodeSlice.ts';
import type { KeepViewer } from './viewerSource.ts';

/** What is laid over the slices. */
export interface SliceOverlay {
  readonly measured: MeasuredSeries;
  /** Of this series. */
  readonly flags: readonly SeriesRemark[];
  readonly provenance: Provenance;
}

/** What the axial slice should show most of. */
export interface MostOf {
  /** In words, such as "fibrosis". */
  readonly name: string;
  /** The classes and overlaps that count. */
  readonly classes: readonly string[];
  readonly region: Region;
}

export interface SliceQuestion {
  readonly patient: string;
  readonly series: Series;
  readonly overlay: SliceOverlay | undefined;
  readonly plane: Plane;
  /** Counted from 0; undefined for the axial one with most of `mostOf` or of all abnormal lung, else the middle. */
  readonly index: number | undefined;
  readonly mostOf?: MostOf;
  readonly window: HuWindow;
}

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
export async function sliceView(
  { patient, series, overlay, plane, index: wanted, mostOf, window }: SliceQuestion,
  context: ViewerContext,
): Promise<SliceView> {
  const grid = await context.images.open(series, context.task);
  const maps = overlay && (await overlayMaps(overlay.measured, context));
  const tables = maps?.tables;
  const own = overlay ? classesBrought(overlay.measured.models) : [];
  const key = JSON.stringify([overlay?.measured.cacheKey, overlay?.measured.decisions]);
  const source = { series, grid, overlay: maps && { ...maps, key } };
  const counts = sliceCounts(grid.size);
  const { index: most, reason } = tables
    ? sliceWithMost(tables, mostOf ?? { ...ABNORMAL, classes: [...ABNORMAL.classes, ...own.map(({ name }) => name)] })
    : {};
  const first = (p: Plane) => (p === 'axial' ? most : undefined) ?? Math.floor(counts[p] / 2);
  const index = wanted ?? first(plane);
  if (index >= counts[plane])
    throw new UserError(
      'slice-out-of-range',
      `Slice ${index + 1} does not exist: the ${plane} plane of ${patient} has ${counts[plane]} slices.`,
    );
  const flags = overlay ? overlay.flags : fileFlags(patient, series);
  const starts = PLANES.map((p) => ({ plane: p, index: p === plane ? index : first(p) }));
  const slices = await Promise.all(starts.map((start) => encodeSlice(context.images, source, start)));
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
    overlay: tables !== undefined,
    facts: factsOf(series),
    slices,
    ...(flags ? { flags } : {}),
    ...(mostOf && reason ? { reason } : {}),
    ...(tables ? { report: reportOf(tables, own), axialPercent: percentOfTextures(tables, own) } : {}),
    ...(own.length ? { ownClasses: own } : {}),
    ...(overlay ? { provenance: overlay.provenance } : {}),
  };
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
): NonNullable<SliceView['axialPercent']> {
  return Object.fromEntries(classesOf(own).map((name) => [name, total[name]!]));
}

function factsOf(series: Series): SliceView['facts'] {
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
