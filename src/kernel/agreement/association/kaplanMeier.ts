/** Survival curves after Kaplan & Meier (JASA 1958) with Greenwood's variance, and the log-rank test of several groups (Mantel 1966; Peto & Peto 1972). */
import gammainc from '@stdlib/math-base-special-gammainc';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { Matrix } from 'ml-matrix';
import { defined, type Estimate, undefinedBecause } from '../estimate.ts';
import { inverseOf } from './maximum.ts';
import type { Survival } from './partialLikelihood.ts';

export interface SurvivalStep {
  readonly time: number;
  readonly atRisk: number;
  readonly events: number;
  /** Share without the event just after this time. */
  readonly survival: number;
  /** Interval on the log(−log) scale; undefined at 0 and 1. */
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** A step per time at which somebody had the event or left. */
export function kaplanMeier(group: readonly Survival[], confidence = 0.95): SurvivalStep[] {
  const z = normalQuantile(0.5 + confidence / 2, 0, 1);
  let [survival, greenwood] = [1, 0];
  return stepsOf(group).map(({ time, atRisk, events }) => {
    survival *= 1 - events / atRisk;
    greenwood += events / (atRisk * (atRisk - events));
    if (survival <= 0 || survival >= 1) return { time, atRisk, events, survival, low: undefined, high: undefined };
    const half = (z * Math.sqrt(greenwood)) / Math.abs(Math.log(survival));
    return { time, atRisk, events, survival, low: survival ** Math.exp(half), high: survival ** Math.exp(-half) };
  });
}

/** Each time at which somebody had the event or left, with how many were followed up to it. */
function stepsOf(group: readonly Survival[]): { time: number; atRisk: number; events: number }[] {
  const steps: { time: number; atRisk: number; events: number }[] = [];
  const sorted = group.toSorted((a, b) => a.time - b.time);
  for (const [before, { time, event }] of sorted.entries()) {
    const last = steps.at(-1);
    if (last?.time === time) last.events += Number(event);
    else steps.push({ time, atRisk: sorted.length - before, events: Number(event) });
  }
  return steps;
}

/** The first time at which no more than half are left without the event. */
export function medianSurvival(steps: readonly SurvivalStep[]): Estimate {
  // What rounding leaves of one half is a half.
  const first = steps.find(({ survival }) => survival <= 0.5 + 1e-12);
  return first ? defined(first.time) : undefinedBecause('more than half had no event');
}

export interface LogRank {
  readonly chiSquare: Estimate;
  readonly degreesOfFreedom: number;
  readonly p: Estimate;
}

/** Do the groups have the same survival? By observed and expected events, with the hypergeometric variance. */
export function logRank(groups: readonly (readonly Survival[])[]): LogRank {
  const degreesOfFreedom = groups.length - 1;
  const none = (reason: string) => ({
    chiSquare: undefinedBecause(reason),
    degreesOfFreedom,
    p: undefinedBecause(reason),
  });
  if (groups.length < 2 || groups.some((group) => group.length === 0)) return none('there is one group alone');
  const times = [...new Set(groups.flat().flatMap(({ time, event }) => (event ? [time] : [])))].sort((a, b) => a - b);
  if (times.length === 0) return none('nobody had the event');
  const excess = new Matrix(degreesOfFreedom, 1);
  const variance = new Matrix(degreesOfFreedom, degreesOfFreedom);
  const steps = groups.map(stepsOf);
  const reached = groups.map(() => 0);
  for (const time of times) {
    const own = steps.map((group, g) => {
      while (group[reached[g]!] && group[reached[g]!]!.time < time) reached[g]!++;
      return group[reached[g]!];
    });
    const atRisk = own.map((step) => step?.atRisk ?? 0);
    const events = own.map((step) => (step?.time === time ? step.events : 0));
    const [n, d] = [sum(atRisk), sum(events)];
    for (let g = 0; g < degreesOfFreedom; g++) {
      excess.set(g, 0, excess.get(g, 0) + events[g]! - (d * atRisk[g]!) / n);
      if (n < 2) continue;
      for (let h = 0; h < degreesOfFreedom; h++) {
        const share = (g === h ? atRisk[g]! / n : 0) - (atRisk[g]! * atRisk[h]!) / n ** 2;
        variance.set(g, h, variance.get(g, h) + (d * share * (n - d)) / (n - 1));
      }
    }
  }
  const inverse = inverseOf(variance);
  if (!inverse) return none('a group had left before the first event');
  const chiSquare = excess.transpose().mmul(inverse).mmul(excess).get(0, 0);
  return {
    chiSquare: defined(chiSquare),
    degreesOfFreedom,
    p: defined(gammainc(chiSquare / 2, degreesOfFreedom / 2, true, true)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
