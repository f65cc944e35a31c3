/** Pairs of values of the same patients, in a region and of a class. */
import { LOBES, type Region } from '../../../protocol/names.ts';
import type { AgreementPair, AgreementPairs } from '../../agreement/agreementTable.ts';
import { categoryOf } from '../../tables/categories.ts';
import { categoryNames, type Scale } from '../../tables/scale.ts';
import { regionClassKey, type ScoreRow, type Scores } from '../../tables/scores.ts';

/** Gives the pairs of a region and class; a patient whom one side lacks there counts as missing. */
export function pairing(
  readings: readonly [Scores, Scores],
  patients: readonly string[],
  cutPoints: readonly number[],
  scale: Scale,
): (region: Region, name: string) => AgreementPairs {
  return (region, name) => {
    const [a, b] = readings.map(({ byPlace }) => byPlace.get(regionClassKey(region, name)));
    const pairs: AgreementPair[] = [];
    const lacking: string[] = [];
    for (const patient of patients) {
      const x = a?.get(patient);
      const y = b?.get(patient);
      if (!x || !y) {
        lacking.push(patient);
        continue;
      }
      pairs.push({
        patient,
        left: valueIn(x),
        right: valueIn(y),
        leftCategory: categoryIn(x, cutPoints, scale),
        rightCategory: categoryIn(y, cutPoints, scale),
      });
    }
    return {
      region,
      class: name,
      pairs,
      missing: lacking.length,
      lacking: lacking.map((patient) => ({ patient })),
      categories: scale.categories,
      categoryNames: categoryNames(scale),
    };
  };
}

/** The five lobes of all patients as one comparison. */
export function pooledLobes(pairsIn: (lobe: Region) => AgreementPairs): AgreementPairs {
  const lobes = LOBES.map((lobe) => ({ lobe, group: pairsIn(lobe) }));
  return {
    ...lobes[0]!.group,
    region: 'lobes',
    pairs: lobes.flatMap(({ lobe, group }) => group.pairs.map((pair) => ({ ...pair, lobe }))),
    missing: lobes.reduce((sum, { group }) => sum + group.missing, 0),
    lacking: lobes.flatMap(({ lobe, group }) => (group.lacking ?? []).map(({ patient }) => ({ patient, lobe }))),
  };
}

/** Percent where there is one, else the score: what ρ is taken of. */
function valueIn(row: ScoreRow): number {
  return row.percent ?? row.score!;
}

/** From 0. */
export function categoryIn(row: ScoreRow, cutPoints: readonly number[], { low }: Scale): number {
  return row.percent === undefined ? row.score! - low : categoryOf(row.percent, cutPoints);
}
