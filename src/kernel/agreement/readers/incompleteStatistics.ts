/** What readers who have not all read every patient have in common: Fleiss' κ after Gwet, the intraclass correlation after Ebel and Brückl. */

import { incompleteMeanSquares } from '../continuous/incompleteMeanSquares.ts';
import { INTRACLASS_CONVENTIONS, INTRACLASS_FORMS, INTRACLASS_NAMES, intraclassOf } from '../continuous/intraclass.ts';
import type { NamedStatistic } from '../statisticRow.ts';
import { categoryCounts } from './fleiss.ts';
import { incompleteFleiss } from './incompleteFleiss.ts';
import { completeIn, type ReadersReadings } from './readersReadings.ts';

/** In the words of notes. */
export const INCOMPLETE_METHODS =
  'Fleiss’ κ after Gwet (2014), the intraclass correlation after Ebel (1951) and Brückl & Heuer (irrNA)';

export function incompleteReadersKappa({ ofCategories, categories }: ReadersReadings) {
  const rated = ofCategories.map((row) => row.filter((category) => category !== undefined));
  return incompleteFleiss(categoryCounts(rated, categories));
}

export function incompleteReadersIcc({ ofValues }: ReadersReadings) {
  const squares = incompleteMeanSquares(ofValues);
  return { patients: squares?.patients ?? 0, icc: intraclassOf(squares) };
}

/** None where everybody with a reading was read by all. */
export function incompleteStatistics(readings: ReadersReadings): NamedStatistic[] {
  const read = readings.ofValues.filter((row) => row.some((value) => value !== undefined)).length;
  if (completeIn(readings).values.length === read) return [];
  const fleiss = incompleteReadersKappa(readings);
  const { patients, icc } = incompleteReadersIcc(readings);
  return [
    {
      name: 'Fleiss’ κ, incomplete readings',
      n: fleiss.patients,
      value: fleiss.kappa,
      se: fleiss.se,
      interval: fleiss,
      by: 't, Gwet 2014',
      p: fleiss.p,
      test: fleiss.test,
      remark: `Gwet 2014: ${fleiss.paired} patients with two readings or more`,
    },
    ...INTRACLASS_FORMS.map(
      (form): NamedStatistic => ({
        name: `${INTRACLASS_NAMES[form]}, incomplete readings`,
        n: patients,
        value: icc[form].icc,
        interval: icc[form],
        by: 'F, Brückl & Heuer',
        p: icc[form].p,
        test: { name: 'F', value: icc[form].f, degreesOfFreedom: icc[form].degreesOfFreedom },
        remark: `Ebel 1951; Brückl & Heuer, irrNA; ${INTRACLASS_CONVENTIONS[form]}`,
      }),
    ),
  ];
}
