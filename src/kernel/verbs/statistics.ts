/** All statistics of an agreement as a table, with p-values adjusted for their number within each statistic. */
import { type ColumnTable, from } from 'arquero';
import { benjaminiHochberg, holm } from '../agreement/adjustP.ts';
import type { AgreementRow } from '../agreement/agreementTable.ts';
import { allStatistics, type StatisticRow } from '../agreement/allStatistics.ts';
import type { AgreementValue } from './value.ts';

export function statisticsOf({ pairs, sameScale, table }: AgreementValue): ColumnTable {
  const spearman = (table.objects() as AgreementRow[]).map(
    (row): StatisticRow => ({
      region: row.region,
      class: row.class,
      statistic: 'Spearman ρ',
      value: row.rho,
      ci_low: row.rho_ci_low,
      ci_high: row.rho_ci_high,
      p: row.rho_p,
      note: undefined,
    }),
  );
  const rows = pairs.flatMap((group, n) => [spearman[n]!, ...allStatistics(group, sameScale)]);
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
