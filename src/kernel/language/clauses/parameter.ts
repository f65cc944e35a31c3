/** A parameter in the place of a value: what it holds, as that place wants it. */
import { UserError } from '../../base/userError.ts';
import type { ClauseKind, Reader, ValueNode } from './clause.ts';
import { nameNode } from './name.ts';

/** Reads the parameter's name. Resolving throws a UserError at it where it holds something else than the kind. */
export function readParameter<T>(reader: Reader, type: ClauseKind<T>): ValueNode<T> {
  const { value: written, start, end } = reader.take();
  return nameNode(written, ['parameter'], { start, end }, ({ value: { value } }, scope) => {
    const held = type.fromParameter?.(value);
    if (held !== undefined) return held;
    throw new UserError(
      'wrong-parameter',
      `The parameter \`${written}\` is ${JSON.stringify(value)}; ${type.expected} is needed here.`,
      scope.place({ start, end }),
    );
  });
}
