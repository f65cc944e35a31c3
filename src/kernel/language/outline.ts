/** The statements of a notebook's cells, and where its names are defined and used. Text alone; nothing is run. */
import type { CellOutline, NameOccurrence } from '../../protocol/kernelApi.ts';
import { definitionsIn } from './checker.ts';
import { leavesOf, type ValueNode } from './clauses/clause.ts';
import { wordsIn } from './dependencies.ts';
import { valuesIn } from './nodes.ts';
import { parseCell, type SourceCell, type VerbTable } from './parser.ts';
import { type Extent, toSourceSpan } from './spans.ts';

/** In the order of the notebook; occurrences in the order of the text. What is wrong has no place in it. */
export function outlineOf(cells: readonly SourceCell[], verbs: VerbTable): CellOutline[] {
  const definitions = definitionsIn(cells, verbs);
  const parameters = new Set(
    [...definitions].flatMap(([name, { kinds }]) => (kinds.includes('parameter') ? [name] : [])),
  );
  return cells.map(({ cellId, source }, cell) => {
    const { statements } = parseCell(source, verbs, parameters);
    const names = statements.flatMap((statement): (NameOccurrence & { start: number })[] => {
      const occurrences = valuesIn(statement)
        .flatMap(leavesOf)
        .flatMap((leaf) => placesIn(leaf, definitions, parameters));
      if (statement.name && definitions.get(statement.name.text)?.cell === cell) {
        const { text, start, end } = statement.name;
        occurrences.push({ name: text, start, end, isDefinition: true });
      }
      return occurrences.map(({ name, start, end, isDefinition }) => ({
        name,
        isDefinition,
        isParameter: parameters.has(name),
        span: toSourceSpan(source, { start, end }),
        start,
      }));
    });
    return {
      cellId,
      statements: statements.map((statement) => ({
        verb: statement.verb,
        ...(statement.name ? { name: statement.name.text } : {}),
        span: toSourceSpan(source, statement),
      })),
      names: names.sort((a, b) => a.start - b.start).map(({ start: _, ...occurrence }) => occurrence),
    };
  });
}

interface Place extends Extent {
  readonly name: string;
  readonly isDefinition: boolean;
}

/** In an expression only parameters can be told from columns without running. */
function placesIn(
  leaf: ValueNode,
  definitions: ReadonlyMap<string, unknown>,
  parameters: ReadonlySet<string>,
): Place[] {
  const use = (name: string, { start, end }: Extent) => ({ name, start, end, isDefinition: false });
  if (leaf.use) return definitions.has(leaf.use.name) ? [use(leaf.use.name, leaf)] : [];
  return wordsIn(leaf).flatMap((word) => (parameters.has(word.value) ? [use(word.value, word)] : []));
}
