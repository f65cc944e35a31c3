/** Looks up what a statement's values name: results, and parameters in the place of a value. */
import type { SourceSpan } from '../../protocol/kernelApi.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import type { Statement, ValueNode } from '../language/nodes.ts';
import type { Extent } from '../language/spans.ts';
import { wrongKindMessage } from '../values/value.ts';
import type { Arguments, Resolved } from '../verbs/arguments.ts';
import { asArgument } from './parameters.ts';
import type { Results } from './results.ts';

/** `place` gives where a part of the statement stands in its cell. Throws a UserError there where a name does not fit. */
export function resolveArguments(
  statement: Statement,
  place: (extent: Extent) => SourceSpan,
  results: Results,
): Arguments {
  const resolve = (node: ValueNode): Resolved => ({ ...resolveValue(node), span: place(node) });
  const resolveValue = (node: ValueNode): Resolved => {
    switch (node.kind) {
      case 'name': {
        const found = results.get(node.name);
        if (!found)
          throw new UserError(
            'unknown-name',
            notDefined(
              node.name,
              results.all().map(([name]) => name),
            ),
            place(node),
          );
        if (!node.of.includes(found.value.kind))
          throw new UserError('wrong-kind', wrongKindMessage(node.name, [found.value.kind], node.of), place(node));
        if (node.as && found.value.kind === 'parameter')
          return asArgument(node.name, found.value, node.as, place(node));
        return { kind: 'named', name: node.name, value: found.value };
      }
      case 'list':
        return { kind: 'list', items: node.items.map(resolve) };
      case 'sequence':
        return { kind: 'sequence', parts: node.parts.map((part) => part && resolve(part)) };
      case 'assignment':
        return { kind: 'assignment', name: node.name, value: resolve(node.value) };
      case 'expression':
        return {
          kind: 'expression',
          source: node.source,
          span: place(node),
          parameters: results.parameters(),
          selected: results.selected(),
        };
      default:
        return node;
    }
  };
  const clauses = [...statement.clauses].map(([clause, { value }]) => [clause, resolve(value)] as const);
  return { subject: resolve(statement.subject), clauses: Object.fromEntries(clauses), name: statement.name?.text };
}

function notDefined(name: string, known: readonly string[]): string {
  const suggestion = known.length ? ` ${suggestionFor(name, known)}` : '';
  return `\`${name}\` is not defined yet:${suggestion || ' run the cell that names it first.'}`;
}
