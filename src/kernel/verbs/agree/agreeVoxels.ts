/** `agree … on voxels`: two readings of the same CTs, or two sets of masks, voxel by voxel. */
import { from } from 'arquero';
import { TEXTURE_CLASSES } from '../../../protocol/names.ts';
import type { Remark, SeriesRemark } from '../../../protocol/remark.ts';
import { classLabel } from '../../../protocol/words/displayNames.ts';
import { visitLabel } from '../../../protocol/words/visitLabel.ts';
import { quantile } from '../../agreement/resampling/quantile.ts';
import { counted } from '../../base/counted.ts';
import { userErrorOf } from '../../base/plainCause.ts';
import { failure } from '../../base/remarks.ts';
import { subtask, type Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import type { VoxelComparison } from '../../masks/compareMaps.ts';
import { imageHandle } from '../../values/handles.ts';
import { ownClassesIn } from '../../values/measuredClasses.ts';
import type { Named } from '../../values/named.ts';
import type { MeasurementsValue, TableValue } from '../../values/value.ts';
import { tableView } from '../../views/tableView.ts';
import { VISIT_HEADINGS } from '../../views/visitHeadings.ts';
import { VOXEL_HEADINGS } from '../../views/voxelHeadings.ts';
import type { VerbContext, VerbResult } from '../verb.ts';
import { provenanceOf } from './agreeSides.ts';
import { classesAsked } from './asked.ts';
import type { AgreeArguments } from './clauses.ts';
import { type CtToCompare, ctsToCompare, keyOfPair, readingsOf } from './voxelReadings.ts';

export type VoxelSide = Named<'measurements' | 'masks'>;

/** One row of the result. */
interface VoxelRow extends VoxelComparison {
  readonly patient: string;
  readonly series: string;
  /** In a cohort with several visits, with the days since the patient's first where they are known. */
  readonly visit?: number;
  readonly days?: number | undefined;
}

/** CTs that only one side has are named, and one that fails leaves the others. Throws a UserError where none can be compared. */
export async function agreeVoxels(
  left: VoxelSide,
  right: VoxelSide,
  asked: AgreeArguments,
  context: VerbContext,
): Promise<VerbResult> {
  const { cts, remarks } = await ctsToCompare(left, right, context.task.signal);
  const parts = {
    byRegion: byRegionOf(asked),
    classes: classesOf([left, right], asked),
  };
  const rows: VoxelRow[] = [];
  const flags: SeriesRemark[] = [];
  for (const [n, ct] of cts.entries()) {
    const { patient, series, visit, days } = ct;
    const task = labelled(
      subtask(context.task, n / cts.length, (n + 1) / cts.length),
      `${patient} (${n + 1} of ${cts.length}): `,
    );
    try {
      const { compared, said } = await compareOne(ct, parts, { ...context, task });
      rows.push(
        ...compared.map((row) => ({ patient, series, ...(visit === undefined ? {} : { visit, days }), ...row })),
      );
      flags.push(...said.map((remark) => ({ ...remark, patient, series })));
    } catch (error) {
      if (context.task.signal.aborted) throw error;
      const { code, message } = userErrorOf(error);
      flags.push({ ...failure(code, `Not compared: ${message}`), patient, series });
    }
  }
  if (rows.length === 0) throw nothingCompared(left, right, flags);
  return resultOf({ left, right, rows, flags, remarks }, asked, context);
}

/** Those that are named, of the six and of what models bring; all of these where none is. */
function classesOf(sides: readonly VoxelSide[], asked: AgreeArguments): string[] {
  const own = sides.flatMap(({ value }) => (value.kind === 'measurements' ? ownClassesIn(value) : []));
  const known = [...new Set<string>([...TEXTURE_CLASSES, ...own.map(({ name }) => name)])];
  return (classesAsked(asked) ?? known).filter((name) => known.includes(name));
}

function labelled(task: Task, label: string): Task {
  return { signal: task.signal, progress: (fraction, message) => task.progress(fraction, label + message) };
}

function byRegionOf({ by }: AgreeArguments): boolean {
  if (by === undefined || by === 'region') return by === 'region';
  throw new UserError('idle-clause', `Voxels are compared \`by region\` alone, not by ${by}. Leave it out.`);
}

/** From the cache, where the same was compared before. */
async function compareOne(
  ct: CtToCompare,
  parts: { readonly byRegion: boolean; readonly classes: readonly string[] },
  context: VerbContext,
): Promise<{ readonly compared: readonly VoxelComparison[]; readonly said: readonly Remark[] }> {
  const { images, measurements, task } = context;
  const key = keyOfPair(ct, parts);
  const known = await measurements.json<{ compared: VoxelComparison[]; said: Remark[] }>(key);
  if (known) return known;
  const { grid, left, right, said } = await readingsOf(ct, { ...context, task: subtask(task, 0, 0.4) });
  const compared = await images.compare({ grid, left, right, parts }, subtask(task, 0.4, 1));
  if (compared.length === 0) throw new UserError('nothing-compared', 'the two have no region and no class in common.');
  await measurements.putJson(key, { compared, said });
  return { compared, said };
}

function nothingCompared(left: VoxelSide, right: VoxelSide, flags: readonly SeriesRemark[]): UserError {
  const reasons = flags.map(({ patient, message }) => `\n• ${patient}: ${message}`).join('');
  return new UserError(
    'nothing-compared',
    `\`${left.name}\` and \`${right.name}\` have no CT in common that can be compared voxel by voxel.${reasons}`,
  );
}

interface Compared {
  readonly left: VoxelSide;
  readonly right: VoxelSide;
  readonly rows: readonly VoxelRow[];
  readonly flags: readonly SeriesRemark[];
  readonly remarks: readonly Remark[];
}

function resultOf(
  { left, right, rows, flags, remarks }: Compared,
  asked: AgreeArguments,
  context: VerbContext,
): VerbResult {
  const sorted = worstFirst(rows);
  const provenance = provenanceOf(left, right, { on: 'voxels', ...(asked.by ? { byRegion: true } : {}) });
  const hasVisits = rows.some(({ visit }) => visit !== undefined);
  const table = from(
    sorted.map((row) => ({
      patient: row.patient,
      series: row.series,
      ...(hasVisits && { visit: row.visit, days: row.days }),
      region: row.region,
      class: row.class,
      dice: row.dice,
      surface_mean_mm: row.meanMm,
      hd95_mm: row.hd95Mm,
      left_ml: row.leftMl,
      right_ml: row.rightMl,
      difference_ml: row.leftMl - row.rightMl,
      difference_percent: row.rightMl ? (100 * (row.leftMl - row.rightMl)) / row.rightMl : undefined,
      worst_slice: row.worstSlice === undefined ? undefined : row.worstSlice + 1,
    })),
  );
  const value: TableValue = { kind: 'table', table, cutPoints: undefined, provenance };
  return {
    value,
    remarks,
    flags,
    view: () => {
      const handle = keepSlices([left, right], rows, context);
      return {
        ...tableView(table, {
          title: `Voxels of ${left.name} and ${right.name}: ${counted(new Set(rows.map(({ patient }) => patient)).size, 'patient')}`,
          notes: [...summaries(sorted), NOTE],
          researchOnly: true,
          provenance,
          columns: { ...VOXEL_HEADINGS, ...VISIT_HEADINGS },
        }),
        ...(handle === undefined ? {} : { patientsHandle: handle }),
      };
    },
  };
}

const NOTE =
  'Of each region and class the worst comes first. Surfaces are the voxels at a region’s border; the mean distance is over both surfaces, HD95 the larger 95th percentile of both directions. Differences are left less right.';

/** The measurements whose slices a row leads to, if any. */
function keepSlices(sides: readonly VoxelSide[], rows: readonly VoxelRow[], context: VerbContext): string | undefined {
  const measurements = sides.map(({ value }) => value).find(isMeasured);
  if (!measurements) return undefined;
  const handle = imageHandle(
    'voxels',
    measurements.measured.map(({ patient, cacheKey }) => [patient, cacheKey]),
    rows.map(({ worstSlice }) => worstSlice ?? null),
  );
  const keyOf = (row: Pick<VoxelRow, 'patient' | 'region'> & { readonly class: string | undefined }) =>
    JSON.stringify([row.patient, row.region, row.class ?? '']);
  const slices = new Map(rows.map((row) => [keyOf(row), row.worstSlice]));
  context.keepMeasurements(handle, measurements, (row) => slices.get(keyOf(row)));
  return handle;
}

function isMeasured(value: VoxelSide['value']): value is MeasurementsValue {
  return value.kind === 'measurements' && value.measured.length > 0;
}

/** Regions and classes in their order, in each the least overlap first. */
function worstFirst(rows: readonly VoxelRow[]): VoxelRow[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify([row.region, row.class ?? '']));
  return [...groups.values()].flatMap((group) => group.toSorted((a, b) => (a.dice ?? 2) - (b.dice ?? 2)));
}

/** "RUL: median Dice 0.97 [0.95; 0.98] of 8 patients, least 0.81 (P07)." */
function summaries(rows: readonly VoxelRow[]): string[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify([row.region, row.class ?? '']));
  return [...groups.values()].flatMap((group) => {
    const [worst] = group;
    const values = group.flatMap(({ dice }) => (dice === undefined ? [] : [dice])).sort((a, b) => a - b);
    if (!worst || values.length < 2) return [];
    const place = worst.class === undefined ? worst.region : `${classLabel(worst.class)}, ${worst.region}`;
    const at = (share: number) => quantile(values, share).toFixed(2);
    return [
      `${place}: median Dice ${at(0.5)} [${at(0.25)}; ${at(0.75)}] of ${counted(values.length, 'CT')}, least ${values[0]!.toFixed(2)} (${worst.visit === undefined ? worst.patient : visitLabel(worst.patient, worst.visit)}).`,
    ];
  });
}
