/**
 * Readers under two conditions, such as without and with AI, on the same cases: the analysis of variance of Obuchowski &
 * Rockette (Commun Stat Simul Comput 1995) with the degrees of freedom of Hillis (Stat Med 2007), for readers and cases
 * as samples of others, or for those of the study alone. With covariances by jackknife it is the method of Dorfman,
 * Berbaum & Metz (Hillis et al., Stat Med 2005). Where readers have read different cases, covariances are of those shared,
 * and so 0 between readers of a split-plot design (Obuchowski, Acad Radiol 2009).
 */
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import {
  defined,
  type Estimate,
  type Interval,
  interval,
  noInterval,
  type Test,
  undefinedBecause,
} from '../estimate.ts';
import { covarianceOf, type ReaderCell } from './readerCell.ts';

/** Under the first and the second condition. */
export type ReaderCells = readonly [ReaderCell, ReaderCell];

/** A mean or a difference as samples of readers, cases or both would let it vary. */
export interface Inference extends Interval {
  readonly value: Estimate;
  readonly se: Estimate;
  readonly p: Estimate;
  readonly test: Test | undefined;
}

/** Which of the study's readers and cases stand for others. */
export type Generalises = 'both' | 'cases' | 'readers';

export interface MultireaderAnalysis {
  /** Second condition minus the first. */
  readonly difference: Readonly<Record<Generalises, Inference>>;
  /** Means of the readers, by readers and cases. */
  readonly conditions: readonly [Inference, Inference];
  /** Each reader's own difference, by cases. */
  readonly readers: readonly Inference[];
  readonly components: VarianceComponents;
}

export interface VarianceComponents {
  /** Mean squares; undefined with a single reader. */
  readonly conditionByReader: number | undefined;
  readonly reader: readonly [number | undefined, number | undefined];
  readonly condition: number;
  /** Of one reader under one condition. */
  readonly variance: number;
  /** Of the same reader under both conditions. */
  readonly cov1: number;
  /** Of two readers under the same condition. */
  readonly cov2: number;
  /** Of two readers under different conditions. */
  readonly cov3: number;
}

/** A reader at least; with one alone nothing is said of other readers. */
export function obuchowskiRockette(readers: readonly ReaderCells[], confidence: number): MultireaderAnalysis {
  const components = componentsOf(readers);
  const means = [0, 1].map((n) => mean(readers.map((cells) => cells[n]!.value)));
  const own = (n: 0 | 1) =>
    conditionOf(
      readers.map((cells) => cells[n]),
      confidence,
    );
  return {
    difference: differenceOf(means[1]! - means[0]!, readers.length, components, confidence),
    conditions: [own(0), own(1)],
    readers: readers.map(([a, b]) => {
      const squared = covarianceOf(a, a) + covarianceOf(b, b) - 2 * covarianceOf(a, b);
      return inference(b.value - a.value, squared, undefined, confidence);
    }),
    components,
  };
}

function componentsOf(readers: readonly ReaderCells[]): VarianceComponents {
  const r = readers.length;
  const differences = readers.map(([a, b]) => b.value - a.value);
  const pairs = readers.flatMap((a, i) => readers.slice(i + 1).map((b) => [a, b] as const));
  return {
    // Of two conditions: r/2 · d̄², and half of the variance of the readers' differences.
    condition: (r * mean(differences) ** 2) / 2,
    conditionByReader: r > 1 ? variance(differences) / 2 : undefined,
    reader: [readerSquares(readers, 0), readerSquares(readers, 1)],
    variance: mean(readers.flatMap((cells) => cells.map((cell) => covarianceOf(cell, cell)))),
    cov1: mean(readers.map(([a, b]) => covarianceOf(a, b))),
    cov2: meanOr0(pairs.flatMap(([a, b]) => [covarianceOf(a[0], b[0]), covarianceOf(a[1], b[1])])),
    cov3: meanOr0(pairs.flatMap(([a, b]) => [covarianceOf(a[0], b[1]), covarianceOf(a[1], b[0])])),
  };
}

function readerSquares(readers: readonly ReaderCells[], n: 0 | 1): number | undefined {
  return readers.length > 1 ? variance(readers.map((cells) => cells[n].value)) : undefined;
}

function differenceOf(
  value: number,
  r: number,
  { conditionByReader, variance: error, cov1, cov2, cov3 }: VarianceComponents,
  confidence: number,
): Record<Generalises, Inference> {
  const shared = Math.max(cov2 - cov3, 0);
  const cases = inference(value, (2 / r) * (error - cov1 + (r - 1) * shared), undefined, confidence);
  if (conditionByReader === undefined) return { both: oneReader(value), readers: oneReader(value), cases };
  const square = conditionByReader + r * shared;
  return {
    both: inference(value, (2 / r) * square, degrees(square, conditionByReader, r), confidence),
    cases,
    readers: inference(value, (2 / r) * conditionByReader, r - 1, confidence),
  };
}

/** Of the readers' mean under one condition, by its own mean square and covariance alone. */
function conditionOf(cells: readonly ReaderCell[], confidence: number): Inference {
  const r = cells.length;
  const value = mean(cells.map((cell) => cell.value));
  if (r < 2) return { ...inference(value, covarianceOf(cells[0]!, cells[0]!), undefined, confidence), ...untested };
  const pairs = cells.flatMap((a, i) => cells.slice(i + 1).map((b) => covarianceOf(a, b)));
  const readers = variance(cells.map((cell) => cell.value));
  const square = readers + r * Math.max(mean(pairs), 0);
  return { ...inference(value, square / r, degrees(square, readers, r), confidence), ...untested };
}

/** That a condition's statistic is 0 is nobody's question. */
const untested = { p: undefinedBecause('a single condition is not tested'), test: undefined } as const;

/** Hillis's: they grow without bound where readers do not differ. */
function degrees(square: number, readers: number, r: number): number | undefined {
  return readers > 0 ? (square / readers) ** 2 * (r - 1) : undefined;
}

/** By t with `df` degrees of freedom, by z where there are none. `squared` is the square of the standard error. */
function inference(value: number, squared: number, df: number | undefined, confidence: number): Inference {
  if (!(squared > 0)) {
    const reason = 'the standard error is 0: nothing varies between readers or cases';
    return withoutTest(value, reason);
  }
  const se = Math.sqrt(squared);
  const ratio = value / se;
  const upper = (1 + confidence) / 2;
  const half = se * (df === undefined ? normalQuantile(upper, 0, 1) : tQuantile(upper, df));
  const p = 2 * (df === undefined ? normalCdf(-Math.abs(ratio), 0, 1) : tCdf(-Math.abs(ratio), df));
  return {
    value: defined(value),
    se: defined(se),
    p: defined(p),
    test: { name: df === undefined ? 'z' : 't', value: defined(ratio), degreesOfFreedom: df === undefined ? [] : [df] },
    ...interval(value - half, value + half),
  };
}

function oneReader(value: number): Inference {
  return withoutTest(value, 'nothing can be said of other readers where one alone has read under both conditions');
}

function withoutTest(value: number, reason: string): Inference {
  const none = undefinedBecause(reason);
  return { value: defined(value), se: none, p: none, test: undefined, ...noInterval(reason) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanOr0(values: readonly number[]): number {
  return values.length ? mean(values) : 0;
}

/** With n − 1. */
function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}
