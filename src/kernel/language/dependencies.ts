/** Which names cells define and use, and how a parameter's value is written into its cell. Text alone; nothing is run. */
import type { ChangeParameter, ParameterChange } from '../../protocol/kernelApi.ts';
import { leavesOf, type Statement, type ValueNode } from './nodes.ts';
import { parseCell, type SourceCell, type VerbTable } from './parser.ts';
import { toSourceSpan } from './spans.ts';
import { type Token, tokenize } from './tokens.ts';

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
  const text = written(value);
  if (tokenize(text)[0]?.kind === 'unclosed-text')
    return { problem: `\`${name}\` keeps its value: a text can neither end in a backslash nor hold a line break.` };
  for (const { cellId, source } of cells)
    for (const { name: defined, subject } of parseCell(source, verbs).statements) {
      if (defined?.text !== name || subject.kind !== 'assignment') continue;
      return { edit: { cellId, span: toSourceSpan(source, subject.value), text } };
    }
  return { problem: `No cell of this notebook has a \`param ${name}\` any more.` };
}

/** A value as the language writes it. */
function written(value: ChangeParameter['value']): string {
  return typeof value === 'string' ? `"${value.replaceAll('"', '\\"')}"` : String(value);
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
  return leavesOf(node).flatMap((leaf) => {
    if (leaf.kind === 'name') return [leaf.name];
    return leaf.kind === 'expression' ? wordsIn(leaf).map(({ value }) => value) : [];
  });
}

/** A name written where a value stands. */
export type NameNode = Extract<ValueNode, { kind: 'name' }>;

/** The names of results in a value; those in expressions are not among them. */
export function namesInValue(node: ValueNode): NameNode[] {
  return leavesOf(node).filter((leaf) => leaf.kind === 'name');
}

/** The words of an expression, at their places in the cell. */
export function wordsIn({ source, start }: Extract<ValueNode, { kind: 'expression' }>): Token[] {
  return tokenize(source)
    .filter(({ kind }) => kind === 'word')
    .map((token) => ({ ...token, start: start + token.start, end: start + token.end }));
}
