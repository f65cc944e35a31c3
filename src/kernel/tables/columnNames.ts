/** Gives columns the names that verbs look for: those that a user maps, and those in other languages. */
import type { ColumnTable } from 'arquero';
import type { Remark } from '../../protocol/remark.ts';
import { columnOf } from '../base/labels.ts';
import { info } from '../base/remarks.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import { isLabelColumn, sameName } from './columns.ts';

export interface MappedColumn {
  /** What it shall be called. */
  readonly name: string;
  /** What the file calls it. */
  readonly own: string;
}

export interface NamedColumns {
  readonly table: ColumnTable;
  /** New names by those of the file. */
  readonly renamed: ReadonlyMap<string, string>;
  readonly remarks: readonly Remark[];
}

/** Columns of the file that will hold labels. */
export function mappedLabels(mapped: readonly MappedColumn[]): string[] {
  return mapped.flatMap(({ name, own }) => (isLabelColumn(name) ? [own] : []));
}

/** `file` is for messages. Throws a UserError where a column is not there, or where two would have one name. */
export function withColumnNames(table: ColumnTable, mapped: readonly MappedColumn[], file: string): NamedColumns {
  const columns = table.columnNames();
  const renamed = new Map<string, string>();
  for (const { name, own } of mapped) {
    const column = columns.find((c) => c === own) ?? columns.find((c) => sameName(c, own));
    if (column === undefined)
      throw new UserError('unknown-column', `${file} has no column "${own}": ${suggestionFor(own, columns)}`);
    if (renamed.has(column))
      throw new UserError('unknown-column', `\`columns\` gives the column "${column}" of ${file} two names.`);
    renamed.set(column, name);
  }
  const understood = translated(columns, renamed);
  for (const [own, name] of understood) renamed.set(own, name);
  refuseTwice(columns, renamed, file);
  if (renamed.size === 0) return { table, renamed, remarks: [] };
  const said = [...understood].map(([own, name]) => `"${own}" as \`${name}\``).join(', ');
  return {
    table: table.rename(Object.fromEntries(renamed)),
    renamed,
    remarks: understood.size ? [info('columns-named', `Columns of ${file} are read by their meaning: ${said}.`)] : [],
  };
}

/** Columns in other words, where no column has the name already and no other is meant by it. */
function translated(columns: readonly string[], renamed: ReadonlyMap<string, string>): Map<string, string> {
  const taken = [...columns.filter((column) => !renamed.has(column)), ...renamed.values()];
  const meant = columns.flatMap((own) => {
    const name = renamed.has(own) ? undefined : columnOf(own);
    return name === undefined || taken.some((column) => sameName(column, name)) ? [] : [[own, name] as const];
  });
  return new Map(meant.filter(([, name]) => meant.filter(([, other]) => other === name).length === 1));
}

function refuseTwice(columns: readonly string[], renamed: ReadonlyMap<string, string>, file: string): void {
  const names = columns.map((column) => renamed.get(column) ?? column);
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice !== undefined)
    throw new UserError(
      'unknown-column',
      `${file} would have two columns \`${twice}\`. Give the one that it has already another name by \`columns\`, or leave it as it is.`,
    );
}
