/** The rows of a patient in the tables of `change … on voxels` and `… on lesions`. */
import type { Region } from '../../../protocol/names.ts';
import type { CtPair } from '../../values/ctPairs.ts';
import { qualityColumns } from '../trap/trappingRows.ts';
import type { ChangedVoxels } from './changeVoxels.ts';

/** Days between the visits, where both dates are known. */
function labelsOf({ patient, first, second }: CtPair) {
  const [from, to] = [first.series.days, second.series.days];
  return {
    patient,
    series: first.series.id,
    later_series: second.series.id,
    days_between: from === undefined || to === undefined ? undefined : to - from,
  };
}

/** Percent is of what the class before had in the region. */
export function transitionRows(pair: CtPair, { transitions, quality }: ChangedVoxels, regions: readonly Region[]) {
  return transitions
    .filter(({ region }) => regions.includes(region))
    .map((row) => {
      const all = transitions
        .filter(({ region, before }) => region === row.region && before === row.before)
        .reduce((sum, { beforeMl }) => sum + beforeMl, 0);
      return {
        ...labelsOf(pair),
        region: row.region,
        class_before: row.before,
        class_after: row.after,
        before_ml: row.beforeMl,
        percent: (100 * row.beforeMl) / all,
        after_ml: row.afterMl,
        most_slice: row.mostSlice + 1,
        ...qualityColumns(quality),
      };
    });
}

export function lesionRows(pair: CtPair, { lesions, quality }: ChangedVoxels) {
  return lesions
    .filter((row) => row.class !== 'normal')
    .map((row) => ({
      ...labelsOf(pair),
      class: row.class,
      new_lesions: row.new,
      new_ml: row.newMl,
      gone_lesions: row.gone,
      gone_ml: row.goneMl,
      ...qualityColumns(quality),
    }));
}
