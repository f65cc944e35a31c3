/** Measured CTs with their flags, or `none`. */
import type { TableView } from '../../protocol/view.ts';
import { counted } from '../base/counted.ts';
import { naturally } from '../base/naturally.ts';
import type { MeasurementsValue } from '../values/value.ts';
import { NO_FLAG } from './cohortView.ts';

/** A row per CT and flag. */
export function flagsView(name: string, { table, measured, flags, provenance }: MeasurementsValue): TableView {
  const flagged = flags.map(({ patient, series, code, message }) => [patient, series, code, message] as const);
  const nameOf = (patient: string, series: string) => JSON.stringify([patient, series]);
  const isFlagged = new Set(flags.map(({ patient, series }) => nameOf(patient, series)));
  const sound = measured
    .filter((m) => !isFlagged.has(nameOf(m.patient, m.series.id)))
    .map((m) => [m.patient, m.series.id, NO_FLAG, null] as const);
  const rows = [...flagged, ...sound].sort((a, b) => naturally(a[0], b[0]) || naturally(a[1], b[1]));
  return {
    type: 'table',
    title: `${name}: ${counted(measured.length, 'measured CT')}, ${counted(flags.length, 'flag')}`,
    columns: [
      { name: 'patient', label: 'Patient', kind: 'text' },
      { name: 'series', label: 'Series', kind: 'text' },
      { name: 'flag', label: 'Flag', kind: 'text' },
      { name: 'reason', label: 'Reason', kind: 'prose' },
    ],
    rows,
    totalRows: rows.length,
    notes: [
      'A flag asks you to look; it excludes nothing. No flag does not say that a segmentation is right.',
      `The table itself has ${counted(table.numRows(), 'row')} with the columns ${table
        .columnNames()
        .map((column) => `\`${column}\``)
        .join(', ')}.`,
    ],
    messages: [],
    researchOnly: true,
    provenance,
  };
}
