/** `param`: a named value that moves, and takes with it every cell that uses it. */
import type { ControlView } from '../../protocol/view.ts';
import { ownValue } from '../base/plainKeys.ts';
import { nearest } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import { assignment } from '../language/clauses/assignment.ts';
import { oneOf } from '../language/clauses/choice.ts';
import { either } from '../language/clauses/either.ts';
import { list } from '../language/clauses/list.ts';
import { mapped } from '../language/clauses/mapped.ts';
import { number } from '../language/clauses/number.ts';
import { type Range, range } from '../language/clauses/range.ts';
import { text } from '../language/clauses/text.ts';
import { optional } from '../language/declaration.ts';
import type { Scalar } from '../values/value.ts';
import { declareVerb } from './verb.ts';

type Control = ControlView['control'];

/** A slider without a written step has this many at least. */
const STEPS = 50;

const TRUTH = mapped(oneOf('true', 'false'), (word) => word === 'true');

export const param = declareVerb({
  name: 'param',
  summary: 'Names a value that can be moved.',
  documentation:
    'A number becomes a slider (with `in 0..100`) or a field, a text a drop-down (with `in "none", "linear"`) or a field, `true` or `false` a check box. The name may stand wherever such a value is expected, and in expressions. Moving it writes the value into the cell and runs the cells that use it again. `--set name=value` on the command line does the same.',
  examples: [
    'param cut = 25 in 0..100 step 1',
    'param weighting = "linear" in "none", "linear", "quadratic"',
    'param worst_only = false',
  ],
  subject: {
    type: assignment(either(number(), text('value'), TRUTH)),
    noun: 'a name, `=` and a number, a text, `true` or `false`',
    documentation: 'The name and its value.',
  },
  clauses: {
    in: optional(
      either(range(), list(text('value'))),
      'What the value may be: a range of numbers, or texts to choose from.',
    ),
    step: optional(
      number({ minimum: 0 }),
      'The step of the slider; else 1 between whole numbers (0.01 for 0..1), and a fine decimal step between others.',
    ),
  },
  gives: ['parameter'],
  namesSubject: true,
  alwaysShown: true,
  forms: {
    slider: { of: 'with a range', written: ['in'], clauses: ['in', 'step'] },
    other: {
      of: 'without a range',
      clauses: ['in'],
      instead: { step: 'A step is that of a slider: give the number a range, such as `in 0..100`.' },
    },
  },
  async run({ subject: { name, value: written }, in: within, step }, { options }, takesForm) {
    takesForm(within && 'low' in within ? 'slider' : 'other');
    const outside = ownValue(options.parameters, name);
    const value = outside === undefined ? written : fromOutside(name, outside, written);
    const control = controlOf(name, written, within, step);
    checkValue(name, value, control);
    return { value: { kind: 'parameter', value }, view: () => ({ type: 'control', name, value, control }) };
  },
});

/** A value of `--set`, of the type of the one that the cell has. */
function fromOutside(name: string, text: string, written: Scalar): Scalar {
  if (typeof written === 'string') return text;
  if (typeof written === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  const number = Number(text);
  if (typeof written === 'number' && text.trim() !== '' && Number.isFinite(number)) return number;
  throw new UserError(
    'wrong-parameter',
    `\`${name}\` was set to "${text}" from outside; the notebook has ${JSON.stringify(written)} there, so ${typeof written === 'number' ? 'a number' : '`true` or `false`'} is needed.`,
  );
}

function controlOf(
  name: string,
  value: Scalar,
  within: Range | readonly string[] | undefined,
  step: number | undefined,
): Control {
  const wrong = (wanted: string) =>
    new UserError('wrong-parameter', `\`${name}\` is ${JSON.stringify(value)}: ${wanted}`);
  if (typeof value === 'boolean') {
    if (within) throw wrong('`true` and `false` need no `in`.');
    return { kind: 'checkbox' };
  }
  if (within && 'low' in within) {
    if (typeof value !== 'number') throw wrong('a range is for numbers; give a text other texts to choose from.');
    const { low, high } = within;
    if (low >= high) throw wrong(`the range ${low}..${high} must rise.`);
    return { kind: 'slider', low, high, step: step ?? stepOf(low, high, value) };
  }
  if (within) {
    if (typeof value !== 'string')
      throw wrong('texts to choose from are for a text; give a number a range such as 0..100.');
    return { kind: 'select', options: within };
  }
  return typeof value === 'number' ? { kind: 'number' } : { kind: 'text' };
}

/**
 * 1 between whole numbers, else the power of ten that divides the range into enough steps; each of the three numbers is
 * one of them.
 */
function stepOf(low: number, high: number, value: number): number {
  const written = Math.max(...[low, high, value].map(decimalsOf));
  const isCountable = written === 0 && high - low > 1;
  const fine = Math.ceil(Math.log10(STEPS / (high - low)));
  return isCountable ? 1 : Number(`1e-${Math.max(0, written, fine)}`);
}

/** How many digits a number has behind its point. */
function decimalsOf(value: number): number {
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  return Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent));
}

/** Throws a UserError where a parameter that has `written` in its cell, and may be `within`, cannot become `value`. */
export function checkChange(
  name: string,
  value: Scalar,
  { written, within }: { readonly written: Scalar; readonly within: Range | readonly string[] | undefined },
): void {
  if (typeof value !== typeof written)
    throw new UserError(
      'wrong-parameter',
      `\`${name}\` cannot become ${JSON.stringify(value)}: the notebook has ${JSON.stringify(written)} there.`,
    );
  checkValue(name, value, controlOf(name, written, within, undefined));
}

function checkValue(name: string, value: Scalar, control: Control): void {
  if (control.kind === 'slider' && typeof value === 'number' && (value < control.low || value > control.high))
    throw new UserError('out-of-range', `\`${name}\` is ${value}, and its range is ${control.low}..${control.high}.`);
  if (control.kind === 'select' && typeof value === 'string' && !control.options.includes(value)) {
    const near = nearest(value, control.options);
    throw new UserError(
      'out-of-range',
      `\`${name}\` is "${value}", which is none of ${control.options.map((o) => `"${o}"`).join(', ')}.${near ? ` Did you mean "${near}"?` : ''}`,
    );
  }
}
