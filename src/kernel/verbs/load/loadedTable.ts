/** What `load` makes of the table of a file: the same in the kernel, and where a page puts another file in its place. */
import type { ScoresFile } from '../../../protocol/reading/scores.ts';
import { warning } from '../../base/remarks.ts';
import { SOFTWARE } from '../../base/software.ts';
import type { TableOfFile } from '../../tables/tableOfFile.ts';
import type { TableValue } from '../../values/value.ts';
import { tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';

export interface LoadedFile extends TableOfFile {
  /** Without its folder. */
  readonly name: string;
  /** Where it is what somebody read in a session of LungNB. */
  readonly scores?: ScoresFile;
}

export function loadedTable({
  name,
  sha256,
  table,
  scores,
  cutPoints,
  otherSheets,
  percentColumns,
  remarks,
}: LoadedFile): VerbResult & { readonly value: TableValue } {
  const provenance = {
    software: SOFTWARE,
    models: [],
    inputs: { [name]: sha256 },
    parameters: scores ? { readBy: scores.reader } : {},
  };
  const value: TableValue = {
    kind: 'table',
    table,
    percentColumns,
    cutPoints: scores ? cutPointsOf(scores) : cutPoints,
    provenance,
  };
  const further = `${name} has further sheets, which are not read: ${otherSheets.join(', ')}. \`sheet "${otherSheets[0]}"\` reads one.`;
  return {
    value,
    view: () => tableView(table, { title: name, researchOnly: false, provenance }),
    remarks: [...remarks, ...(otherSheets.length ? [warning('other-sheets', further)] : [])],
  };
}

/** Of a file of scores, where all its sessions have the same. */
function cutPointsOf({ sessions }: ScoresFile): readonly number[] | undefined {
  const [first, ...others] = sessions.map(({ form }) => form.cutPoints);
  return others.every((cuts) => cuts?.join() === first?.join()) ? first : undefined;
}
