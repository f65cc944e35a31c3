/** All statistics of an agreement as a table, with p-values adjusted for their number within each statistic; and its counts. */
import { type ColumnTable, from } from 'arquero';
import { benjaminiHochberg, holm } from '../agreement/adjustedP.ts';
import { type AgreementPairs, categoryName, tableOf } from '../agreement/agreementTable.ts';
import { allStatistics } from '../agreement/allStatistics.ts';
import type { StatisticRow } from '../agreement/statisticRow.ts';
import type { AgreementValue } from './value.ts';

export function statisticsOf({ pairs, isPercent, weights, ci }: AgreementValue): ColumnTable {
  const sameScale = isPercent.left === isPercent.right;
  return statisticsTable(pairs.flatMap((group) => allStatistics(group, sameScale, { weights, ci })));
}

/** The contingency tables, a row per pair of categories of the full scale. */
export function countsOf({ pairs }: AgreementValue): ColumnTable {
  return from(
    pairs.flatMap((group) =>
      tableOf(group).flatMap((row, left) =>
        row.map((count, right) => ({
          region: group.region,
          class: group.class,
          left: categoryCell(group, left),
          right: categoryCell(group, right),
          count,
        })),
      ),
    ),
  );
}

/** A number of the scale, or its word. */
function categoryCell(group: AgreementPairs, category: number): number | string {
  const name = categoryName(group, category);
  const number = Number(name);
  return String(number) === name ? number : name;
}

export function statisticsTable(rows: readonly StatisticRow[]): ColumnTable {
  const adjusted = new Map<StatisticRow, { p_holm: number | undefined; p_bh: number | undefined }>();
  for (const same of Map.groupBy(rows, ({ statistic }) => statistic).values()) {
    const p = same.map((row) => row.p);
    const [byHolm, byRate] = [holm(p), benjaminiHochberg(p)];
    for (const [n, row] of same.entries()) adjusted.set(row, { p_holm: byHolm[n], p_bh: byRate[n] });
  }
  return from(
    rows.map((row) => {
      const { note, ...rest } = row;
      return { ...rest, ...adjusted.get(row), note };
    }),
  );
}
