/** Which cell of one notebook is which of another: those with the same text in their order, and between them the most alike. */
import { diffArrays } from 'diff';
import type { NotebookCell } from '../../protocol/notebook.ts';

/** Places of a cell in the first and in the second notebook, from 0; one of them is absent where it is in one alone. */
export interface CellPair {
  readonly before?: number;
  readonly after?: number;
}

/** Below this share of words in common two cells are two cells, and not one that was edited. */
const LEAST_LIKENESS = 0.4;

/** In the order of the second notebook, cells of the first alone before what follows them. */
export function pairCells(before: readonly NotebookCell[], after: readonly NotebookCell[]): CellPair[] {
  const runs = diffArrays([...before], [...after], { comparator: isSameCell });
  const pairs: CellPair[] = [];
  const at = { before: 0, after: 0 };
  let gone: number[] = [];
  let come: number[] = [];
  const settle = () => {
    pairs.push(...pairAlike(gone, come, (b, a) => likeness(before[b]!, after[a]!)));
    gone = [];
    come = [];
  };
  for (const { removed, added, count } of runs)
    for (let n = 0; n < count; n++) {
      if (removed) gone.push(at.before++);
      else if (added) come.push(at.after++);
      else {
        settle();
        pairs.push({ before: at.before++, after: at.after++ });
      }
    }
  settle();
  return pairs;
}

function isSameCell(one: NotebookCell, other: NotebookCell): boolean {
  return one.kind === other.kind && one.source.join('\n') === other.source.join('\n');
}

/** Pairs in order so that the sum of their likenesses is greatest (Needleman and Wunsch, J Mol Biol 1970;48:443, without cost of gaps). */
function pairAlike(
  gone: readonly number[],
  come: readonly number[],
  alike: (before: number, after: number) => number,
): CellPair[] {
  const likenesses = gone.map((before) => come.map((after) => alike(before, after)));
  const best = Array.from({ length: gone.length + 1 }, () => new Array<number>(come.length + 1).fill(0));
  for (let i = gone.length - 1; i >= 0; i--)
    for (let j = come.length - 1; j >= 0; j--)
      best[i]![j] = Math.max(best[i + 1]![j]!, best[i]![j + 1]!, likenesses[i]![j]! + best[i + 1]![j + 1]!);
  const pairs: CellPair[] = [];
  let [i, j] = [0, 0];
  while (i < gone.length || j < come.length) {
    const paired = i < gone.length && j < come.length ? likenesses[i]![j]! : 0;
    if (paired > 0 && best[i]![j] === paired + best[i + 1]![j + 1]!)
      pairs.push({ before: gone[i++]!, after: come[j++]! });
    else if (i < gone.length && (j === come.length || best[i]![j] === best[i + 1]![j]))
      pairs.push({ before: gone[i++]! });
    else pairs.push({ after: come[j++]! });
  }
  return pairs;
}

/** Share of words in common (Dice), 0 where it is too small to be the same cell. */
function likeness(one: NotebookCell, other: NotebookCell): number {
  if (one.kind !== other.kind) return 0;
  const [words, others] = [wordsOf(one), wordsOf(other)];
  if (words.size + others.size === 0) return 1;
  const common = [...words].filter((word) => others.has(word)).length;
  const share = (2 * common) / (words.size + others.size);
  return share < LEAST_LIKENESS ? 0 : share;
}

function wordsOf({ source }: NotebookCell): ReadonlySet<string> {
  return new Set(source.join(' ').match(/[\p{L}\p{N}_.-]+/gu));
}
