/** Which visit each series of a cohort is of, and that of every visit one series is measured. */
import type { Cohort, Patient, Scanned, Series } from '../cohort/cohort.ts';
import { chooseBest } from '../cohort/seriesChoice.ts';
import { severalStudies } from '../cohort/studies.ts';
import { byNamesOrDays, byStudies } from './visitNumbers.ts';
import { VISIT_REMARKS, visitRemarks } from './visitRemarks.ts';

/** Told from folders and days; a visit for every study; or none, so that one series of each patient is measured. */
export const VISITS_WISHES = ['days', 'studies', 'none'] as const;
export type VisitsWish = (typeof VISITS_WISHES)[number];

/** The cohort with `visit` and `days` in each series where a patient has several visits, and without them elsewhere. */
export function withVisits(cohort: Cohort, wish: VisitsWish = 'days'): Cohort {
  const plain = cohort.patients.map(withoutVisits);
  const numbersOf = wish === 'studies' ? byStudies() : byNamesOrDays(plain);
  const numbered = plain.map((patient): Patient => {
    const numberOf = numbersOf(patient);
    const series = withDays(patient.series.map((one) => withVisit(one, numberOf(one))));
    return { ...patient, series: series.sort((a, b) => orderOf(a) - orderOf(b)) };
  });
  const hasVisits = wish !== 'none' && numbered.some((patient) => visitsOf(patient).length > 1);
  const patients = (hasVisits ? numbered : plain).map((patient) => ({
    ...patient,
    choices: chooseBest(patient.series),
  }));
  const problems = cohort.problems.filter(({ code }) => !VISIT_REMARKS.has(code));
  return {
    ...cohort,
    patients,
    problems: [...problems, ...severalStudies(patients), ...(hasVisits ? visitRemarks(patients) : [])],
  };
}

/** Numbers of the visits of a patient, rising; none in a cohort without visits. */
export function visitsOf({ series }: Patient): number[] {
  return [...new Set(series.flatMap(({ visit }) => visit ?? []))].sort((a, b) => a - b);
}

function withoutVisits(patient: Patient): Patient {
  return { ...patient, series: patient.series.map(({ visit, days, ...series }) => series) };
}

function withVisit(series: Series, visit: number | undefined): Series {
  return visit === undefined ? series : { ...series, visit };
}

/** Days from the first visit that is there to the first day of each other one. */
function withDays(series: readonly Series[]): Series[] {
  const first = Math.min(...series.flatMap(({ visit }) => visit ?? []));
  const dayOf = (visit: number | undefined, of: (scanned: Scanned) => number | undefined) => {
    const days = series.flatMap((one) => (one.visit === visit && one.scanned ? (of(one.scanned) ?? []) : []));
    return days.length ? Math.min(...days) : undefined;
  };
  const start = dayOf(first, ({ day }) => day);
  return series.map((one) => {
    if (one.visit === undefined) return one;
    const given = dayOf(one.visit, ({ days }) => days);
    if (given !== undefined) return { ...one, days: given };
    if (one.visit === first) return { ...one, days: 0 };
    const day = dayOf(one.visit, (scanned) => scanned.day);
    return day === undefined || start === undefined ? one : { ...one, days: day - start };
  });
}

/** Series of which nobody knows the visit come last. */
function orderOf({ visit = Number.MAX_SAFE_INTEGER }: Series): number {
  return visit;
}
