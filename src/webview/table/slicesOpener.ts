/** From a row of a table to the slices of its patient. */
import type { TableView } from '../../protocol/view.ts';
import type { Messaging } from '../messaging.ts';
import type { Opened } from '../viewer/openedSlices.tsx';

type CellRow = TableView['rows'][number];
export type SlicesOpener = (row: CellRow) => (() => void) | undefined;

/** What opens the slices of a row's patient; undefined where the table, or the row, leads to none. */
export function slicesOpener(
  { patientsHandle: handle, columns, sliceColumn }: TableView,
  messaging: Messaging,
  show: (change: Opened | ((now: Opened | undefined) => Opened | undefined)) => void,
): SlicesOpener | undefined {
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
    if (messaging.leadsTo?.(handle, wanted) === false) return undefined;
    return () => {
      const waiting: Opened = { ...wanted, reply: undefined };
      show(waiting);
      void messaging
        .requestPatient({ handle, ...wanted })
        .then((reply) => show((now) => (now === waiting ? { ...wanted, reply } : now)));
    };
  };
}
