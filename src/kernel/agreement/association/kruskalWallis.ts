/** The rank test of several groups (Kruskal & Wallis, JASA 1952), corrected for ties, with ε² as the size of the effect (Tomczak & Tomczak 2014). */
import gammainc from '@stdlib/math-base-special-gammainc';
import { isConstant } from '../correlation/correlation.ts';
import { ranks } from '../correlation/ranks.ts';
import { defined, undefinedBecause } from '../estimate.ts';
import type { NamedStatistic } from '../statisticRow.ts';

/** ε² = H/(n − 1), from 0 to 1; p of H by χ². Groups without anybody do not count. */
export function kruskalWallis(groups: readonly (readonly number[])[]): NamedStatistic {
  const name = 'Kruskal–Wallis, ε²';
  const filled = groups.filter((group) => group.length > 0);
  const all = filled.flat();
  const n = all.length;
  const reason =
    filled.length < 2 ? 'there is one group alone' : isConstant(all) ? 'all values are the same' : undefined;
  if (reason) {
    const none = undefinedBecause(reason);
    return { name, value: none, n, p: none };
  }
  const rank = ranks(all);
  let [at, squares] = [0, 0];
  for (const { length } of filled) {
    const sum = rank.slice(at, at + length).reduce((a, b) => a + b, 0);
    squares += sum ** 2 / length;
    at += length;
  }
  const tied = [...Map.groupBy(rank, (own) => own).values()].reduce((sum, { length: t }) => sum + t ** 3 - t, 0);
  const h = ((12 / (n * (n + 1))) * squares - 3 * (n + 1)) / (1 - tied / (n ** 3 - n));
  const df = filled.length - 1;
  return {
    name,
    n,
    value: defined(h / (n - 1)),
    p: defined(gammainc(h / 2, df / 2, true, true)),
    test: { name: 'χ²', value: defined(h), degreesOfFreedom: [df] },
  };
}
