/** A statement's values as a verb's run() takes them: names resolved, types as the declaration promised. */
import { type ColumnTable, table as tableOf } from 'arquero';
import type { SourceSpan } from '../../protocol/kernelApi.ts';
import { UserError } from '../base/userError.ts';
import { arqueroExpression, columnsIn, type ExpressionParameters, SELECTED } from '../language/expression.ts';
import { within } from '../language/spans.ts';
import { evaluate } from '../tables/evaluate.ts';
import { type Value, type ValueKind, wrongKindMessage } from '../values/value.ts';

export interface Expression {
  readonly kind: 'expression';
  /** As the user wrote it. */
  readonly source: string;
  readonly span: SourceSpan;
  /** The notebook's parameters, which it may name. */
  readonly parameters: ExpressionParameters;
  /** Patients selected in the notebook's figures. */
  readonly selected: ReadonlySet<string>;
}

/** A value after names were looked up, with its place in the cell. */
export type Resolved = { readonly span?: SourceSpan } & (
  | { readonly kind: 'named'; readonly name: string; readonly value: Value }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number; readonly unit: string | undefined }
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'range'; readonly low: number; readonly high: number }
  | Expression
  | { readonly kind: 'assignment'; readonly name: string; readonly value: Resolved }
  | { readonly kind: 'list'; readonly items: readonly Resolved[] }
  | { readonly kind: 'sequence'; readonly parts: readonly (Resolved | undefined)[] }
);

export interface Named<K extends ValueKind = ValueKind> {
  readonly name: string;
  readonly value: Extract<Value, { kind: K }>;
}

export interface Arguments {
  readonly subject: Resolved;
  readonly clauses: Readonly<Record<string, Resolved | undefined>>;
  /** The name given with `as`. */
  readonly name: string | undefined;
}

/** The result that a value names, if it is of one of the kinds. Throws a UserError that says what it is instead. */
export function named<K extends ValueKind>(resolved: Resolved, ...kinds: readonly K[]): Named<K> {
  if (resolved.kind !== 'named') throw new Error(`a name was declared, a ${resolved.kind} was given`);
  const { name, value } = resolved;
  if (!isOfKind(value, kinds)) throw new UserError('wrong-kind', wrongKindMessage(name, [value.kind], kinds));
  return { name, value };
}

function isOfKind<K extends ValueKind>(value: Value, kinds: readonly K[]): value is Extract<Value, { kind: K }> {
  return kinds.some((kind) => kind === value.kind);
}

export function textOf(resolved: Resolved): string {
  if (resolved.kind !== 'text') throw new Error(`a text was declared, a ${resolved.kind} was given`);
  return resolved.text;
}

export function wordOf(resolved: Resolved): string {
  if (resolved.kind !== 'word') throw new Error(`a word was declared, a ${resolved.kind} was given`);
  return resolved.word;
}

export function numberOf(resolved: Resolved): number {
  if (resolved.kind !== 'number') throw new Error(`a number was declared, a ${resolved.kind} was given`);
  return resolved.value;
}

export function itemsOf(resolved: Resolved): readonly Resolved[] {
  if (resolved.kind !== 'list') throw new Error(`a list was declared, a ${resolved.kind} was given`);
  return resolved.items;
}

export function partsOf(resolved: Resolved): readonly (Resolved | undefined)[] {
  if (resolved.kind !== 'sequence') throw new Error(`a sequence was declared, a ${resolved.kind} was given`);
  return resolved.parts;
}

/** What `work` gives; where it fails for a reason that a user can mend, the error points at the value. */
export async function pointingAt<T>(value: Resolved | undefined, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof UserError && value?.span ? error.at(value.span) : error;
  }
}

/** The words of an optional list clause, each once. */
export function wordsOf(resolved: Resolved | undefined): string[] | undefined {
  return resolved && [...new Set(itemsOf(resolved).map(wordOf))];
}

export function expressionOf(resolved: Resolved): Expression {
  if (resolved.kind !== 'expression') throw new Error(`an expression was declared, a ${resolved.kind} was given`);
  return resolved;
}

/** An expression's value for each row of a table. Throws a UserError with the expression's place. */
export function evaluateOn(table: ColumnTable, { source, span, parameters, selected }: Expression): unknown[] {
  try {
    const usesSelection = columnsIn(source, [SELECTED]).length > 0 && !table.columnNames().includes(SELECTED);
    const rows = usesSelection ? withSelection(table, selected) : table;
    return evaluate(rows, arqueroExpression(source, rows.columnNames(), parameters));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, error.message, error.span ? within(span, error.span) : span, error.meant);
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
  const patients = Array.from(table.array('patient') as ArrayLike<unknown>, String);
  return table.assign(tableOf({ [SELECTED]: patients.map((patient) => selected.has(patient)) }));
}
