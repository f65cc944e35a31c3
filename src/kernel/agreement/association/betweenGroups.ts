/** Do numbers differ between groups? By ranks: Mann and Whitney's test of two, Kruskal and Wallis' of more. */
import type { NamedStatistic } from '../statisticRow.ts';
import { kruskalWallis } from './kruskalWallis.ts';
import { mannWhitney } from './mannWhitney.ts';

/** Groups without anybody do not count. */
export function rankTest(groups: readonly (readonly number[])[]): NamedStatistic {
  const filled = groups.filter((group) => group.length > 0);
  // Above 0 where the second group has the higher values, as a 1 against a 0.
  return filled.length === 2 ? mannWhitney(filled[1]!, filled[0]!).rankBiserial : kruskalWallis(filled);
}
