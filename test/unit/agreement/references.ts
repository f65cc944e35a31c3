/** The reference values of test/reference, and how close to them our own must be. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Estimate, type Interval, valueIn } from '../../../src/kernel/agreement/estimate.ts';

/** A printed value; null where the coefficient is undefined. */
export type Reference = number | null;

export interface TableReference {
  readonly name: string;
  readonly table: number[][];
  readonly kappa: Readonly<
    Record<
      'none' | 'linear' | 'quadratic' | 'own',
      { kappa: number; se: number; seNull: number; jackknife: Reference } | null
    >
  >;
  /** Value, standard error, interval, p. */
  readonly gwet: Readonly<Record<'none' | 'linear' | 'quadratic', Reference[]>>;
  readonly percentAgreement: number[];
  readonly pabak: number[];
  /** Specific agreement, its standard error, agreement given the left and the right side. */
  readonly categories: Reference[][];
  readonly bowker: number[] | null;
  readonly stuartMaxwell: number[] | null;
  /** κ's least and largest value and standard error under the margins. */
  readonly margins: Readonly<Record<'none' | 'linear' | 'quadratic', number[] | null>>;
}

export interface CorrelationReference {
  readonly name: string;
  readonly x?: number[];
  readonly y?: number[];
  readonly seed?: number;
  readonly modulus?: number;
  /** Coefficient, p, interval. */
  readonly pearson: Reference[] | null;
  readonly spearman: Reference[] | null;
  readonly kendall: Reference[] | null;
}

export interface ReadersReference {
  readonly name: string;
  readonly categories: number;
  /** A text per patient, a digit per reader, a point where a reading is missing. */
  readonly ratings?: string[];
  readonly complete: number;
  /** κ, standard error, standard error under κ = 0. */
  readonly fleiss?: number[] | null;
  readonly byCategory?: (number[] | null)[];
  readonly light?: Reference;
  readonly alpha: Readonly<Record<'nominal' | 'ordinal' | 'interval' | 'ratio', Reference>>;
}

export interface LimitsReference {
  readonly bias: number[];
  readonly sd: number;
  readonly p: number;
  /** Limit, exact interval, approximate interval. */
  readonly lower: Reference[];
  readonly upper: Reference[];
}

export interface ContinuousReference {
  readonly name: string;
  readonly values?: number[][];
  /** ICC, interval, F, p. */
  readonly intraclass: Readonly<Record<string, Reference[]>>;
  readonly withinPatientSd: number[];
  readonly repeatabilityCoefficient: number[];
  readonly smallestDetectableChange: number[];
  readonly blandAltman: LimitsReference;
  readonly ratio: LimitsReference | null;
  /** Coefficient, interval, accuracy. */
  readonly concordance: Reference[];
  /** Slope, its standard error and interval, intercept, its standard error, p. */
  readonly proportionalBias: number[];
}

interface Statistics {
  readonly tables: TableReference[];
  readonly correlations: CorrelationReference[];
  readonly readers: ReadersReference[];
  readonly continuous: ContinuousReference[];
  readonly adjusted: { p: number[]; holm: number[]; benjaminiHochberg: number[] }[];
  readonly biasCorrected: { values: number[]; resamples: number[]; low: number; high: number }[];
}

interface StatisticsOfR {
  readonly tables: { name: string; none: number[]; linear: number[]; quadratic: number[] }[];
  readonly correlations: { name: string; kendall: Reference[]; pearson: Reference[] }[];
  readonly continuous: { name: string; intraclass: Reference[][]; upper: Reference[] }[];
  readonly adjusted: { holm: number[]; benjaminiHochberg: number[] }[];
}

/** Examples that papers print, with what they leave out (agreementExamples.py). */
interface Examples {
  readonly xeromammograms: {
    /** ρ, interval, p. */
    readonly spearman: number[];
    /** κ's standard error and interval. */
    readonly jackknife: number[];
    readonly table: number[][];
    /** κ, standard error, interval, standard error under κ = 0, p. */
    readonly kappa: Readonly<Record<'none' | 'linear' | 'quadratic', number[]>>;
    /** Value, standard error, interval. */
    readonly percentAgreement: number[];
    readonly withinOneCategory: number[];
    readonly oneAgainstRest: number[][][];
    readonly kappaOfCategories: number[][];
  };
  readonly fourteenReaders: {
    readonly counts: number[][];
    /** κ, interval, p. */
    readonly overall: number[];
    readonly byCategory: number[][];
    readonly weak: { readonly counts: number[][]; readonly overall: number[] };
  };
  readonly peakFlow: {
    readonly large: number[];
    readonly mini: number[];
    /** Value, standard error, interval. */
    readonly intercept: number[];
    readonly residualSd: number[];
    readonly pearson: number[];
    readonly scaleShift: number[];
    readonly locationShift: number[];
  };
  readonly resampling: {
    readonly values: number[];
    /** Standard error, interval. */
    readonly jackknife: number[];
    readonly resamples: number[];
    readonly percentile: number[];
    readonly percentile80: number[];
    readonly se: number[];
  };
}

const read = (name: string) => readFileSync(join(import.meta.dirname, '../../reference', name), 'utf8');

/** By scipy, statsmodels, scikit-learn and krippendorff (agreementStatistics.py). */
export const statistics = JSON.parse(read('agreementStatistics.json')) as Statistics;
/** By scipy and statsmodels (agreementExamples.py). */
export const examples = JSON.parse(read('agreementExamples.json')) as Examples;
/** By psych, vcd and base R on the same data (agreementR.R). */
export const statisticsOfR = JSON.parse(read('agreementR.json')) as StatisticsOfR;

/** Equal to `within`, relative above 1; undefined where the reference is null. */
export function expectClose(own: Estimate, reference: Reference | undefined, what: string, within = 1e-9): void {
  const value = valueIn(own);
  if (reference === null || reference === undefined) {
    expect(value, `${what} is undefined`).toBeUndefined();
    return;
  }
  expect(value, `${what} is defined`).toBeDefined();
  const distance = Math.abs(value! - reference) / Math.max(1, Math.abs(reference));
  expect(distance, `${what}: ${value} against ${reference}`).toBeLessThanOrEqual(within);
}

export function expectCloseInterval(
  own: Interval,
  [low, high]: readonly (Reference | undefined)[],
  what: string,
  within = 1e-9,
): void {
  expectClose(own.ciLow, low, `${what}, low`, within);
  expectClose(own.ciHigh, high, `${what}, high`, within);
}

/** Whole numbers by the generator of Park & Miller with the multiplier 48271, as in agreementStatistics.py. */
export function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state;
  };
}
