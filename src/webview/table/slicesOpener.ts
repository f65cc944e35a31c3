/** From a row of a table to the slices of its patient. */
import type { TableView } from '../../protocol/view.ts';
import type { Messaging } from '../messaging.ts';
import type { Opened } from '../viewer/openedSlices.tsx';

type CellRow = TableView['rows'][number];

/** Undefined where the table leads to no slices. */
export function slicesOpener(
  { patientsHandle: handle, columns, sliceColumn }: TableView,
  messaging: Messaging,
  show: (change: Opened | ((now: Opened | undefined) => Opened | undefined)) => void,
): ((row: CellRow) => void) | undefined {
  if (handle === undefined) return undefined;
  const cell = (row: CellRow, name: string) => String(row[columns.findIndex((column) => column.name === name)] ?? '');
  return (row) => {
    const [series, slice] = [cell(row, 'series'), sliceColumn === undefined ? 0 : Number(cell(row, sliceColumn))];
    const wanted = {
      patient: cell(row, 'patient'),
      class: cell(row, 'class'),
      region: cell(row, 'region'),
      ...(series === '' ? {} : { series }),
      ...(slice > 0 ? { slice } : {}),
    };
    const waiting: Opened = { ...wanted, reply: undefined };
    show(waiting);
    void messaging
      .requestPatient({ handle, ...wanted })
      .then((reply) => show((now) => (now === waiting ? { ...wanted, reply } : now)));
  };
}
