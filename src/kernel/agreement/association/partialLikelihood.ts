/** Efron's partial likelihood of times to an event (JASA 1977): what each time at which somebody had the event adds to it. */
import { Matrix } from 'ml-matrix';

/** How long somebody was followed, and whether that ended with the event. */
export interface Survival {
  readonly time: number;
  readonly event: boolean;
}

export interface EventTime {
  readonly time: number;
  readonly logLikelihood: number;
  /** Of the columns of those with the event, what they are above the means of those at risk: Schoenfeld's residuals, summed. */
  readonly residual: readonly number[];
  /** Variance of the columns among those at risk, summed over the events; row by row. */
  readonly information: Float64Array;
}

/** Sums over patients of exp(xβ), of x·exp(xβ), and of x·xᵀ·exp(xβ) row by row. */
interface Sums {
  weight: number;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** From the last time to the first, at these coefficients. */
export function eventTimes(x: Matrix, survival: readonly Survival[], beta: readonly number[]): EventTime[] {
  // From the longest time back, so that whoever is still at risk has been seen.
  const order = survival.map((_, i) => i).sort((a, b) => survival[b]!.time - survival[a]!.time);
  const rows = x.to2DArray();
  const scores = rows.map((row) => row.reduce((sum, value, j) => sum + value * beta[j]!, 0));
  const atRisk = emptySums(x.columns);
  const found: EventTime[] = [];
  for (let from = 0; from < order.length; ) {
    const { time } = survival[order[from]!]!;
    const dying = emptySums(x.columns);
    const died: number[] = [];
    for (; from < order.length && survival[order[from]!]!.time === time; from++) {
      const i = order[from]!;
      addTo(atRisk, rows[i]!, Math.exp(scores[i]!));
      if (!survival[i]!.event) continue;
      addTo(dying, rows[i]!, Math.exp(scores[i]!));
      died.push(i);
    }
    if (died.length)
      found.push(
        eventTime(
          time,
          { atRisk, dying },
          died.map((i) => ({ row: rows[i]!, score: scores[i]! })),
        ),
      );
  }
  return found;
}

/** The sum of what all times add. */
export function partialLikelihood(
  x: Matrix,
  survival: readonly Survival[],
  beta: readonly number[],
): { readonly logLikelihood: number; readonly gradient: number[]; readonly information: Matrix } {
  const times = eventTimes(x, survival, beta);
  const gradient = new Array<number>(x.columns).fill(0);
  const information = new Float64Array(x.columns ** 2);
  let logLikelihood = 0;
  for (const own of times) {
    logLikelihood += own.logLikelihood;
    for (const [j, value] of own.residual.entries()) gradient[j]! += value;
    for (let jk = 0; jk < information.length; jk++) information[jk]! += own.information[jk]!;
  }
  return { logLikelihood, gradient, information: Matrix.from1DArray(x.columns, x.columns, information) };
}

/** Of those who die at one time, each in turn is taken to be partly gone when the next one dies. */
function eventTime(
  time: number,
  { atRisk, dying }: { readonly atRisk: Sums; readonly dying: Sums },
  died: readonly { readonly row: readonly number[]; readonly score: number }[],
): EventTime {
  const columns = atRisk.first.length;
  const residual = new Array<number>(columns).fill(0);
  const information = new Float64Array(columns * columns);
  let logLikelihood = 0;
  for (const [death, { row, score }] of died.entries()) {
    const gone = death / died.length;
    const weight = atRisk.weight - gone * dying.weight;
    const mean = (j: number) => (atRisk.first[j]! - gone * dying.first[j]!) / weight;
    logLikelihood += score - Math.log(weight);
    for (let j = 0; j < columns; j++) {
      residual[j]! += row[j]! - mean(j);
      for (let k = 0; k < columns; k++) {
        const square = (atRisk.second[j * columns + k]! - gone * dying.second[j * columns + k]!) / weight;
        information[j * columns + k]! += square - mean(j) * mean(k);
      }
    }
  }
  return { time, logLikelihood, residual, information };
}

function emptySums(columns: number): Sums {
  return { weight: 0, first: new Float64Array(columns), second: new Float64Array(columns * columns) };
}

function addTo(sums: Sums, row: readonly number[], weight: number): void {
  sums.weight += weight;
  for (const [j, value] of row.entries()) {
    sums.first[j]! += weight * value;
    for (const [k, other] of row.entries()) sums.second[j * row.length + k]! += weight * value * other;
  }
}
