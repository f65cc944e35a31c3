/** Agreement within one category (Cicchetti & Feinstein 1990): of all readings of it, the share that the other reader shares, 0–100. */
import type { ContingencyTable } from './contingency.ts';
import { defined, type Estimate, undefinedBecause } from './estimate.ts';

export function specificAgreement(table: ContingencyTable, category: number): Estimate {
  const row = table[category]!.reduce((a, b) => a + b, 0);
  const column = table.reduce((sum, line) => sum + line[category]!, 0);
  if (row + column === 0) return undefinedBecause('neither reader uses this category');
  return defined((200 * table[category]![category]!) / (row + column));
}

/** Pairs at most one category apart, 0–100. */
export function withinOneCategory(table: ContingencyTable): Estimate {
  const all = table.flat().reduce((a, b) => a + b, 0);
  if (all === 0) return undefinedBecause('there are no pairs');
  const near = table.reduce(
    (sum, row, i) => sum + row.reduce((s, count, j) => s + (Math.abs(i - j) <= 1 ? count : 0), 0),
    0,
  );
  return defined((near / all) * 100);
}
