/** Which names cells define and use, and how a parameter's value is written into its cell. Text alone; nothing is run. */
import type { ChangeParameter, ParameterChange } from '../../protocol/kernelApi.ts';
import type { Statement, ValueNode } from './nodes.ts';
import { parseCell, type SourceCell, type VerbTable } from './parser.ts';
import { toSourceSpan } from './spans.ts';
import { tokenize } from './tokens.ts';

export interface CellNames {
  readonly cellId: string;
  readonly defines: ReadonlySet<string>;
  /** Names of other cells' results; in an expression every word may be one. */
  readonly uses: ReadonlySet<string>;
  /** Holds parameters and nothing else. */
  readonly isParameter: boolean;
}

/** The edit that writes a parameter's value into its cell. */
export function parameterChange({ cells, name, value }: ChangeParameter, verbs: VerbTable): ParameterChange {
  for (const { cellId, source } of cells)
    for (const { name: defined, subject } of parseCell(source, verbs).statements) {
      if (defined?.text !== name || subject.kind !== 'assignment') continue;
      return { edit: { cellId, span: toSourceSpan(source, subject.value), text: JSON.stringify(value) } };
    }
  return { problem: `No cell of this notebook has a \`param ${name}\` any more.` };
}

/** The names of every cell, in the order of the notebook. */
export function namesOf(cells: readonly SourceCell[], verbs: VerbTable): CellNames[] {
  const parameters = new Set<string>();
  return cells.map(({ cellId, source }) => {
    const { statements, lostNames } = parseCell(source, verbs, parameters);
    const defines = new Set(lostNames);
    const uses = new Set<string>();
    const isParameter = ({ verb }: Statement) => verbs.get(verb)?.gives.includes('parameter') ?? false;
    for (const statement of statements) {
      for (const name of usedBy(statement)) if (!defines.has(name)) uses.add(name);
      if (statement.name) defines.add(statement.name.text);
      if (statement.name && isParameter(statement)) parameters.add(statement.name.text);
    }
    return { cellId, defines, uses, isParameter: statements.length > 0 && statements.every(isParameter) };
  });
}

/** Names of results in a statement's values; in an expression every word may be one. */
function usedBy({ subject, clauses }: Statement): string[] {
  return [subject, ...[...clauses.values()].map(({ value }) => value)].flatMap(usedIn);
}

function usedIn(node: ValueNode): string[] {
  switch (node.kind) {
    case 'name':
      return [node.name];
    case 'expression':
      return tokenize(node.source).flatMap(({ kind, value }) => (kind === 'word' ? [value] : []));
    case 'list':
      return node.items.flatMap(usedIn);
    case 'sequence':
      return node.parts.flatMap((part) => (part ? usedIn(part) : []));
    case 'assignment':
      return usedIn(node.value);
    default:
      return [];
  }
}
