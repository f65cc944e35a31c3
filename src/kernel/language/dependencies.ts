/** Which names cells define and use, and how a parameter's value is written into its cell. Text alone; nothing is run. */
import type { ChangeParameter, ParameterChange } from '../../protocol/kernelApi.ts';
import { leavesOf, type ValueNode } from './clauses/clause.ts';
import { type Statement, valuesIn } from './nodes.ts';
import { parseCell, type SourceCell, type VerbTable } from './parser.ts';
import { type Extent, toSourceSpan } from './spans.ts';
import { type Token, tokenize } from './tokens.ts';

/** Stands among the names that a cell uses for what is drawn on the notebook's slices; no name has spaces. */
export const DRAWN = 'what is drawn';

export interface CellNames {
  readonly cellId: string;
  readonly defines: ReadonlySet<string>;
  /** Names of other cells' results; in an expression every word may be one. */
  readonly uses: ReadonlySet<string>;
  /** The cell's text without its parameters: as long as it stays, edits of the cell have moved parameters alone. */
  readonly besideParameters: string;
}

/** The edit that writes a parameter's value into its cell. */
export function parameterChange({ cells, name, value }: ChangeParameter, verbs: VerbTable): ParameterChange {
  for (const { cellId, source } of cells)
    for (const { name: defined, subject } of parseCell(source, verbs).statements) {
      const { assigned } = subject;
      if (defined?.text !== name || !assigned) continue;
      const text = assigned.type.format(value) ?? String(value);
      if (tokenize(text)[0]?.kind === 'unclosed-text')
        return {
          problem: `\`${name}\` keeps its value: a text can neither end in a backslash nor hold a line break.`,
        };
      return { edit: { cellId, span: toSourceSpan(source, assigned.value), text } };
    }
  return { problem: `No cell of this notebook has a \`param ${name}\` any more.` };
}

/** The names of every cell, in the order of the notebook. */
export function namesOfCells(cells: readonly SourceCell[], verbs: VerbTable): CellNames[] {
  const parameters = new Set<string>();
  return cells.map(({ cellId, source }) => {
    const { statements, lostNames } = parseCell(source, verbs, parameters);
    const defines = new Set(lostNames);
    const uses = new Set<string>();
    const isParameter = ({ verb }: Statement) => verbs.get(verb)?.gives.includes('parameter') ?? false;
    for (const statement of statements) {
      for (const name of namesUsedBy(statement, verbs)) if (!defines.has(name)) uses.add(name);
      if (statement.name) defines.add(statement.name.text);
      if (statement.name && isParameter(statement)) parameters.add(statement.name.text);
    }
    return { cellId, defines, uses, besideParameters: without(source, statements.filter(isParameter)) };
  });
}

/** Names of results that a statement uses; in an expression every word may be one. */
export function namesUsedBy(statement: Statement, verbs: VerbTable): string[] {
  return [...valuesIn(statement).flatMap(usedIn), ...(verbs.get(statement.verb)?.follows ?? [])];
}

function without(source: string, cut: readonly Extent[]): string {
  return cut.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), source);
}

/** Names of results in a value; in an expression every word may be one. */
function usedIn(node: ValueNode): string[] {
  return leavesOf(node).flatMap((leaf) => (leaf.use ? [leaf.use.name] : wordsIn(leaf).map(({ value }) => value)));
}

/** A name written where a value stands, and the kinds of result that it may stand for. */
export type NameUse = Extent & NonNullable<ValueNode['use']>;

/** The names of results in a value; those in expressions are not among them. */
export function namesInValue(node: ValueNode): NameUse[] {
  return leavesOf(node).flatMap(({ use, start, end }) => (use ? [{ ...use, start, end }] : []));
}

/** The words of an expression, at their places in the cell; none of any other value. */
export function wordsIn({ source = '', start }: ValueNode): Token[] {
  return tokenize(source)
    .filter(({ kind }) => kind === 'word')
    .map((token) => ({ ...token, start: start + token.start, end: start + token.end }));
}
