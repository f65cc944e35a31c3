/** The rows of a patient in the table of `trap`: one per region. */
import type { RegistrationQuality } from '../../registration/registration.ts';
import type { AirRow, ResponseRow } from '../../registration/trapping.ts';
import type { CtPair } from '../../values/ctPairs.ts';
import type { DonePair } from '../eachPair.ts';
import type { Trapped } from './trapOne.ts';

export function trappingRows({ pair, result }: DonePair<Trapped>) {
  const { inspired, expired, voxels } = result;
  // One of both may know whole lungs alone.
  return inspired.flatMap((own, n) => {
    const other = expired.find(({ region }) => region === own.region);
    if (!other) return [];
    return {
      ...labelsOfPair(pair),
      region: own.region,
      ...airColumns(own, other),
      ...(voxels && { ...responseColumns(voxels.rows[n]!), ...qualityColumns(voxels.quality) }),
    };
  });
}

/** Of whom a row is; with the visit where the CTs have one. */
function labelsOfPair({ patient, first: { series }, second }: CtPair) {
  const { id, visit, days } = series;
  return { patient, series: id, ...(visit === undefined ? {} : { visit, days }), expiration: second.series.id };
}

function airColumns(inspired: AirRow, expired: AirRow) {
  const both = <T>(of: (a: number, b: number) => T, a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? undefined : of(a, b);
  return {
    insp_ml: inspired.volumeMl,
    exp_ml: expired.volumeMl,
    volume_change_percent: inspired.volumeMl
      ? (100 * (inspired.volumeMl - expired.volumeMl)) / inspired.volumeMl
      : undefined,
    insp_mean_hu: inspired.meanHu,
    exp_mean_hu: expired.meanHu,
    ei_ratio: both((a, b) => b / a, inspired.meanHu, expired.meanHu),
    trapped_percent: expired.belowPercent,
    rvc_percent: both((a, b) => b - a, inspired.betweenPercent, expired.betweenPercent),
  };
}

function responseColumns({ classifiedMl, percent }: ResponseRow) {
  const [normal, fsad, emphysema, other] = percent;
  return {
    prm_normal_percent: normal,
    prm_fsad_percent: fsad,
    prm_emphysema_percent: emphysema,
    prm_other_percent: other,
    prm_ml: classifiedMl,
  };
}

/** How far a row that was counted voxel by voxel may be trusted. */
export function qualityColumns({ dice, meanHuDifference, foldedPercent }: RegistrationQuality) {
  return { lung_dice: dice, hu_difference: meanHuDifference, folded_percent: foldedPercent };
}
