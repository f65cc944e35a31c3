/** Expressions on tables, with the notebook's parameters and selection. */
import { type ColumnTable, table as tableOf } from 'arquero';
import { patientOfLabel, visitLabel } from '../../protocol/words/visitLabel.ts';
import { UserError } from '../base/userError.ts';
import type { Expression } from '../language/clauses/expression.ts';
import { arqueroExpression, columnsIn, SELECTED } from '../language/expression.ts';
import { spanInWhole } from '../language/spans.ts';
import { evaluate } from '../tables/evaluate.ts';
import { visitsByRow } from '../tables/visitColumn.ts';

/** An expression's value for each row of a table. Throws a UserError with the expression's place. */
export function evaluateOn(table: ColumnTable, expression: Expression): unknown[] {
  const { source, span, parameters, selected } = expression;
  try {
    const rows = usesSelection(table, expression) ? withSelection(table, selected) : table;
    return evaluate(rows, arqueroExpression(source, rows.columnNames(), parameters));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, error.message, error.span ? spanInWhole(span, error.span) : span, error.meant);
  }
}

/** Whether the expression asks which patients are selected, and not for a column of that name. */
export function usesSelection(table: ColumnTable, { source }: Pick<Expression, 'source'>): boolean {
  return columnsIn(source, [SELECTED]).length > 0 && !table.columnNames().includes(SELECTED);
}

/** With a column that says whether the row's patient is selected. */
function withSelection(table: ColumnTable, selected: ReadonlySet<string>): ColumnTable {
  if (!table.columnNames().includes('patient'))
    throw new UserError('missing-columns', 'Patients are selected, and this table has no column `patient`.');
  const patients = Array.from(table.array('patient'), String);
  const visits = visitsByRow(table);
  const ofVisits = new Set([...selected].map(patientOfLabel));
  // A point may be one visit of a patient; in a table without visits it stands for the patient.
  const isSelected = (patient: string, visit: string) =>
    selected.has(patient) || (visit === '' ? ofVisits.has(patient) : selected.has(visitLabel(patient, visit)));
  return table.assign(tableOf({ [SELECTED]: patients.map((patient, row) => isSelected(patient, visits[row]!)) }));
}
