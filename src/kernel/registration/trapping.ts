/**
 * Air that stays in the lungs in expiration: by density of the expiration scan (below −856 HU), by how density and volume
 * change from inspiration, and voxel by voxel as the parametric response map (Galbán et al., Nat Med 2012;18:1711).
 */
import { LUNG_PARTS, type Region } from '../../protocol/names.ts';
import type { Task } from '../base/task.ts';
import { type LabelMap, type Volume, voxelMl } from '../ct/geometry/volume.ts';
import { lungRegionsIn } from '../lungs/lungParts.ts';
import { forEachLabelled, huAt, labelAt, placesIn } from './moved.ts';
import type { Registration } from './registration.ts';

/** In HU. */
export interface TrappingThresholds {
  /** Air trapping: below this in expiration. */
  readonly expiration: number;
  /** Emphysema: below this in inspiration. */
  readonly inspiration: number;
}

export const USUAL_THRESHOLDS: TrappingThresholds = { expiration: -856, inspiration: -950 };
/** Denser than this at either time, a voxel is vessel, airway wall or dense disease, and no parenchyma that can trap air. */
export const MOST_HU = -500;
export const LEAST_HU = -1000;

/** Densities of one region of one scan. */
export interface AirRow {
  readonly region: Region;
  readonly volumeMl: number;
  readonly meanHu: number | undefined;
  /** Percent of the voxels below the threshold of expiration, and from that of inspiration to below it. */
  readonly belowPercent: number | undefined;
  readonly betweenPercent: number | undefined;
}

export async function airOf(
  { hu }: Volume,
  lobes: LabelMap,
  { expiration, inspiration }: TrappingThresholds,
  task: Task,
): Promise<AirRow[]> {
  const sums = LUNG_PARTS.map(() => ({ n: 0, hu: 0, below: 0, between: 0 }));
  await forEachLabelled(
    lobes,
    (v) => {
      const own = sums[lobes.labels[v]! - 1]!;
      const value = hu[v]!;
      own.n++;
      own.hu += value;
      if (value < expiration) {
        own.below++;
        if (value >= inspiration) own.between++;
      }
    },
    task,
    'counting trapped air',
  );
  const ml = voxelMl(lobes);
  return lungRegionsIn(lobes.labels).map((region) => {
    const of = sums.filter((_, n) => region === 'total' || LUNG_PARTS[n] === region);
    const all = (part: 'n' | 'hu' | 'below' | 'between') => of.reduce((sum, own) => sum + own[part], 0);
    const n = all('n');
    const share = (count: number) => (n ? (100 * count) / n : undefined);
    return {
      region,
      volumeMl: n * ml,
      meanHu: n ? all('hu') / n : undefined,
      belowPercent: share(all('below')),
      betweenPercent: share(all('between')),
    };
  });
}

/** The classes of the parametric response map, in the order of its labels from 1 on. */
export const RESPONSES = [
  'response-normal',
  'small-airways-disease',
  'response-emphysema',
  'thin-in-inspiration-alone',
] as const;

export interface ResponseRow {
  readonly region: Region;
  /** Volume that was classified, at inspiration. */
  readonly classifiedMl: number;
  /** Percent of it for each of RESPONSES. */
  readonly percent: readonly (number | undefined)[];
}

export interface ResponseMap {
  /** Places in RESPONSES from 1 on, on the grid of the inspiration scan; 0 where nothing was classified. */
  readonly map: LabelMap;
  readonly rows: readonly ResponseRow[];
}

/** Functional small airways disease traps air that inspiration does not show; emphysema shows at both times. */
function responseOf(inspired: number, expired: number, { expiration, inspiration }: TrappingThresholds): number {
  if (inspired < LEAST_HU || inspired > MOST_HU || expired < LEAST_HU || expired > MOST_HU) return 0;
  if (inspired >= inspiration) return expired >= expiration ? 1 : 2;
  return expired >= expiration ? 4 : 3;
}

export async function responseMap(
  {
    inspired,
    expired,
    registration,
    thresholds,
  }: {
    readonly inspired: { readonly ct: Volume; readonly lobes: LabelMap };
    readonly expired: { readonly ct: Volume; readonly lobes: LabelMap };
    readonly registration: Registration;
    readonly thresholds: TrappingThresholds;
  },
  task: Task,
): Promise<ResponseMap> {
  const { lobes } = inspired;
  const labels = new Uint8Array(lobes.labels.length);
  const counts = LUNG_PARTS.map(() => new Float64Array(RESPONSES.length + 1));
  const placeOf = placesIn(registration, lobes, expired.lobes);
  const place = new Float64Array(3);
  await forEachLabelled(
    lobes,
    (v, i, j, k) => {
      placeOf(i, j, k, place);
      if (labelAt(expired.lobes.labels, expired.lobes.size, place) === 0) return;
      const response = responseOf(inspired.ct.hu[v]!, huAt(expired.ct, place), thresholds);
      labels[v] = response;
      counts[lobes.labels[v]! - 1]![response]!++;
    },
    task,
    'comparing both breaths voxel by voxel',
  );
  const ml = voxelMl(lobes);
  const rows = lungRegionsIn(lobes.labels).map((region): ResponseRow => {
    const of = counts.filter((_, n) => region === 'total' || LUNG_PARTS[n] === region);
    const each = RESPONSES.map((_, n) => of.reduce((sum, own) => sum + own[n + 1]!, 0));
    const all = each.reduce((sum, count) => sum + count, 0);
    return { region, classifiedMl: all * ml, percent: each.map((count) => (all ? (100 * count) / all : undefined)) };
  });
  return { map: { size: lobes.size, affine: lobes.affine, labels }, rows };
}
