/** Flags: what is known of single CTs that speaks against their measurements, as data for tables, pictures and files. */
import type { Remark, SeriesRemark } from '../../protocol/remark.ts';
import type { Cohort, Series } from '../ct/cohort/cohort.ts';
import { usedSeries } from '../ct/cohort/seriesChoice.ts';

export function flagsOf(patient: string, series: Series, problems: readonly Remark[]): SeriesRemark[] {
  return problems.map(({ severity, code, message }) => ({ patient, series: series.id, severity, code, message }));
}

/** What the files alone tell of the series that are used, before anything is measured. */
export function cohortFlags({ patients }: Cohort): SeriesRemark[] {
  return patients.flatMap((patient) =>
    usedSeries(patient).flatMap((series) => flagsOf(patient.id, series, series.problems)),
  );
}
