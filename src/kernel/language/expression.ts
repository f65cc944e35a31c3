/** What stands after `where` or behind `=` in `derive`, rewritten for Arquero: columns by their bare names, texts, numbers and Arquero's functions. */
import { nearest, suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import { toSourceSpan } from './spans.ts';
import { type Token, tokenize } from './tokens.ts';

/** Arquero's functions whose result may be of any length, whatever the table holds. */
const UNBOUNDED = ['sequence', 'repeat', 'padstart', 'padend'];

const CONSTANTS = ['true', 'false', 'null', 'undefined'];

/** The columns that an expression names, in the order of their first mention. */
export function columnsIn(source: string, columns: readonly string[]): string[] {
  const words = tokenize(source).flatMap(({ kind, value }) => (kind === 'word' ? [value] : []));
  return [...new Set(words.filter((word) => columns.includes(word)))];
}

/** The word for whether the row's patient is selected in the notebook's figures. */
export const SELECTED = 'selected';

/** Values that stand in an expression by their name. */
export type ExpressionParameters = Readonly<Record<string, number | string | boolean>>;

/**
 * The expression as an Arquero function of a row. Arquero itself refuses every call but those of its own functions, so
 * that an expression reaches nothing outside the table; properties, by a dot or in brackets, are refused here already.
 * Throws a UserError with its place in the expression.
 */
export function arqueroExpression(
  source: string,
  columns: readonly string[],
  parameters: ExpressionParameters = {},
): string {
  return rewrite(source, columns, parameters);
}

/** What is wrong with an expression whatever the columns are; undefined where nothing is. */
export function mistakeIn(source: string): UserError | undefined {
  try {
    rewrite(source, undefined, {});
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** Any word may be a column where `columns` is undefined. */
function rewrite(source: string, columns: readonly string[] | undefined, parameters: ExpressionParameters): string {
  const tokens = tokenize(source);
  const words = tokens.map((token, n) => {
    try {
      if (token.value === '[' && token.kind === 'symbol' && endsValue(tokens[n - 1])) throw refused('[');
      if (token.value === '/' && token.kind === 'symbol' && !endsValue(tokens[n - 1])) throw refused('/');
      return rewritten(token, tokens[n + 1], columns, parameters);
    } catch (error) {
      throw error instanceof UserError ? error.at(toSourceSpan(source, token)) : error;
    }
  });
  return `d => ${words.join(' ')}`;
}

function rewritten(
  { kind, value }: Token,
  following: Token | undefined,
  columns: readonly string[] | undefined,
  parameters: ExpressionParameters,
): string {
  switch (kind) {
    case 'text':
      return JSON.stringify(value);
    case 'unclosed-text':
      throw new UserError('bad-expression', `The text ${value} has no closing quote.`);
    case 'symbol':
      return symbol(value);
    case 'word':
      return word(value, following?.value === '(', columns, parameters);
    default:
      return value;
  }
}

function symbol(value: string): string {
  if (value === '=') throw new UserError('bad-expression', 'To compare, write `==` with two equals signs.');
  if (".`'\\;{}".includes(value)) throw refused(value);
  return value;
}

/** Where signs are refused that have a meaning elsewhere. */
const PLACES: Readonly<Record<string, string>> = { '[': 'behind a value', '/': 'before a value' };

function refused(sign: string): UserError {
  return new UserError(
    'bad-expression',
    `\`${sign}\` has no meaning ${PLACES[sign] ?? 'in an expression'}. Texts stand in double quotes.`,
  );
}

/** Behind these a bracket would take a property of a value, not begin a list. */
function endsValue(token: Token | undefined): boolean {
  return token !== undefined && (token.kind !== 'symbol' || token.value === ')' || token.value === ']');
}

function word(
  value: string,
  isCalled: boolean,
  columns: readonly string[] | undefined,
  parameters: ExpressionParameters,
): string {
  if (isCalled && UNBOUNDED.includes(value))
    throw new UserError('bad-expression', `\`${value}\` can make a text or list of any length and is left out.`);
  if (isCalled || CONSTANTS.includes(value)) return value;
  if (columns?.includes(value)) return `d[${JSON.stringify(value)}]`;
  if (Object.hasOwn(parameters, value)) return JSON.stringify(parameters[value]);
  if (value === 'and' || value === 'or' || value === 'not')
    throw new UserError('bad-expression', 'Write `&&` for and, `||` for or, `!` for not.');
  if (!columns) return value;
  const parts = value.split('-');
  if (parts.length > 1 && parts.every((part) => columns.includes(part)))
    throw new UserError('bad-expression', `Put spaces around the minus: \`${parts.join(' - ')}\`.`);
  const known = [...columns, ...Object.keys(parameters)];
  throw new UserError(
    'unknown-column',
    `There is no column \`${value}\`: ${suggestionFor(value, known)}${nearest(value, known) ? '' : ' Texts stand in double quotes.'}`,
    undefined,
    nearest(value, known),
  );
}
