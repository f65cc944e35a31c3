/** A result as a table: as the statement that made it showed it, or all its columns where that showed none. */
import type { ColumnTable } from 'arquero';
import type { TableView } from '../../protocol/view.ts';
import type { Named } from '../values/named.ts';
import { sentencesOf } from '../values/remarks.ts';
import { viewOf } from '../values/shownAs.ts';
import { tableView } from './tableView.ts';

type Shown = Named<'table' | 'measurements' | 'agreement'>;

export async function shownTable({ name, value }: Shown): Promise<TableView> {
  const shown = await viewOf(value);
  return shown?.type === 'table' ? shown : tableOfResult(value.table, { name, value }, name);
}

/** `table` is the result's own, or a part of it. */
export function tableOfResult(table: ColumnTable, { value }: Shown, title: string): TableView {
  return tableView(table, {
    title,
    notes: value.kind === 'agreement' ? [...sentencesOf(value.remarks), ...value.notes(value.pairs)] : [],
    researchOnly: value.kind !== 'table',
    provenance: value.provenance,
    ...(value.kind === 'table' && value.headings && { columns: value.headings }),
  });
}
