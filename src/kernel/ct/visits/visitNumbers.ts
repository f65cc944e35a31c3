/** From what is told of each series to the number of its visit. */

import type { VisitName } from '../../base/visitName.ts';
import type { Patient, Scanned, Series } from '../cohort/cohort.ts';

/** Undefined where nothing says which of several visits a series is of. */
export type NumberOf = (series: Series) => number | undefined;

/** How many visits a name of a folder stands for, the same for all patients; undefined for dates, which are each patient's own. */
type Numbering = (named: VisitName) => number | undefined;

/** Each study is a visit, in order of date and time. */
export function byStudies(): (patient: Patient) => NumberOf {
  return () =>
    ({ study }) =>
      study ?? 1;
}

/** Folders and manifests decide where they name visits, and else the days of the studies. */
export function byNamesOrDays(patients: readonly Patient[]): (patient: Patient) => NumberOf {
  const all = patients.flatMap(({ series }) => series.flatMap(({ scanned }) => scanned?.named ?? []));
  const numbering = numberingOf(all);
  return ({ series }) => (series.some(({ scanned }) => scanned?.named) ? byNames(series, numbering) : byDays(series));
}

/**
 * `t0` makes `t1` the second; after a baseline, follow-up 1 is the second; times after the baseline are numbered in
 * their order among all patients, so that who missed M6 has visits 1 and 3.
 */
function numberingOf(all: readonly VisitName[]): Numbering {
  const countsFromZero = all.some((named) => named.kind === 'counted' && named.number === 0);
  const months = all.flatMap((named) =>
    named.kind === 'months' ? [named.months] : named.kind === 'after' && named.number === 0 ? [0] : [],
  );
  const times = ranked(months);
  return (named) => {
    switch (named.kind) {
      case 'counted':
        return named.number + (countsFromZero ? 1 : 0);
      case 'after':
        return named.number + 1;
      case 'months':
        return times.get(named.months);
      case 'day':
        return undefined;
    }
  };
}

function byNames(series: readonly Series[], numbering: Numbering): NumberOf {
  const names = series.flatMap(({ scanned }) => scanned?.named ?? []);
  const last = Math.max(0, ...names.map((named) => numbering(named) ?? 0));
  const days = ranked(names.flatMap((named) => (named.kind === 'day' ? [named.day] : [])));
  const numberOf = (named: VisitName): number =>
    numbering(named) ?? last + (named.kind === 'day' ? days.get(named.day)! : 0);
  const ofDay = new Map(
    series.flatMap(({ scanned }) =>
      scanned?.named && scanned.day !== undefined ? [[scanned.day, numberOf(scanned.named)] as const] : [],
    ),
  );
  return ({ scanned }) => {
    if (scanned?.named) return numberOf(scanned.named);
    return scanned?.day === undefined ? undefined : ofDay.get(scanned.day);
  };
}

function byDays(series: readonly Series[]): NumberOf {
  const days = ranked(series.flatMap(({ scanned }) => dayOf(scanned) ?? []));
  if (days.size < 2) return () => 1;
  return ({ scanned }) => {
    const day = dayOf(scanned);
    return day === undefined ? undefined : days.get(day);
  };
}

function dayOf(scanned: Scanned | undefined): number | undefined {
  return scanned?.days ?? scanned?.day;
}

/** Different numbers with their places in order, from 1. */
function ranked(numbers: readonly number[]): Map<number, number> {
  return new Map([...new Set(numbers)].sort((a, b) => a - b).map((number, n) => [number, n + 1]));
}
