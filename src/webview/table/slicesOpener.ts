/** From a row of a table to the slices of its patient. */
import type { TableView } from '../../protocol/view.ts';
import type { Messaging } from '../messaging.ts';
import type { Opened } from '../viewer/openedSlices.tsx';

type CellRow = TableView['rows'][number];

/** Undefined where the table leads to no slices. */
export function slicesOpener(
  { patientsHandle: handle, columns }: TableView,
  messaging: Messaging,
  show: (change: Opened | ((now: Opened | undefined) => Opened | undefined)) => void,
): ((row: CellRow) => void) | undefined {
  if (handle === undefined) return undefined;
  const cell = (row: CellRow, name: string) => String(row[columns.findIndex((column) => column.name === name)] ?? '');
  return (row) => {
    const wanted = { patient: cell(row, 'patient'), class: cell(row, 'class'), region: cell(row, 'region') };
    show({ ...wanted, reply: undefined });
    const isStill = (now: Opened | undefined) =>
      now?.patient === wanted.patient && now.class === wanted.class && now.region === wanted.region;
    void messaging
      .requestPatient({ handle, ...wanted })
      .then((reply) => show((now) => (isStill(now) ? { ...wanted, reply } : now)));
  };
}
