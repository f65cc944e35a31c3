/** A result as a table: as the statement that made it showed it, or all its columns where that showed none. */
import type { TableView } from '../../protocol/view.ts';
import type { Named } from '../values/named.ts';
import { sentencesOf } from '../values/remarks.ts';
import { viewOf } from '../values/shownAs.ts';
import { tableView } from './tableView.ts';

export async function shownTable({ name, value }: Named<'table' | 'measurements' | 'agreement'>): Promise<TableView> {
  const shown = await viewOf(value);
  if (shown?.type === 'table') return shown;
  return tableView(value.table, {
    title: name,
    notes: value.kind === 'agreement' ? [...sentencesOf(value.remarks), ...value.notes(value.pairs)] : [],
    researchOnly: value.kind !== 'table',
    provenance: value.provenance,
    ...(value.kind === 'table' && value.headings && { columns: value.headings }),
  });
}
