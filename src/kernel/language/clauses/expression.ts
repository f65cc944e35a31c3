/** Everything up to the next clause, in Arquero's expression syntax. */
import type { Completion, SourceSpan } from '../../../protocol/kernelApi.ts';
import { namesOfKinds } from '../completion.ts';
import type { ExpressionParameters } from '../expression.ts';
import type { ClauseKind } from './clause.ts';

export interface Expression {
  /** As the user wrote it. */
  readonly source: string;
  readonly span: SourceSpan;
  /** The notebook's parameters, which it may name. */
  readonly parameters: ExpressionParameters;
  /** Patients selected in the notebook's figures. */
  readonly selected: ReadonlySet<string>;
}

/** Functions of Arquero that analyses of such tables use. */
const FUNCTIONS = [
  'abs',
  'round',
  'sqrt',
  'log',
  'mean',
  'median',
  'stdev',
  'min',
  'max',
  'rank',
  'includes',
  'startswith',
  'endswith',
  'lower',
  'upper',
];

export function expression(): ClauseKind<Expression> {
  const type: ClauseKind<Expression> = {
    expected: 'an expression',
    parts: [],
    continues: true,
    takesVerbs: true,
    fits: () => true,
    parse(reader) {
      const first = reader.peek();
      let depth = 0;
      let isEmpty = true;
      while (reader.peek().kind !== 'end' && (depth !== 0 || !reader.endsFreeText())) {
        const { kind, value } = reader.take();
        isEmpty = false;
        if (kind !== 'symbol') continue;
        if ('([{'.includes(value)) depth++;
        else if (')]}'.includes(value)) depth--;
      }
      if (isEmpty) throw reader.mismatch(type);
      const extent = reader.since(first);
      const source = reader.text(extent);
      return {
        kind: 'expression',
        source,
        parts: [],
        resolve: ({ place, parameters, selected }) => ({ source, span: place(extent), parameters, selected }),
        ...extent,
      };
    },
    format: () => undefined,
    complete({ before }, around) {
      const columns = around.names.find(({ name }) => before.some(({ value }) => value === name))?.columns ?? [];
      return [
        ...columns.map((label): Completion => ({ kind: 'column', label, detail: 'column' })),
        ...namesOfKinds(around, ['parameter']),
        ...FUNCTIONS.map((label): Completion => ({ kind: 'function', label })),
      ];
    },
  };
  return type;
}
