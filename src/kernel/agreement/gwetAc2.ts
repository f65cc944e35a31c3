/** Gwet's AC2 (2008, 2014): AC1 with weights, less ruled by prevalence than κ. */
import { type ContingencyTable, proportions } from './contingency.ts';
import { defined, type Estimate, undefinedBecause } from './estimate.ts';
import { agreementWeight, type KappaWeights } from './kappa.ts';

/** Of two readers on a scale of k categories; with weights `none` this is AC1. */
export function gwetAc2(table: ContingencyTable, weights: KappaWeights): Estimate {
  const k = table.length;
  if (table.flat().every((count) => count === 0)) return undefinedBecause('there are no pairs');
  const { cells, rows, columns } = proportions(table);
  let [observed, sumOfWeights] = [0, 0];
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++) {
      const weight = agreementWeight(weights, i, j, k);
      observed += weight * cells[i]![j]!;
      sumOfWeights += weight;
    }
  const spread = rows.reduce((sum, share, i) => {
    const both = (share + columns[i]!) / 2;
    return sum + both * (1 - both);
  }, 0);
  const chance = (sumOfWeights / (k * (k - 1))) * spread;
  return defined((observed - chance) / (1 - chance));
}
