/** From a row of a table to the slices of its patient. */
import type { TableView } from '../../protocol/view.ts';
import type { Messaging } from '../messaging.ts';
import type { Opened } from '../viewer/openedSlices.tsx';

type CellRow = TableView['rows'][number];
export type SlicesOpener = (row: CellRow) => (() => void) | undefined;

/** What opens the slices of a row's patient; undefined where the table, or the row, leads to none. */
export function slicesOpener(
  { patientsHandle: handle, columns }: TableView,
  messaging: Messaging,
  show: (change: Opened | ((now: Opened | undefined) => Opened | undefined)) => void,
): SlicesOpener | undefined {
  if (handle === undefined) return undefined;
  const cell = (row: CellRow, name: string) => String(row[columns.findIndex((column) => column.name === name)] ?? '');
  return (row) => {
    const wanted = { patient: cell(row, 'patient'), class: cell(row, 'class'), region: cell(row, 'region') };
    if (messaging.leadsTo?.(handle, wanted.patient) === false) return undefined;
    const isStill = (now: Opened | undefined) =>
      now?.patient === wanted.patient && now.class === wanted.class && now.region === wanted.region;
    return () => {
      show({ ...wanted, reply: undefined });
      void messaging
        .requestPatient({ handle, ...wanted })
        .then((reply) => show((now) => (isStill(now) ? { ...wanted, reply } : now)));
    };
  };
}
