/** Long tables travel with their first rows; the others are asked for, as long as the kernel lives. */
import type { TableRowsReply, TableRowsRequest } from '../../protocol/kernelApi.ts';
import type { TableView, ViewModel } from '../../protocol/view.ts';
import { imageHandle } from '../values/handles.ts';
import { keptByHandle } from './keptByHandle.ts';

/** Rows that an output carries, and so a notebook keeps. */
const ROWS_CARRIED = 500;
/** Rows of this many tables stay at hand; older ones ask for a re-run. */
const TABLES_KEPT = 16;

export function createLongTables() {
  const kept = keptByHandle<TableView['rows']>(TABLES_KEPT);
  return {
    /** The view as it travels: a long table with its first rows, and a handle by which `rows` knows the others. */
    shortened(view: ViewModel): ViewModel {
      if (view.type !== 'table' || view.rows.length <= ROWS_CARRIED) return view;
      const handle = imageHandle('table', view.columns, view.rows);
      kept.keep(handle, view.rows);
      return { ...view, rows: view.rows.slice(0, ROWS_CARRIED), handle };
    },
    rows({ handle }: TableRowsRequest): TableRowsReply {
      const rows = kept.get(handle);
      return rows ? { rows } : { problem: 'Run the cell again to see all rows.' };
    },
  };
}
