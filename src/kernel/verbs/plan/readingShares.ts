/** Who reads which case, where not everybody reads all: a balanced incomplete design, as near to balance as the numbers allow. */

import { table } from 'arquero';
import { fromTo } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { createRandom } from '../../base/random.ts';
import { SOFTWARE } from '../../base/software.ts';
import { UserError } from '../../base/userError.ts';
import type { Placed } from '../../language/clauses/placed.ts';
import { tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';
import type { AskedPlan } from './question.ts';

/** More would try too many groups of readers for each case. */
const MOST_READERS = 20;

export interface Shares {
  readonly cases: number;
  readonly readers: number;
  /** How many readers read each case. */
  readonly each: number;
}

/**
 * For each case the numbers of its readers, from 0. Case by case, those read who have read least together and alone so
 * far, so that each reader has as many cases as the others, and each pair shares as many as the others, within one or two.
 */
export function sharesOf({ cases, readers, each }: Shares): number[][] {
  const random = createRandom(`reading ${cases} ${readers} ${each}`);
  const load = new Array<number>(readers).fill(0);
  const together = new Map<string, number>();
  const all = groupsOf(readers, each);
  return Array.from({ length: cases }, () => {
    const cost = (group: readonly number[]) => {
      const loads = group.reduce((sum, reader) => sum + load[reader]!, 0);
      const pairs = pairsOf(group).reduce((sum, pair) => sum + (together.get(pair) ?? 0), 0);
      // First that nobody reads more than the others, then that no two do so together.
      return loads * 1e6 + pairs;
    };
    const costs = all.map(cost);
    const least = Math.min(...costs);
    const best = all.filter((_, n) => costs[n] === least);
    const chosen = best[Math.floor(random() * best.length)]!;
    for (const reader of chosen) load[reader]!++;
    for (const pair of pairsOf(chosen)) together.set(pair, (together.get(pair) ?? 0) + 1);
    return chosen;
  });
}

function groupsOf(readers: number, size: number, from = 0): number[][] {
  if (size === 0) return [[]];
  const firsts = Array.from({ length: readers - from - size + 1 }, (_, n) => from + n);
  return firsts.flatMap((first) => groupsOf(readers, size - 1, first + 1).map((rest) => [first, ...rest]));
}

function pairsOf(group: readonly number[]): string[] {
  return group.flatMap((a, n) => group.slice(n + 1).map((b) => `${a} ${b}`));
}

/** `plan reading 60 readers 5 each 2`. Throws a UserError where a clause does nothing here, or the numbers do not go together. */
export function planReading(
  { value: cases, span }: Placed<number>,
  { readers = 2, each = 1, ...others }: AskedPlan & { readonly each: number | undefined },
): VerbResult {
  const [idle] = Object.entries(others).flatMap(([clause, value]) => (value === undefined ? [] : [clause]));
  if (idle)
    throw new UserError(
      'idle-clause',
      `\`${idle}\` does nothing in \`plan reading\`, which says who reads what. Leave it out.`,
    );
  if (!Number.isInteger(cases) || cases < 1 || cases > 100_000)
    throw new UserError(
      'out-of-range',
      '`plan reading` takes the number of cases: `plan reading 60 readers 5 each 2`.',
      span,
    );
  if (each > readers || readers > MOST_READERS)
    throw new UserError(
      'out-of-range',
      each > readers
        ? `Each case cannot be read by ${each} of ${counted(readers, 'reader')}.`
        : `\`plan reading\` takes up to ${MOST_READERS} readers.`,
    );
  const groups = sharesOf({ cases, readers, each });
  const rows = groups.flatMap((group, n) => group.map((reader) => ({ case: n + 1, reader: `reader${reader + 1}` })));
  const shares = table({ case: rows.map((row) => row.case), reader: rows.map(({ reader }) => reader) });
  const provenance = { software: SOFTWARE, models: [], inputs: {}, parameters: { readings: rows.length } };
  // Of few cases, some readers have none.
  const loads = Array.from({ length: readers }, (_, reader) => groups.filter((group) => group.includes(reader)).length);
  const notes = [
    `${counted(cases, 'case')}, each read by ${each} of ${counted(readers, 'reader')}: ${fromTo(Math.min(...loads), Math.max(...loads))} cases for each reader. Cases are counted in the order of the cohort. \`read cohort cases NAME as reader1\` reads a reader’s share.`,
  ];
  return {
    value: { kind: 'table', table: shares, cutPoints: undefined, provenance },
    view: () => tableView(shares, { title: 'Who reads which case', notes, researchOnly: false, provenance }),
  };
}
