/** How much of an agreement each pair of categories is, for weighted κ and AC2 (Cicchetti & Allison 1971; Fleiss & Cohen 1973). */
import { UserError } from '../../base/userError.ts';

export const KAPPA_WEIGHTS = ['none', 'linear', 'quadratic'] as const;
export type KappaWeights = (typeof KAPPA_WEIGHTS)[number];

/** Agreement weights of one's own, [left category][right category]: 1 on the diagonal, 0 to 1 elsewhere. */
export type WeightTable = readonly (readonly number[])[];

export type Weights = KappaWeights | WeightTable;

/** Weights with what they are called: the word for the usual ones, the name of a table of one's own. */
export interface NamedWeights {
  readonly name: string;
  readonly weights: Weights;
}

/**
 * Weights of a scale of k categories, row after row: 1 on the diagonal and, for linear 1 − |i − j|/(k − 1), for
 * quadratic 1 − ((i − j)/(k − 1))², for none 0 elsewhere. A table of one's own is checked for size and range.
 */
export function agreementWeights(weights: Weights, categories: number): Float64Array {
  const table = typeof weights === 'string' ? undefined : checked(weights, categories);
  return Float64Array.from({ length: categories * categories }, (_, cell) => {
    const [i, j] = [Math.floor(cell / categories), cell % categories];
    if (table) return table[i]![j]!;
    if (weights === 'none' || i === j) return i === j ? 1 : 0;
    const distance = Math.abs(i - j) / (categories - 1);
    return weights === 'linear' ? 1 - distance : 1 - distance * distance;
  });
}

function checked(weights: WeightTable, categories: number): WeightTable {
  if (weights.length !== categories || weights.some((row) => row.length !== categories))
    throw new UserError(
      'weight-table-size',
      `The weights of κ must be a table of ${categories} × ${categories}, a row and a column for each category.`,
    );
  for (const [i, row] of weights.entries())
    for (const [j, weight] of row.entries())
      if (!(weight >= 0 && weight <= 1) || (i === j && weight !== 1))
        throw new UserError(
          'weight-table-value',
          `The weight of categories ${i} and ${j} is ${weight}. Weights are 1 where both categories are the same, and between 0 and 1 elsewhere.`,
        );
  return weights;
}
