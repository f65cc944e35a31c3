/** Expressions on tables, with the notebook's parameters and selection. */
import { type ColumnTable, table as tableOf } from 'arquero';
import { UserError } from '../base/userError.ts';
import type { Expression } from '../language/clauses/expression.ts';
import { arqueroExpression, columnsIn, SELECTED } from '../language/expression.ts';
import { spanInWhole } from '../language/spans.ts';
import { evaluate } from '../tables/evaluate.ts';

/** An expression's value for each row of a table. Throws a UserError with the expression's place. */
export function evaluateOn(table: ColumnTable, { source, span, parameters, selected }: Expression): unknown[] {
  try {
    const usesSelection = columnsIn(source, [SELECTED]).length > 0 && !table.columnNames().includes(SELECTED);
    const rows = usesSelection ? withSelection(table, selected) : table;
    return evaluate(rows, arqueroExpression(source, rows.columnNames(), parameters));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, error.message, error.span ? spanInWhole(span, error.span) : span, error.meant);
  }
}

/** With a column that says whether the row's patient is selected. */
function withSelection(table: ColumnTable, selected: ReadonlySet<string>): ColumnTable {
  if (!table.columnNames().includes('patient'))
    throw new UserError('missing-columns', 'Patients are selected, and this table has no column `patient`.');
  if (selected.size === 0)
    throw new UserError(
      'nothing-selected',
      'No patient is selected. Click or lasso points in a figure first; on the command line, write `--set selected=P01,P02`.',
    );
  const patients = Array.from(table.array('patient'), String);
  return table.assign(tableOf({ [SELECTED]: patients.map((patient) => selected.has(patient)) }));
}
