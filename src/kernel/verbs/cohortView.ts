/** A cohort series by series, with everything that is wrong with it. */
import type { Message, TableView } from '../../protocol/view.ts';
import { counted } from '../base/counted.ts';
import type { Cohort, Problem } from '../ct/cohort.ts';

/** Problems shown one by one; beyond them they are counted. */
const PROBLEMS_SHOWN = 50;

export function cohortView(cohort: Cohort, title: string): TableView {
  const all = cohort.patients.flatMap((patient) => patient.series.map((series) => ({ patient, series })));
  const millimetres = (value: number | undefined) => (value === undefined ? null : Number(value.toFixed(3)));
  return {
    type: 'table',
    title: `${title}: ${counted(cohort.patients.length, 'patient')}, ${counted(all.length, 'series', 'series')}`,
    columns: [
      { name: 'patient', label: 'Patient', kind: 'text' },
      { name: 'series', label: 'Series', kind: 'text' },
      { name: 'slices', label: 'Slices', kind: 'number', digits: 0 },
      { name: 'matrix', label: 'Matrix', kind: 'text' },
      { name: 'pixel_mm', label: 'Pixel', kind: 'number', unit: 'mm', digits: 2 },
      {
        name: 'spacing_mm',
        label: 'Spacing',
        kind: 'number',
        unit: 'mm',
        digits: 2,
        description: 'Distance between slices, from their positions',
      },
      {
        name: 'thickness_mm',
        label: 'Thickness',
        kind: 'number',
        unit: 'mm',
        digits: 2,
        description: 'Slice thickness as the scanner wrote it',
      },
      { name: 'kernel', label: 'Kernel', kind: 'text' },
      { name: 'scanner', label: 'Scanner', kind: 'text' },
      { name: 'position', label: 'Position', kind: 'text' },
      { name: 'problems', label: 'Problems', kind: 'number', digits: 0 },
    ],
    rows: all.map(({ patient, series }) => [
      patient.id,
      series.id,
      series.size[2],
      `${series.size[0]} × ${series.size[1]}`,
      millimetres(series.spacingMm[0]),
      millimetres(series.spacingMm[2]),
      millimetres(series.sliceThicknessMm),
      series.kernel ?? null,
      series.scanner ?? null,
      series.patientPosition ?? null,
      series.problems.length,
    ]),
    totalRows: all.length,
    notes: [],
    messages: [],
    researchOnly: false,
  };
}

/** Every problem of the cohort and of its series, named by patient and series. */
export function problemMessages(cohort: Cohort): Message[] {
  const own = cohort.problems.map((problem) => messageOf(problem, ''));
  const ofSeries = cohort.patients.flatMap((patient) =>
    patient.series.flatMap((series) =>
      series.problems.map((problem) => messageOf(problem, `${patient.id}, ${series.id}: `)),
    ),
  );
  const all = [...own, ...ofSeries];
  const hidden = all.length - PROBLEMS_SHOWN;
  return hidden > 0
    ? [...all.slice(0, PROBLEMS_SHOWN), { severity: 'warning', text: `… and ${counted(hidden, 'more problem')}.` }]
    : all;
}

function messageOf(problem: Problem, prefix: string): Message {
  return { severity: problem.severity, text: `${prefix}${problem.message}` };
}
