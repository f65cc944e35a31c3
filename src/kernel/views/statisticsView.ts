/** Every statistic of an agreement, a row for each. */
import type { ColumnTable } from 'arquero';
import type { Provenance, TableView } from '../../protocol/view.ts';
import { counted } from '../base/counted.ts';
import { tableView } from './tableView.ts';

/** `notes` are those of the agreement itself. */
export function statisticsView(
  name: string,
  table: ColumnTable,
  { comparisons, notes, provenance }: { comparisons: number; notes: readonly string[]; provenance: Provenance },
): TableView {
  return tableView(table, {
    title: `${name}: ${counted(table.numRows(), 'statistic')} of ${counted(comparisons, 'comparison')}`,
    notes: ['`export … statistics` writes all of them.', ...notes],
    researchOnly: true,
    provenance: { ...provenance, parameters: { ...provenance.parameters, statistics: 'all' } },
  });
}
