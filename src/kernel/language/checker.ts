/** Checks cells without running them: unknown names, names of the wrong kind, names defined in two cells. */
import type { CellProblem } from '../../protocol/kernelApi.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import type { Statement, ValueNode } from './nodes.ts';
import { parse, type VerbTable } from './parser.ts';
import { type Extent, toSourceSpan } from './spans.ts';

export interface SourceCell {
  readonly cellId: string;
  readonly source: string;
}

export interface FoundProblem {
  readonly cellId: string;
  readonly problem: CellProblem;
}

/** Problems in cell order; `known` are names that exist already. */
export function checkCells(
  cells: readonly SourceCell[],
  verbs: VerbTable,
  known: Iterable<string> = [],
): FoundProblem[] {
  const defined = new Map<string, number>();
  for (const name of known) defined.set(name, -1);
  return cells.flatMap(({ cellId, source }, number) => {
    const problems: CellProblem[] = [];
    const report = (code: string, message: string, extent: Extent) =>
      problems.push({ code, message, span: toSourceSpan(source, extent) });
    const statements = tryParse(source, verbs, problems);
    for (const statement of statements) {
      for (const node of namesIn(statement))
        if (!defined.has(node.name))
          report(
            'unknown-name',
            `\`${node.name}\` is not defined in this or an earlier cell: ${suggestionFor(node.name, [...defined.keys()])}`,
            node,
          );
      const { name } = statement;
      if (!name) continue;
      const earlier = defined.get(name.text);
      if (earlier !== undefined && earlier >= 0 && earlier !== number)
        report(
          'twice-defined',
          `\`${name.text}\` is already defined in cell ${earlier + 1}, and here in cell ${number + 1}: give one of them another name.`,
          name,
        );
      else defined.set(name.text, number);
    }
    return problems.map((problem) => ({ cellId, problem }));
  });
}

function tryParse(source: string, verbs: VerbTable, problems: CellProblem[]): Statement[] {
  try {
    return parse(source, verbs);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push({ code: error.code, message: error.message, ...(error.span ? { span: error.span } : {}) });
    return [];
  }
}

type NameNode = Extract<ValueNode, { kind: 'name' }>;

/** Names of earlier results that a statement uses. */
export function namesIn(statement: Statement): NameNode[] {
  return [statement.subject, ...[...statement.clauses.values()].map(({ value }) => value)].flatMap(namesInValue);
}

function namesInValue(node: ValueNode): NameNode[] {
  switch (node.kind) {
    case 'name':
      return [node];
    case 'list':
      return node.items.flatMap(namesInValue);
    case 'sequence':
      return node.parts.flatMap((part) => (part ? namesInValue(part) : []));
    case 'assignment':
      return namesInValue(node.value);
    default:
      return [];
  }
}
