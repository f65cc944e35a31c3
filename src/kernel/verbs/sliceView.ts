/** The slice viewer of one series, plain or with the textures that were measured in it. */
import { TEXTURE_CLASSES, type TextureClass } from '../../protocol/names.ts';
import {
  type Flag,
  type HuWindow,
  type LobarReport,
  PLANES,
  type Plane,
  type Provenance,
  type SliceView,
} from '../../protocol/view.ts';
import { UserError } from '../base/userError.ts';
import type { Series } from '../ct/cohort.ts';
import { sliceCounts } from '../ct/slice.ts';
import type { MeasuredTables } from '../lungs/quantification.ts';
import { encodeSlice } from './encodeSlice.ts';
import { flagsOf } from './flags.ts';
import { overlayMaps } from './measuredSeries.ts';
import type { MeasuredSeries, MeasurementsValue } from './value.ts';
import type { VerbContext } from './verb.ts';

export const LUNG_WINDOW: HuWindow = { centre: -600, width: 1500 };

/** What is laid over the slices. */
export interface SliceOverlay {
  readonly measured: MeasuredSeries;
  /** Of this series. */
  readonly flags: readonly Flag[];
  readonly provenance: Provenance;
}

export interface SliceQuestion {
  readonly patient: string;
  readonly series: Series;
  readonly overlay: SliceOverlay | undefined;
  readonly plane: Plane;
  /** Counted from 0; undefined for the axial one with most of `mostOf` or of all abnormal lung, else the middle. */
  readonly index: number | undefined;
  readonly mostOf?: TextureClass;
  readonly window: HuWindow;
}

export function overlayOf({ flags, provenance }: MeasurementsValue, measured: MeasuredSeries): SliceOverlay {
  const { patient, series } = measured;
  return { measured, flags: flags.filter((f) => f.patient === patient && f.series === series.id), provenance };
}

/** Throws a UserError where the slice does not exist or the textures have left the cache. */
export async function sliceView(
  { patient, series, overlay, plane, index: wanted, mostOf, window }: SliceQuestion,
  context: Pick<VerbContext, 'images' | 'measurements' | 'keepViewer' | 'task'>,
): Promise<SliceView> {
  const grid = await context.images.run('open', { series }, context.task);
  const maps = overlay && (await overlayMaps(overlay.measured, context));
  const tables = maps?.tables;
  const key = JSON.stringify([overlay?.measured.cacheKey, overlay?.measured.decisions]);
  const source = { series, grid, overlay: maps && { ...maps, key } };
  const counts = sliceCounts(grid.size);
  const classes = mostOf ? [mostOf] : TEXTURE_CLASSES.filter((name) => name !== 'normal');
  const first = (p: Plane) => firstSlice(p, counts[p], tables, classes);
  const index = wanted ?? first(plane);
  if (index >= counts[plane])
    throw new UserError(
      'slice-out-of-range',
      `Slice ${index + 1} does not exist: the ${plane} plane of ${patient} has ${counts[plane]} slices.`,
    );
  const flags = overlay ? overlay.flags : fileFlags(patient, series);
  const starts = PLANES.map((p) => ({ plane: p, index: p === plane ? index : first(p) }));
  const slices = await Promise.all(
    starts.map((start) => encodeSlice(context.images, source, start.plane, start.index)),
  );
  return {
    type: 'slices',
    title: `${patient}, ${series.id}`,
    patient,
    series: series.id,
    handle: context.keepViewer(source),
    sliceCounts: counts,
    plane,
    index,
    window,
    overlay: tables !== undefined,
    facts: factsOf(series),
    slices,
    ...(flags ? { flags } : {}),
    ...(tables ? { report: reportOf(tables), axialPercent: tables.axialPercent } : {}),
    ...(overlay ? { provenance: overlay.provenance } : {}),
  };
}

/** What the files of a series that was not measured say; undefined where they say nothing. */
function fileFlags(patient: string, series: Series): Flag[] | undefined {
  return series.problems.length ? flagsOf(patient, series, series.problems) : undefined;
}

/** The axial slice with most of the classes; else the middle. */
function firstSlice(
  plane: Plane,
  count: number,
  tables: MeasuredTables | undefined,
  classes: readonly TextureClass[],
): number {
  const middle = Math.floor(count / 2);
  if (plane !== 'axial' || !tables) return middle;
  const percents = classes.map((name) => tables.axialPercent[name]);
  const areas = Array.from({ length: count }, (_, k) => percents.reduce((sum, area) => sum + area[k]!, 0));
  const most = Math.max(...areas);
  return most > 0 ? areas.indexOf(most) : middle;
}

function factsOf(series: Series): SliceView['facts'] {
  const mm = (value: number) => `${Number(value.toFixed(2))} mm`;
  const facts: [string, string | undefined][] = [
    ['Scanner', series.scanner],
    ['Kernel', series.kernel],
    ['Pixel', mm(series.spacingMm[0])],
    ['Slice spacing', mm(series.spacingMm[2])],
    ['Slice thickness', series.sliceThicknessMm === undefined ? undefined : mm(series.sliceThicknessMm)],
    ['Position', series.patientPosition],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

function reportOf({ density, measurements }: MeasuredTables): LobarReport {
  return {
    rows: density.map(({ region, volumeMl }) => ({
      region,
      volumeMl,
      percent: Object.fromEntries(
        TEXTURE_CLASSES.map((name) => [
          name,
          measurements.find((m) => m.region === region && m.class === name)?.percent ?? null,
        ]),
      ) as Record<TextureClass, number | null>,
    })),
  };
}
