/** A number, with or without a unit. */
import { namesOfKinds } from '../completion.ts';
import type { ClauseKind } from './clause.ts';
import { readParameter } from './parameter.ts';

export interface NumberLimits {
  /** Those that may follow; the number means the same without. */
  readonly units?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly integer?: boolean;
}

/** Units anywhere in the language, to tell a wrong one from a clause. */
const UNITS = ['%', 'ml', 'cc', 'l', 'mm', 'cm', 'hu'];

export function number(limits: NumberLimits = {}): ClauseKind<number> {
  const { units = [], minimum = -Infinity, maximum = Infinity, integer = false } = limits;
  const isWithin = (value: number) => value >= minimum && value <= maximum && (!integer || Number.isInteger(value));
  const type: ClauseKind<number> = {
    expected: inWords(limits),
    parts: [],
    units,
    fits: ({ kind }) => kind === 'number',
    isSurely: ({ kind }) => kind === 'number',
    parse(reader) {
      const token = reader.peek();
      if (token.kind === 'word') return readParameter(reader, type);
      if (token.kind !== 'number') throw reader.mismatch(type);
      reader.take();
      const unit = units.find((known) => known.toLowerCase() === reader.peek().value.toLowerCase());
      if (unit) reader.take();
      const extent = reader.since(token);
      const value = Number(token.value);
      if (!isWithin(value))
        throw reader.fail('out-of-range', `${token.value} is out of range: ${type.expected} is expected.`, extent);
      return { kind: 'number', value, unit, parts: [], resolve: () => value, ...extent };
    },
    leftOver(reader) {
      const token = reader.peek();
      if (reader.peek(-1).kind !== 'number' || !UNITS.includes(token.value.toLowerCase())) return undefined;
      return reader.fail('wrong-unit', `${reader.where} expects ${type.expected}, not \`${token.value}\`.`, token);
    },
    format: (value) => (typeof value === 'number' ? String(value) : undefined),
    fromParameter: (value) => (typeof value === 'number' && isWithin(value) ? value : undefined),
    complete: (_, around) => namesOfKinds(around, ['parameter']),
  };
  return type;
}

function inWords({ minimum, maximum, integer, units }: NumberLimits): string {
  const kind = `${integer ? 'a whole number' : 'a number'}${units?.length ? ` (${units.join(', ')})` : ''}`;
  if (minimum !== undefined && maximum !== undefined) return `${kind} from ${minimum} to ${maximum}`;
  return minimum === undefined ? kind : `${kind} of at least ${minimum}`;
}
