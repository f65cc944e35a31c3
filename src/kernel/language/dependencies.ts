/** Which cells use what other cells define: what has to run again when a parameter moves. Text alone; nothing is run. */
import type { ChangeParameter, ParameterCells, ParameterChange } from '../../protocol/kernelApi.ts';
import type { SourceCell } from './checker.ts';
import type { Statement, ValueNode } from './nodes.ts';
import { parseCell, type VerbTable } from './parser.ts';
import { toSourceSpan } from './spans.ts';
import { tokenize } from './tokens.ts';

interface CellNames {
  readonly cellId: string;
  readonly defines: ReadonlySet<string>;
  readonly uses: ReadonlySet<string>;
}

/** The cells that use any of the `changed` names, or names made from them, in the order of the notebook; without those that define them. */
export function dependents(cells: readonly SourceCell[], changed: readonly string[], verbs: VerbTable): string[] {
  const all = namesOf(cells, verbs);
  const stale = new Set(changed);
  const found = new Set<string>();
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { cellId, defines, uses } of all) {
      if (found.has(cellId) || changed.some((name) => defines.has(name)) || ![...uses].some((name) => stale.has(name)))
        continue;
      found.add(cellId);
      for (const name of defines) stale.add(name);
    }
  }
  return all.map(({ cellId }) => cellId).filter((cellId) => found.has(cellId));
}

/** The edit that writes a parameter's value into its cell, and the cells to run: that one and its dependents. */
export function parameterChange({ cells, name, value }: ChangeParameter, verbs: VerbTable): ParameterChange {
  for (const { cellId, source } of cells)
    for (const { name: defined, subject } of parseCell(source, verbs).statements) {
      if (defined?.text !== name || subject.kind !== 'assignment') continue;
      const edit = { cellId, span: toSourceSpan(source, subject.value), text: JSON.stringify(value) };
      return { edit, rerun: [cellId, ...dependents(cells, [name], verbs)] };
    }
  return { problem: `No cell of this notebook has a \`param ${name}\` any more.` };
}

/** The cells to run when the parameters of one cell have changed in its text: that cell and its dependents; none where it has none. */
export function parameterCells({ cells, cellId }: ParameterCells, verbs: VerbTable): string[] {
  const source = cells.find((cell) => cell.cellId === cellId)?.source ?? '';
  const names = parseCell(source, verbs).statements.flatMap(({ verb, name }) =>
    name && verbs.get(verb)?.gives.includes('parameter') ? [name.text] : [],
  );
  return names.length ? [cellId, ...dependents(cells, names, verbs)] : [];
}

function namesOf(cells: readonly SourceCell[], verbs: VerbTable): CellNames[] {
  const parameters = new Set<string>();
  return cells.map(({ cellId, source }) => {
    const { statements, lostNames } = parseCell(source, verbs, parameters);
    const defines = new Set(lostNames);
    const uses = new Set<string>();
    for (const statement of statements) {
      for (const name of usedBy(statement)) if (!defines.has(name)) uses.add(name);
      if (statement.name) defines.add(statement.name.text);
      if (statement.name && verbs.get(statement.verb)?.gives.includes('parameter')) parameters.add(statement.name.text);
    }
    return { cellId, defines, uses };
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
