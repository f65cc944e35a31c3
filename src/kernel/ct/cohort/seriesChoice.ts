/**
 * Which of a patient's series is measured: full inspiration, supine, the whole chest, complete, original, thin slices, a
 * sharp kernel, in this order (the protocol for interstitial lung disease: Raghu et al., AJRCCM 2022), with the reasons.
 */

import { suggestionFor } from '../../base/suggestion.ts';
import { uniqueNames } from '../../base/uniqueNames.ts';
import { UserError } from '../../base/userError.ts';
import { convolutionKernelSharpness } from '../dicom/convolutionKernelSharpness.ts';
import type { Cohort, Patient, Series, SeriesChoice } from './cohort.ts';

/** The lungs of an adult are at least this high. */
const CHEST_MM = 180;

interface Criterion {
  readonly name: string;
  /** Higher is better. */
  readonly of: (series: Series) => number;
}

const SHARPNESS = { sharp: 2, unknown: 1, soft: 0 } as const;

const CRITERIA: readonly Criterion[] = [
  { name: 'readable pixels', of: ({ problems }) => (problems.some(({ severity }) => severity === 'error') ? 0 : 1) },
  { name: 'values of tissue', of: ({ notTissue }) => (notTissue ? 0 : 1) },
  { name: 'no expiration', of: ({ breathing }) => (breathing === 'expiration' ? 0 : 1) },
  { name: 'supine', of: ({ patientPosition }) => (/^[A-Z]F(P|D[RL])$/.test(patientPosition ?? '') ? 0 : 1) },
  { name: 'whole chest', of: ({ size, spacingMm }) => (size[2] * spacingMm[2] >= CHEST_MM ? 1 : 0) },
  { name: 'no missing slices', of: ({ problems }) => (problems.some(({ code }) => code === 'missing-slices') ? 0 : 1) },
  { name: 'original images', of: ({ derived }) => (derived ? 0 : 1) },
  { name: 'no lossy compression', of: ({ problems }) => (problems.some(({ code }) => code === 'lossy') ? 0 : 1) },
  { name: 'inspiration', of: ({ breathing }) => (breathing === 'inspiration' ? 1 : 0) },
  { name: 'thin slices', of: (series) => thinness(series.sliceThicknessMm ?? series.spacingMm[2]) },
  {
    name: 'sharp kernel',
    of: ({ convolutionKernel }) => SHARPNESS[convolutionKernelSharpness(convolutionKernel) ?? 'unknown'],
  },
  { name: 'slices closer together', of: ({ spacingMm }) => -spacingMm[2] },
  { name: 'more slices', of: ({ size }) => size[2] },
  { name: 'the earlier study', of: ({ study = 0 }) => -study },
];

/** Slices up to 1.5 mm are as good as each other; beyond, steps of a millimetre count. */
function thinness(thicknessMm: number): number {
  return -Math.max(0, Math.ceil(thicknessMm - 1.5));
}

/** The series of each visit to measure, and for each the reason why it is or is not. */
export function chooseBest(series: readonly Series[]): SeriesChoice[] {
  const byVisit = Map.groupBy(series, ({ visit }) => visit);
  if (byVisit.size < 2) return bestOf(series);
  const chosen = new Map<string, SeriesChoice>();
  for (const [visit, own] of byVisit)
    for (const choice of visit === undefined ? own.map(ofNoVisit) : bestOf(own)) chosen.set(choice.series, choice);
  return series.map(({ id }) => chosen.get(id)!);
}

function ofNoVisit({ id }: Series): SeriesChoice {
  return { series: id, used: false, reason: 'nothing says which visit it is of' };
}

function bestOf(series: readonly Series[]): SeriesChoice[] {
  if (series.length === 1) return [{ series: series[0]!.id, used: true, reason: 'the only one' }];
  const best = [...series].sort((a, b) => compared(b, a)?.difference ?? 0)[0]!;
  const won = new Set<string>();
  const lost = series.map((other): SeriesChoice => {
    const decisive = other === best ? undefined : compared(best, other);
    if (decisive) won.add(decisive.name);
    return {
      series: other.id,
      used: other === best,
      reason: decisive ? `${best.id} has ${decisive.name}` : 'the first of equals',
    };
  });
  const reason = won.size ? [...won].join(', ') : 'the first of equals';
  return lost.map((choice) => (choice.used ? { ...choice, reason } : choice));
}

/** The first criterion in which two series differ. */
function compared(a: Series, b: Series): { name: string; difference: number } | undefined {
  for (const { name, of } of CRITERIA) {
    const difference = of(a) - of(b);
    if (Math.abs(difference) > 1e-6) return { name, difference };
  }
  return undefined;
}

/** What the user asked for: the best series of each patient, all, or some by name (`series-3`, or `P07/series-2` for one patient). */
export type SeriesWish = 'best' | 'all' | readonly string[];

/** The cohort with the wished series in use. Throws a UserError where a name fits nothing. */
export function withSeries(cohort: Cohort, wish: SeriesWish): Cohort {
  if (wish === 'best') return cohort;
  if (wish === 'all') return { ...cohort, patients: cohort.patients.map(withAll) };
  for (const name of wish) checkName(cohort, name);
  return { ...cohort, patients: cohort.patients.map((patient) => withNamed(patient, wish)) };
}

function withAll(patient: Patient): Patient {
  return { ...patient, choices: patient.series.map(({ id }) => ({ series: id, used: true, reason: 'all are used' })) };
}

/** Names for this patient come before names for everybody; a visit without any of them keeps the best series. */
function withNamed(patient: Patient, wish: readonly string[]): Patient {
  const own = wish.flatMap((name) => (name.startsWith(`${patient.id}/`) ? [name.slice(patient.id.length + 1)] : []));
  const names = own.length ? own : wish;
  const named = new Set(
    [...Map.groupBy(patient.series, ({ visit }) => visit).values()].flatMap((series) => {
      const within = namesWithin(series);
      return series.filter(({ id }, n) => names.includes(id) || names.includes(within[n]!));
    }),
  );
  const visits = new Set([...named].map(({ visit }) => visit));
  const choices = patient.series.map((series, n) => {
    if (!visits.has(series.visit)) return patient.choices[n]!;
    const used = named.has(series);
    return { series: series.id, used, reason: used ? 'you named it' : 'you named another one' };
  });
  return { ...patient, choices };
}

/** Names of the series of one visit: the second visit's series 3 is called series-3-2, and is meant by "series-3", too. */
function namesWithin(series: readonly Series[]): string[] {
  if (series[0]?.visit === undefined) return series.map(({ id }) => id);
  return uniqueNames(series.map(({ id, name = id }) => name));
}

function checkName(cohort: Cohort, name: string): void {
  const known = cohort.patients.flatMap(({ id, series }) => series.flatMap((s) => [s.id, `${id}/${s.id}`]));
  if (!known.includes(name))
    throw new UserError(
      'unknown-series',
      `No patient has a series "${name}": ${suggestionFor(name, [...new Set(known)].slice(0, 40))}`,
    );
}

/** The series of a patient that are measured. */
export function usedSeries({ series, choices }: Patient): Series[] {
  return series.filter(({ id }) => choices.some((choice) => choice.used && choice.series === id));
}
