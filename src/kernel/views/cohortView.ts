/** A cohort series by series, with the codes of its flags, and what was found and not used. */
import type { Remark } from '../../protocol/remark.ts';
import type { TableView } from '../../protocol/view.ts';
import { counted } from '../base/counted.ts';
import { warning } from '../base/remarks.ts';
import type { Cohort, Patient, Series, SeriesChoice } from '../ct/cohort/cohort.ts';
import { VISIT_HEADINGS } from './visitHeadings.ts';

/** What the table says where there is no flag. */
export const NO_FLAG = 'none';

/** Problems shown one by one; beyond them they are counted. */
const PROBLEMS_SHOWN = 50;

const VISIT_COLUMNS = Object.entries(VISIT_HEADINGS).map(([name, heading]) => ({ name, ...heading }));

export function cohortView(cohort: Cohort, title: string): TableView {
  const all = cohort.patients.flatMap((patient) => patient.series.map((series) => ({ patient, series })));
  const hasVisits = all.some(({ series }) => series.visit !== undefined);
  const millimetres = (value: number | undefined) => (value === undefined ? null : Number(value.toFixed(3)));
  return {
    type: 'table',
    title: `${title}: ${counted(cohort.patients.length, 'patient')}, ${counted(all.length, 'series', 'series')}`,
    columns: [
      { name: 'patient', label: 'Patient', kind: 'text' },
      { name: 'series', label: 'Series', kind: 'text' },
      ...(hasVisits ? VISIT_COLUMNS : []),
      {
        name: 'used',
        label: 'Used',
        kind: 'text',
        description: 'Whether this series is measured; `load … series` chooses',
      },
      { name: 'why', label: 'Why', kind: 'text' },
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
      {
        name: 'flags',
        label: 'Flags',
        kind: 'text',
        description: 'What speaks against measuring this series or comparing it with others',
      },
    ],
    rows: all.map(({ patient, series }) => [
      patient.id,
      series.id,
      ...(hasVisits ? [series.visit ?? null, series.days ?? null] : []),
      choiceOf(patient, series).used ? 'yes' : 'no',
      choiceOf(patient, series).reason,
      series.size[2],
      `${series.size[0]} × ${series.size[1]}`,
      millimetres(series.spacingMm[0]),
      millimetres(series.spacingMm[2]),
      millimetres(series.sliceThicknessMm),
      series.convolutionKernel ?? null,
      series.scanner ?? null,
      series.patientPosition ?? null,
      series.problems.map(({ code }) => code).join(', ') || NO_FLAG,
    ]),
    totalRows: all.length,
    notes: [],
    messages: [],
    researchOnly: false,
  };
}

function choiceOf({ choices }: Patient, { id }: Series): SeriesChoice {
  return choices.find(({ series }) => series === id)!;
}

/** Files, folders and series that were found and not used, with the reason. */
export function unusedRemarks({ problems }: Cohort): Remark[] {
  const shown = problems.slice(0, PROBLEMS_SHOWN);
  const hidden = problems.length - shown.length;
  return hidden > 0 ? [...shown, warning('more-remarks', `… and ${counted(hidden, 'more problem')}.`)] : shown;
}
