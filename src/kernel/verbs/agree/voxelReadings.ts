/** The label maps of both sides of `agree … on voxels`, on the grid of the CT that they are of, or of the first side's mask. */
import type { Remark } from '../../../protocol/remark.ts';
import { atMost } from '../../../protocol/words/lists.ts';
import { patientOfLabel, visitLabel } from '../../../protocol/words/visitLabel.ts';
import { warning } from '../../base/remarks.ts';
import { subtask } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import { lpsOrder, reorderGrid } from '../../ct/geometry/orientation.ts';
import type { Grid } from '../../ct/geometry/volume.ts';
import { classesBrought } from '../../lungs/means.ts';
import type { VoxelReading } from '../../masks/compareMaps.ts';
import { type GivenMasks, ownClassesIn } from '../../masks/givenMasks.ts';
import { isOther } from '../../masks/reading/structures.ts';
import { resultKey } from '../../values/handles.ts';
import { masksOfCts, masksOfMasks } from '../../values/masks.ts';
import { overlayMaps } from '../../values/measuredSeries.ts';
import type { Named } from '../../values/named.ts';
import type { MeasuredSeries } from '../../values/value.ts';
import type { VerbContext } from '../verb.ts';
import type { VoxelSide } from './agreeVoxels.ts';

type Reading = MeasuredSeries | GivenMasks;

/** One CT with what either side has of it. */
export interface CtToCompare {
  readonly patient: string;
  readonly series: string;
  /** In a cohort with several visits, with the days since the patient's first. */
  readonly visit?: number;
  readonly days?: number;
  readonly left: Reading;
  readonly right: Reading;
}

const isMeasured = (reading: Reading): reading is MeasuredSeries => 'cacheKey' in reading;

/** Names everything that a comparison depends on. */
export function keyOfPair({ left, right }: CtToCompare, parts: unknown): string {
  const [a, b] = [left, right].map((one) => (isMeasured(one) ? [one.cacheKey, one.decisions ?? null] : one.digest));
  return resultKey('compare voxels', a, b, parts);
}

export interface CtsToCompare {
  readonly cts: readonly CtToCompare[];
  /** On what only one side has. */
  readonly remarks: readonly Remark[];
}

export async function ctsToCompare(left: VoxelSide, right: VoxelSide, signal: AbortSignal): Promise<CtsToCompare> {
  const [a, b] = [left.value, right.value];
  if (a.kind === 'measurements' && b.kind === 'measurements')
    return bothMeasured({ ...left, value: a }, { ...right, value: b });
  if (a.kind === 'masks' && b.kind === 'masks') return bothMasks({ ...left, value: a }, { ...right, value: b });
  const measured = a.kind === 'measurements' ? a : b;
  const masks = a.kind === 'masks' ? { ...left, value: a } : { ...right, value: b };
  if (measured.kind !== 'measurements' || masks.value.kind !== 'masks') throw new Error('one side is of each kind');
  const { of, remarks } = await masksOfCts({ name: masks.name, value: masks.value }, measured.measured, signal);
  const without: MeasuredSeries[] = [];
  const cts = measured.measured.flatMap((series): CtToCompare[] => {
    const given = of(series);
    if (!given) {
      without.push(series);
      return [];
    }
    const place = placeOf(series);
    return [
      a.kind === 'measurements' ? { ...place, left: series, right: given } : { ...place, left: given, right: series },
    ];
  });
  return { cts, remarks: [...remarks, ...missing(namesOf(without, cts), masks.name)] };
}

function placeOf({ patient, series: { id, visit, days } }: MeasuredSeries) {
  return {
    patient,
    series: id,
    ...(visit === undefined ? {} : { visit }),
    ...(days === undefined ? {} : { days }),
  };
}

/** The patients of these CTs; a visit, or else a series, of those of whom another CT is compared. */
function namesOf(lacking: readonly MeasuredSeries[], compared: readonly CtToCompare[]): string[] {
  const present = new Set(compared.map(({ patient }) => patient));
  const names = lacking.map(({ patient, series: { id, visit } }) => {
    if (!present.has(patient)) return patient;
    return visit === undefined ? `${patient}, ${id}` : visitLabel(patient, visit);
  });
  return [...new Set(names)];
}

function missing(names: readonly string[], name: string): Remark[] {
  if (names.length === 0) return [];
  return [
    {
      ...warning('mask-missing', `\`${name}\` has nothing of ${atMost([...names], 6)}, left out here.`),
      patients: [...new Set(names.map(patientOfLabel))],
    },
  ];
}

function bothMeasured(left: Named<'measurements'>, right: Named<'measurements'>): CtsToCompare {
  const keyOf = ({ patient, sha256 }: MeasuredSeries) => JSON.stringify([patient, sha256]);
  const others = new Map(right.value.measured.map((series) => [keyOf(series), series]));
  const cts = left.value.measured.flatMap((series): CtToCompare[] => {
    const other = others.get(keyOf(series));
    return other ? [{ ...placeOf(series), left: series, right: other }] : [];
  });
  const shared = new Set(left.value.measured.map(keyOf).filter((key) => others.has(key)));
  const lacking = (side: Named<'measurements'>) =>
    namesOf(
      side.value.measured.filter((series) => !shared.has(keyOf(series))),
      cts,
    );
  return { cts, remarks: [...missing(lacking(left), right.name), ...missing(lacking(right), left.name)] };
}

function bothMasks(left: Named<'masks'>, right: Named<'masks'>): CtsToCompare {
  const { pairs, onlyLeft, onlyRight } = masksOfMasks(left, right);
  return {
    cts: pairs.map(([label, a, b]) => ({ patient: label, series: 'masks', left: a, right: b })),
    remarks: [...missing(onlyLeft, right.name), ...missing(onlyRight, left.name)],
  };
}

export interface Readings {
  readonly grid: Grid;
  readonly left: VoxelReading;
  readonly right: VoxelReading;
  /** On masks that were laid over the grid. */
  readonly said: readonly Remark[];
}

/** Throws a UserError where a mask cannot be laid over the grid. */
export async function readingsOf({ left, right }: CtToCompare, context: VerbContext): Promise<Readings> {
  const { images, task } = context;
  const said: Remark[] = [];
  const wanted = { lobes: true, textures: true, others: othersOf(left, right), allOfLungs: true };
  const measured = [left, right].find(isMeasured);
  let grid = isMeasured(left) || isMeasured(right) ? undefined : gridOfMasks(left);
  const read = async (reading: Reading, part: typeof task): Promise<VoxelReading> => {
    if (isMeasured(reading)) {
      const { lobes, textures } = await overlayMaps(reading, { ...context, task: part });
      grid ??= { size: lobes.size, affine: lobes.affine };
      return { lobes: lobes.labels, textures: textures.labels, ownClasses: ownNames(reading), others: [] };
    }
    const { remarks, ...placed } = await images.place({ grid: grid!, masks: reading, wanted }, part);
    said.push(...remarks);
    return { ...placed, ownClasses: ownClassesIn(reading).map(({ name }) => name) };
  };
  // What was measured first: it brings the grid.
  const inOrder = measured === right ? [right, left] : [left, right];
  const readings = new Map<Reading, VoxelReading>();
  for (const [n, reading] of inOrder.entries())
    readings.set(reading, await read(reading, subtask(task, n / 2, (n + 1) / 2)));
  return { grid: grid!, left: readings.get(left)!, right: readings.get(right)!, said };
}

/** Structures that both sides name. */
function othersOf(left: Reading, right: Reading): string[] {
  const [a, b] = [left, right].map((reading) =>
    isMeasured(reading)
      ? ownNames(reading)
      : reading.files.flatMap(({ segments }) => segments.map(({ structure }) => structure)),
  );
  return [...new Set(a!.filter((name) => isOther(name) && b!.includes(name)))];
}

function ownNames({ models }: MeasuredSeries): string[] {
  return classesBrought(models).map(({ name }) => name);
}

function gridOfMasks({ name, files }: GivenMasks): Grid {
  const grid = files.find((file) => file.grid)?.grid;
  if (!grid)
    throw new UserError(
      'mask-file',
      `\`${name}\` has contours alone, which have no voxels of their own. Compare them with measurements of the CT that they were drawn on.`,
    );
  return reorderGrid(grid, lpsOrder(grid.affine));
}
