/** κ, weighted κ and percent agreement as the cut points move: how much of the conclusion hangs on where they stand. */
import { defined, type Estimate, undefinedBecause } from '../estimate.ts';
import { cohenKappa, type Kappa } from './kappa.ts';
import type { KappaWeights } from './weights.ts';

/** One side: percentages, which the cut points put into categories, or scores that stay as they are. */
export type CurveSide =
  | { readonly kind: 'percent'; readonly values: readonly number[] }
  | { readonly kind: 'score'; readonly values: readonly number[] };

export interface CurvePoint {
  /** Percent at which the moved cut stands. */
  readonly position: number;
  readonly cutPoints: readonly number[];
  /** κ by weights, with standard error and interval. */
  readonly kappa: Readonly<Record<KappaWeights, Kappa>>;
  /** Pairs in the same category, 0–100. */
  readonly percentAgreement: Estimate;
}

/**
 * The curve as cut point number `moved` (from 0) takes each position of `grid` (percent). Positions where it would
 * reach a neighbouring cut are left out. Both sides hold the same patients in the same order; a value equal to a cut
 * goes up. Scores are whole numbers from 0 to the number of cuts.
 */
export function kappaCurve(
  left: CurveSide,
  right: CurveSide,
  cutPoints: readonly number[],
  moved: number,
  grid: readonly number[],
): CurvePoint[] {
  const low = cutPoints[moved - 1] ?? Number.NEGATIVE_INFINITY;
  const high = cutPoints[moved + 1] ?? Number.POSITIVE_INFINITY;
  return sweep(
    left,
    right,
    grid
      .filter((position) => position > low && position < high)
      .map((position) => ({ position, cutPoints: cutPoints.map((cut, n) => (n === moved ? position : cut)) })),
  );
}

interface Stop {
  readonly position: number;
  readonly cutPoints: readonly number[];
}

/**
 * Visits stop after stop and moves only the patients that a cut passes on its way, so that a grid in order costs each
 * patient one step per cut, and each stop one table.
 */
function sweep(left: CurveSide, right: CurveSide, stops: readonly Stop[]): CurvePoint[] {
  if (stops.length === 0) return [];
  const cuts = stops[0]!.cutPoints.length;
  const table = Array.from({ length: cuts + 1 }, () => new Array<number>(cuts + 1).fill(0));
  const a = startOf(left);
  const b = startOf(right);
  for (let n = 0; n < a.length; n++) table[a[n]!]![b[n]!]!++;
  const move = (side: Int32Array, patient: number, change: 1 | -1) => {
    table[a[patient]!]![b[patient]!]!--;
    side[patient]! += change;
    table[a[patient]!]![b[patient]!]!++;
  };
  const movers = [
    ...(left.kind === 'percent' ? [cutMover(left.values, cuts, (patient, change) => move(a, patient, change))] : []),
    ...(right.kind === 'percent' ? [cutMover(right.values, cuts, (patient, change) => move(b, patient, change))] : []),
  ];
  return stops.map(({ position, cutPoints }) => {
    for (const moveTo of movers) moveTo(cutPoints);
    const kappa = {
      none: cohenKappa(table, 'none'),
      linear: cohenKappa(table, 'linear'),
      quadratic: cohenKappa(table, 'quadratic'),
    };
    const same = table.reduce((sum, row, i) => sum + row[i]!, 0);
    return {
      position,
      cutPoints,
      kappa,
      percentAgreement: a.length > 0 ? defined((100 * same) / a.length) : undefinedBecause('there are no pairs'),
    };
  });
}

/** Categories before any cut is set: of percentages 0, of scores the scores. */
function startOf({ kind, values }: CurveSide): Int32Array {
  return kind === 'score' ? Int32Array.from(values) : new Int32Array(values.length);
}

/**
 * Keeps, for each cut, how many of the sorted values lie below it. `step` is told of each patient that a cut passes:
 * up (1) when the cut goes below its value or onto it, down (−1) when it goes above.
 */
function cutMover(values: readonly number[], cuts: number, step: (patient: number, change: 1 | -1) => void) {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const below = new Array<number>(cuts).fill(values.length);
  return (cutPoints: readonly number[]) => {
    for (const [cut, position] of cutPoints.entries()) {
      let count = below[cut]!;
      while (count > 0 && values[order[count - 1]!]! >= position) step(order[--count]!, 1);
      while (count < order.length && values[order[count]!]! < position) step(order[count++]!, -1);
      below[cut] = count;
    }
  };
}
