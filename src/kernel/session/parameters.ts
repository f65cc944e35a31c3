/** A parameter in the place of a value: what it holds, as the type of that place wants it. */
import type { SourceSpan } from '../../protocol/kernelApi.ts';
import { UserError } from '../base/userError.ts';
import { expected } from '../language/expected.ts';
import { canonical } from '../language/parser.ts';
import type { ParameterValue } from '../values/value.ts';
import type { Resolved } from '../verbs/arguments.ts';
import type { ClauseType } from '../verbs/verb.ts';

/** Throws a UserError at `span` where the parameter holds something else than the type wants. */
export function asArgument(name: string, { value }: ParameterValue, type: ClauseType, span: SourceSpan): Resolved {
  if (type.kind === 'number' && typeof value === 'number') {
    const { minimum = -Infinity, maximum = Infinity, integer } = type;
    if (value >= minimum && value <= maximum && (!integer || Number.isInteger(value)))
      return { kind: 'number', value, unit: undefined };
  }
  if (type.kind === 'text' && typeof value === 'string') return { kind: 'text', text: value };
  const word = type.kind === 'choice' ? canonical(type, String(value)) : undefined;
  if (word) return { kind: 'word', word };
  throw new UserError(
    'wrong-parameter',
    `The parameter \`${name}\` is ${JSON.stringify(value)}; ${expected(type)} is needed here.`,
    span,
  );
}
