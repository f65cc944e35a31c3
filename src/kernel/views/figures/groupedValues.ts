/** One number of each patient, divided by groups: what summaries and figures `by` a column compare. */
import type { Region } from '../../../protocol/names.ts';
import { rankTest } from '../../agreement/association/betweenGroups.ts';
import { undefinedBecause } from '../../agreement/estimate.ts';
import type { NamedStatistic } from '../../agreement/statisticRow.ts';
import type { Grouping } from '../../values/value.ts';
import type { PercentRow } from './percents.ts';

export interface ValueGroup {
  readonly name: string;
  readonly values: readonly number[];
  /** In the order of the values. */
  readonly patients: readonly string[];
}

/** Of patients with several values the first counts, so that every patient counts once. */
export function groupedValues(
  values: Iterable<{ readonly patient: string; readonly value: number }>,
  { groupOf, groups }: Grouping,
): ValueGroup[] {
  const first = new Map<string, number>();
  for (const { patient, value } of values) if (!first.has(patient)) first.set(patient, value);
  return groups.map((name) => {
    const own = [...first].filter(([patient]) => groupOf.get(patient) === name);
    return { name, values: own.map(([, value]) => value), patients: own.map(([patient]) => patient) };
  });
}

export function groupedPercents(
  rows: readonly PercentRow[],
  place: { readonly region: Region; readonly class: string },
  grouping: Grouping,
): ValueGroup[] {
  const found = rows.flatMap(({ patient, region, class: own, percent }) =>
    region === place.region && own === place.class && percent !== undefined ? [{ patient, value: percent }] : [],
  );
  return groupedValues(found, grouping);
}

/** No patient may stand in two groups: visits are compared in pairs, by `change`. */
export function testBetween(groups: readonly ValueGroup[], { name }: Pick<Grouping, 'name'>): NamedStatistic {
  if (name.trim().toLowerCase() !== 'visit') return rankTest(groups.map(({ values }) => values));
  const none = undefinedBecause('visits are those of the same patients, whom `change` compares in pairs');
  return { name: 'no test between visits', value: none, p: none };
}

/** Said where some patients have several CTs. */
export function firstOnlyNote(rows: readonly PercentRow[]): string[] {
  const scans = new Set(rows.map(({ patient, series }) => JSON.stringify([patient, series]))).size;
  return scans > new Set(rows.map(({ patient }) => patient)).size
    ? ['Some patients have several CTs, the first of which counts.']
    : [];
}
