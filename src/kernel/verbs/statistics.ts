/** All statistics of an agreement as a table, with p-values adjusted for their number within each statistic. */
import { type ColumnTable, from } from 'arquero';
import { benjaminiHochberg, holm } from '../agreement/adjustedP.ts';
import { allStatistics, type StatisticRow } from '../agreement/allStatistics.ts';
import type { AgreementValue } from './value.ts';

export function statisticsOf({ pairs, isPercent }: AgreementValue): ColumnTable {
  const rows = pairs.flatMap((group) => allStatistics(group, isPercent.left === isPercent.right));
  const adjusted = new Map<StatisticRow, { p_holm: number | undefined; p_bh: number | undefined }>();
  for (const name of new Set(rows.map(({ statistic }) => statistic))) {
    const same = rows.filter(({ statistic }) => statistic === name);
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
