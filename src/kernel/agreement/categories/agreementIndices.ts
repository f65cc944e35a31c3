/** What stands beside κ to read it by: observed agreement, its ceiling, chance-corrected alternatives, prevalence and bias. */
import { defined, type Estimate, undefinedBecause } from '../estimate.ts';
import { type ContingencyTable, proportions, totalOf } from './contingency.ts';
import { gwetAgreement } from './gwet.ts';
import { ROUNDING } from './kappaValue.ts';
import { pabak, percentAgreement } from './observedAgreement.ts';

export interface AgreementIndices {
  /** Pairs in the same category, 0–100. */
  readonly percentAgreement: Estimate;
  /** The largest unweighted κ that the margins allow (Cohen 1960). */
  readonly kappaMax: Estimate;
  /** Prevalence- and bias-adjusted κ (Byrt, Bishop & Carlin 1993). */
  readonly pabak: Estimate;
  /** Gwet's AC1 (2008). */
  readonly ac1: Estimate;
  /** |both present − both absent| / n, with present as category 1 or above (Byrt 1993, for the scale cut at its first step). */
  readonly prevalenceIndex: Estimate;
  /** |only left present − only right present| / n, cut likewise. */
  readonly biasIndex: Estimate;
}

/** The indices of a table; all undefined where there are no pairs, κ-max also where all cases are in one category. */
export function agreementIndices(table: ContingencyTable): AgreementIndices {
  if (totalOf(table) === 0) {
    const none = undefinedBecause('there are no pairs');
    return { percentAgreement: none, kappaMax: none, pabak: none, ac1: none, prevalenceIndex: none, biasIndex: none };
  }
  const { cells, rows, columns } = proportions(table);
  const chance = rows.reduce((sum, share, i) => sum + share * columns[i]!, 0);
  const ceiling = rows.reduce((sum, share, i) => sum + Math.min(share, columns[i]!), 0);
  const bothAbsent = cells[0]![0]!;
  const onlyRight = rows[0]! - bothAbsent;
  const onlyLeft = columns[0]! - bothAbsent;
  const bothPresent = 1 - bothAbsent - onlyRight - onlyLeft;
  return {
    percentAgreement: percentAgreement(table).value,
    kappaMax:
      1 - chance < ROUNDING
        ? undefinedBecause('both sides put every case into the same one category')
        : defined((ceiling - chance) / (1 - chance)),
    pabak: pabak(table).value,
    ac1: gwetAgreement(table, 'none').value,
    prevalenceIndex: defined(Math.abs(bothPresent - bothAbsent)),
    biasIndex: defined(Math.abs(onlyLeft - onlyRight)),
  };
}
