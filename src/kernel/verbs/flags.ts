/** Flags: what is known of single CTs that speaks against their measurements, as data for tables, pictures and files. */
import type { Flag } from '../../protocol/view.ts';
import type { Cohort, Problem, Series } from '../ct/cohort.ts';

export function flagsOf(patient: string, series: Series, problems: readonly Problem[]): Flag[] {
  return problems.map(({ severity, code, message }) => ({ patient, series: series.id, severity, code, message }));
}

/** What the files alone tell, before anything is measured. */
export function cohortFlags({ patients }: Cohort): Flag[] {
  return patients.flatMap((patient) =>
    patient.series.flatMap((series) => flagsOf(patient.id, series, series.problems)),
  );
}
