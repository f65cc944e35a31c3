/** What stands beside κ to read it by: observed agreement, its ceiling, chance-corrected alternatives, prevalence and bias. */
import { type ContingencyTable, proportions } from './contingency.ts';
import { defined, type Estimate, undefinedBecause } from './estimate.ts';

export interface AgreementIndices {
  /** Pairs in the same category, 0–100. */
  readonly percentAgreement: Estimate;
  /** The largest unweighted κ that the margins allow (Cohen 1960). */
  readonly kappaMax: Estimate;
  /** Prevalence- and bias-adjusted κ, (k·po − 1)/(k − 1) (Byrt, Bishop & Carlin 1993). */
  readonly pabak: Estimate;
  /** Gwet's AC1 (2008). */
  readonly ac1: Estimate;
  /** |both present − both absent| / n, with present as category 1 or above (Byrt 1993, for the scale cut at its first step). */
  readonly prevalenceIndex: Estimate;
  /** |only left present − only right present| / n, cut likewise. */
  readonly biasIndex: Estimate;
}

export function agreementIndices(table: ContingencyTable): AgreementIndices {
  const total = table.flat().reduce((a, b) => a + b, 0);
  if (total === 0) {
    const none = undefinedBecause('there are no pairs');
    return { percentAgreement: none, kappaMax: none, pabak: none, ac1: none, prevalenceIndex: none, biasIndex: none };
  }
  const { cells, rows, columns } = proportions(table);
  const k = table.length;
  const observed = cells.reduce((sum, row, i) => sum + row[i]!, 0);
  const chance = rows.reduce((sum, share, i) => sum + share * columns[i]!, 0);
  const ceiling = rows.reduce((sum, share, i) => sum + Math.min(share, columns[i]!), 0);
  const gwetChance =
    rows.reduce((sum, share, i) => sum + ((share + columns[i]!) / 2) * (1 - (share + columns[i]!) / 2), 0) / (k - 1);
  const bothAbsent = cells[0]![0]!;
  const onlyRight = rows[0]! - bothAbsent;
  const onlyLeft = columns[0]! - bothAbsent;
  const bothPresent = 1 - bothAbsent - onlyRight - onlyLeft;
  return {
    percentAgreement: defined(observed * 100),
    kappaMax:
      1 - chance < 1e-12
        ? undefinedBecause('both sides put every case into the same one category')
        : defined((ceiling - chance) / (1 - chance)),
    pabak: defined((k * observed - 1) / (k - 1)),
    ac1: defined((observed - gwetChance) / (1 - gwetChance)),
    prevalenceIndex: defined(Math.abs(bothPresent - bothAbsent)),
    biasIndex: defined(Math.abs(onlyLeft - onlyRight)),
  };
}
