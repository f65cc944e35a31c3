/** `describe`: what was found, series by series, or what a table holds, column by column. */
import type { TableView } from '../../protocol/view.ts';
import { named } from './arguments.ts';
import { cohortView, problemMessages } from './cohortView.ts';
import type { Value } from './value.ts';
import type { Verb } from './verb.ts';

export const describe: Verb = {
  name: 'describe',
  summary: 'Says what a cohort or table holds.',
  documentation:
    'For a cohort: a row per CT series with its slices, spacing, kernel, scanner and patient position, and every problem that was found; nothing is dropped silently. For a table: a row per column.',
  examples: ['describe cohort'],
  subject: {
    type: { kind: 'name', of: ['cohort', 'table', 'measurements', 'agreement'] },
    noun: 'the name of a cohort or table',
    documentation: 'What to describe.',
  },
  clauses: {},
  gives: [],
  alwaysShown: true,
  async run(values) {
    const { name, value } = named(values.subject, 'cohort', 'table', 'measurements', 'agreement');
    if (value.kind !== 'cohort') return { view: () => columnsView(name, value) };
    return { view: () => cohortView(value.cohort, name), messages: problemMessages(value.cohort) };
  },
};

function columnsView(name: string, { table, provenance }: Exclude<Value, { kind: 'cohort' }>): TableView {
  const columns = table.columnNames();
  return {
    type: 'table',
    title: `${name}: ${table.numRows()} rows, ${columns.length} columns`,
    columns: [
      { name: 'column', label: 'Column', kind: 'text' },
      { name: 'filled', label: 'Filled', kind: 'number', digits: 0 },
      { name: 'different', label: 'Different values', kind: 'number', digits: 0 },
      { name: 'example', label: 'Examples', kind: 'text' },
    ],
    rows: columns.map((column) => {
      const cells = Array.from(table.array(column) as ArrayLike<unknown>).filter(
        (v) => v !== undefined && v !== null && v !== '',
      );
      const different = [...new Set(cells)];
      return [column, cells.length, different.length, different.slice(0, 4).map(String).join(', ')];
    }),
    totalRows: columns.length,
    notes: [],
    messages: [],
    researchOnly: false,
    provenance,
  };
}
