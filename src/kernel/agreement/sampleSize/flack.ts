/** Patients for Cohen's κ of two readers, whatever the pattern of their disagreements (Flack, Afifi, Lachenbruch & Schouten, Psychometrika 1988). */

import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { cheapestTable } from '../published/transport.ts';
import { type Against, criticalZ, type Design } from './design.ts';
import type { KappaQuestion } from './kappaDesign.ts';

/** Width and power with the largest standard error that κ can have for the shares of the categories. */
export function flackDesign({ kappa, shares, confidence }: Omit<KappaQuestion, 'readers'>, against?: Against): Design {
  const expected = largestDeviation(kappa, shares);
  const other = against && largestDeviation(against.value, shares);
  return {
    widthAt: (patients) => (2 * criticalZ(confidence) * expected) / Math.sqrt(patients),
    powerAt:
      against &&
      ((patients) => {
        const shift = Math.sqrt(patients) * Math.abs(kappa - against.value);
        return normalCdf((shift - criticalZ(confidence, against.sides) * other!) / expected, 0, 1);
      }),
    fewest: 2,
  };
}

/**
 * √n times the largest standard error (Fleiss, Cohen & Everitt 1969) of κ over all tables with these margins on both
 * sides and this κ. It is linear in the cells, so that the largest is that of a transportation problem with one more
 * condition, the sum of the diagonal; its price μ is found by halving (Lagrange's dual, exact for linear problems).
 */
export function largestDeviation(kappa: number, shares: readonly number[]): number {
  const chance = shares.reduce((sum, share) => sum + share * share, 0);
  const agreed = kappa * (1 - chance) + chance;
  const gain = (i: number, j: number) =>
    i === j ? (1 - 2 * shares[i]! * (1 - kappa)) ** 2 : (1 - kappa) ** 2 * (shares[i]! + shares[j]!) ** 2;
  /** The most that the cells can give where each on the diagonal costs `price`, and what they hold there. */
  const bestAt = (price: number) => {
    const cells = cheapestTable(shares, shares, (i, j) => (i === j ? price : 0) - gain(i, j));
    let [value, diagonal] = [0, 0];
    for (let i = 0; i < shares.length; i++)
      for (let j = 0; j < shares.length; j++) {
        const cell = cells[i * shares.length + j]!;
        value += cell * (gain(i, j) - (i === j ? price : 0));
        if (i === j) diagonal += cell;
      }
    return { value: value + price * agreed, diagonal };
  };
  let [low, high] = [-PRICE, PRICE];
  for (let n = 0; n < 100; n++) {
    const price = (low + high) / 2;
    // A dearer diagonal holds less.
    if (bestAt(price).diagonal > agreed) low = price;
    else high = price;
  }
  const most = bestAt((low + high) / 2).value;
  return Math.sqrt(Math.max(0, most - (kappa - chance * (1 - kappa)) ** 2)) / (1 - chance);
}

/** Gains of cells lie between 0 and 4, so that no price outside ± 9 changes anything. */
const PRICE = 9;
