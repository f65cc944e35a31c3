/**
 * Parses cells: `verb subject clause value … as name`. The grammar is the verbs' own declarations, so a new verb needs
 * no change here.
 */

import type { CellText } from '../../protocol/kernelApi.ts';
import { own } from '../base/plainKeys.ts';
import { nearest, suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import type { ClauseType, Verb } from '../verbs/verb.ts';
import { expected } from './expected.ts';
import type { Statement, ValueNode } from './nodes.ts';
import { type Extent, toSourceSpan } from './spans.ts';
import { type Token, tokenize } from './tokens.ts';

export type VerbTable = ReadonlyMap<string, Pick<Verb, 'name' | 'subject' | 'clauses' | 'gives' | 'namesSubject'>>;
type Declaration = VerbTable extends ReadonlyMap<string, infer D> ? D : never;

export type SourceCell = CellText;

/** Signs that stand for quotes elsewhere; word processors put the curved ones. */
const QUOTES = ["'", '`', '“', '”', '„', '‘', '’', '«', '»'];

const UNITS = ['%', 'ml', 'cc', 'l', 'mm', 'cm', 'hu'];

/** What can be made of a cell that may be wrong or half-written. */
export interface ParsedCell {
  readonly statements: readonly Statement[];
  /** One for each statement that is wrong, each with its span. */
  readonly mistakes: readonly UserError[];
  /** Names that wrong statements would have given to their results. */
  readonly lostNames: readonly string[];
}

/** Statements of a cell. Throws a UserError with its span at the first mistake. */
export function parse(source: string, verbs: VerbTable, parameters?: ReadonlySet<string>): readonly Statement[] {
  const { statements, mistakes } = parseCell(source, verbs, parameters);
  if (mistakes[0]) throw mistakes[0];
  return statements;
}

/**
 * Statements and mistakes of a cell; after a mistake it goes on with the next line that begins a statement. The names of
 * `known` parameters may stand where texts and words are expected.
 */
export function parseCell(source: string, verbs: VerbTable, known: ReadonlySet<string> = new Set()): ParsedCell {
  const own = new Set<string>();
  const tokens = tokenize(source);
  let next = 0;
  const peek = (): Token => tokens[next]!;
  const previousEnd = () => tokens[Math.max(0, next - 1)]!.end;
  const fail = (code: string, message: string, extent: Extent, meant?: string): UserError =>
    new UserError(code, message, toSourceSpan(source, extent), meant);
  /** For a word that is none of the `options`. */
  const unknown = (code: string, what: string, word: Token, options: readonly string[]): UserError =>
    fail(code, `${what}: ${suggestionFor(word.value, options)}`, word, nearest(word.value, options));

  const statements: Statement[] = [];
  const mistakes: UserError[] = [];
  const lostNames: string[] = [];
  while (peek().kind !== 'end') {
    const first = next;
    try {
      const parsed = statement();
      statements.push(parsed);
      if (parsed.name && verbs.get(parsed.verb)?.gives.includes('parameter')) own.add(parsed.name.text);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      mistakes.push(error);
      skipStatement(first);
    }
  }
  return { statements, mistakes, lostNames };

  function skipStatement(first: number): void {
    next = Math.max(next, first + 1);
    while (peek().kind !== 'end' && !(peek().startsLine && startsStatement())) next++;
    for (let n = first; n + 1 < next; n++)
      if (tokens[n]!.value === 'as' && tokens[n + 1]!.kind === 'word') lostNames.push(tokens[n + 1]!.value);
  }

  function statement(): Statement {
    const verbToken = peek();
    const declaration = verbToken.kind === 'word' ? verbs.get(verbToken.value) : undefined;
    if (!declaration) throw unknownVerb(verbToken);
    next++;
    const keywords = new Set([...Object.keys(declaration.clauses), ...(takesAs(declaration) ? ['as'] : [])]);
    if (endsValue(keywords))
      throw fail('missing-subject', `\`${declaration.name}\` needs ${declaration.subject.noun}.`, verbToken);
    const subject = value(declaration.subject.type, keywords, `\`${declaration.name}\``);
    const clauses = new Map<string, { keyword: Extent; value: ValueNode }>();
    let name = declaration.namesSubject ? assignedName(subject) : undefined;
    let before = { where: `\`${declaration.name}\``, type: declaration.subject.type };
    while (!startsStatement()) {
      const keyword = peek();
      if (keyword.kind !== 'word' || !keywords.has(keyword.value))
        throw leftOver(before, keyword) ?? unknownClause(declaration, keyword, keywords);
      next++;
      if (takesAs(declaration) && keyword.value === 'as') name = resultName(keyword, name);
      else {
        if (clauses.has(keyword.value)) throw fail('repeated-clause', `\`${keyword.value}\` is given twice.`, keyword);
        if (endsValue(keywords, declaration.clauses[keyword.value]!.type))
          throw fail(
            'missing-value',
            `\`${keyword.value}\` needs ${expected(declaration.clauses[keyword.value]!.type)}.`,
            keyword,
          );
        clauses.set(keyword.value, {
          keyword,
          value: value(declaration.clauses[keyword.value]!.type, keywords, `\`${keyword.value}\``),
        });
        before = { where: `\`${keyword.value}\``, type: declaration.clauses[keyword.value]!.type };
      }
    }
    const extent = { start: verbToken.start, end: previousEnd() };
    for (const [clause, { required, type }] of Object.entries(declaration.clauses))
      if (required && !clauses.has(clause))
        throw fail('missing-clause', `\`${declaration.name}\` needs \`${clause}\` with ${expected(type)}.`, extent);
    return { ...extent, verb: declaration.name, verbExtent: verbToken, subject, clauses, name };
  }

  /** The name before the equals sign of the subject. */
  function assignedName(subject: ValueNode): Statement['name'] {
    if (subject.kind !== 'assignment') throw new Error('a verb that names its subject assigns a value to it');
    return { text: subject.name, start: subject.start, end: subject.start + subject.name.length };
  }

  /** What other languages write where this one has a verb. */
  function unknownVerb(token: Token): UserError {
    const following = tokens[next + 1];
    if (token.kind === 'word' && following?.value === '=')
      return fail(
        'unknown-verb',
        `A statement begins with a verb and names its result at its end: \`load "reader.csv" as ${token.value}\`.`,
        token,
      );
    if (token.value === '/' && (following?.value === '/' || following?.value === '*'))
      return fail('unknown-verb', 'A comment begins with `#`.', { start: token.start, end: following.end });
    return unknown('unknown-verb', `Unknown verb \`${token.value}\``, token, [...verbs.keys()]);
  }

  /** What looks like more of the value before it: an item without its comma, or a unit that does not belong there. */
  function leftOver({ where, type }: { where: string; type: ClauseType }, token: Token): UserError | undefined {
    const item = type.kind === 'list' ? type.of : type;
    if (type.kind === 'list' && isItem(item, token))
      return fail('missing-comma', `${where} takes several values with commas between: one is missing here.`, token);
    if (item.kind === 'number' && tokens[next - 1]!.kind === 'number' && UNITS.includes(token.value.toLowerCase()))
      return fail('wrong-unit', `${where} expects ${expected(item)}, not \`${token.value}\`.`, token);
    return undefined;
  }

  function unknownClause(declaration: Declaration, token: Token, keywords: ReadonlySet<string>): UserError {
    if (token.kind !== 'word')
      return fail(
        'unexpected',
        `\`${visible(token.value)}\` is not expected here; a clause of \`${declaration.name}\` is: ${[...keywords].join(', ')}.`,
        token,
      );
    return unknown('unknown-clause', `\`${declaration.name}\` has no clause \`${token.value}\``, token, [...keywords]);
  }

  function resultName(keyword: Token, earlier: Statement['name']): Statement['name'] {
    const token = peek();
    if (earlier) throw fail('repeated-clause', '`as` is given twice.', keyword);
    if (token.kind !== 'word' || (token.startsLine && verbs.has(token.value)))
      throw fail('missing-value', '`as` needs a name of your choice for the result.', keyword);
    if (verbs.has(token.value))
      throw fail('reserved-name', `\`${token.value}\` is a verb and cannot be a name.`, token);
    next++;
    return { text: token.value, start: token.start, end: token.end };
  }

  /** At the end, or at a verb or an unknown word that opens a line: a new statement. */
  function startsStatement(): boolean {
    const token = peek();
    return (
      token.kind === 'end' ||
      (token.kind === 'word' && (verbs.has(token.value) || (token.startsLine && !isNearKeyword(token))))
    );
  }

  /** A misspelt clause at the start of a line is a clause all the same. */
  function isNearKeyword(token: Token): boolean {
    const keywords = [...verbs.values()].flatMap((v) => Object.keys(v.clauses)).concat('as');
    return (
      keywords.includes(token.value) ||
      (nearest(token.value, keywords) !== undefined && nearest(token.value, verbs.keys()) === undefined)
    );
  }

  /** A verb within a line ends no expression: `score` is a column too. */
  function endsValue(keywords: ReadonlySet<string>, type?: ClauseType): boolean {
    const token = peek();
    if (token.kind === 'end') return true;
    if (token.kind !== 'word') return false;
    return keywords.has(token.value) || (verbs.has(token.value) && (type?.kind !== 'expression' || token.startsLine));
  }

  function value(type: ClauseType, keywords: ReadonlySet<string>, where: string): ValueNode {
    const token = peek();
    const mismatch = () =>
      fail(
        'unexpected',
        `${where} expects ${expected(type)}${token.kind === 'end' ? '' : `, not \`${visible(token.value)}\``}.`,
        token,
      );
    if (QUOTES.includes(token.value) && token.kind === 'symbol')
      throw fail('unexpected', `Texts stand in straight double quotes, not in \`${token.value}\`: "like this".`, token);
    if (token.kind === 'unclosed-text')
      throw fail('unclosed-text', 'This text has no closing quote on its line.', token);
    switch (type.kind) {
      case 'name':
        if (token.kind !== 'word') throw mismatch();
        next++;
        return { kind: 'name', name: token.value, of: type.of, start: token.start, end: token.end };
      case 'text':
        if (isParameter(token)) return parameter(type, token);
        if (token.kind !== 'text') throw mismatch();
        next++;
        return { kind: 'text', text: token.value, start: token.start, end: token.end };
      case 'number':
        return number(type, token, mismatch);
      case 'choice':
        return choice(type, token, mismatch, where);
      case 'range': {
        const [low, dots, high] = tokens.slice(next, next + 3);
        if (low?.kind !== 'number' || dots?.value !== '..' || high?.kind !== 'number') throw mismatch();
        next += 3;
        return { kind: 'range', low: Number(low.value), high: Number(high.value), start: low.start, end: high.end };
      }
      case 'expression':
        return expression(keywords, mismatch);
      case 'assignment': {
        if (token.kind !== 'word' || tokens[next + 1]?.value !== '=') throw mismatch();
        next += 2;
        const assigned = value(type.value, keywords, `\`${token.value} =\``);
        return { kind: 'assignment', name: token.value, value: assigned, start: token.start, end: assigned.end };
      }
      case 'list': {
        const items = [value(type.of, keywords, where)];
        while (peek().value === ',' && peek().kind === 'symbol') {
          next++;
          items.push(value(type.of, keywords, where));
        }
        return { kind: 'list', items, start: token.start, end: previousEnd() };
      }
      case 'sequence': {
        const parts = type.parts.map((part) => {
          if (part.optional && (endsValue(keywords) || peek().value === ',' || !fits(part.type, peek())))
            return undefined;
          return value(part.type, keywords, where);
        });
        return { kind: 'sequence', parts, start: token.start, end: previousEnd() };
      }
      case 'either': {
        const fitting = type.types.find((option) => fits(option, token));
        if (!fitting) throw mismatch();
        return value(fitting, keywords, where);
      }
    }
  }

  function isParameter(token: Token): boolean {
    return token.kind === 'word' && (known.has(token.value) || own.has(token.value));
  }

  /** A parameter's name in the place of a value. */
  function parameter(type: ClauseType, token: Token): ValueNode {
    next++;
    return { kind: 'name', name: token.value, of: ['parameter'], as: type, start: token.start, end: token.end };
  }

  function number(type: Extract<ClauseType, { kind: 'number' }>, token: Token, mismatch: () => UserError): ValueNode {
    if (token.kind === 'word') return parameter(type, token);
    if (token.kind !== 'number') throw mismatch();
    next++;
    const unitToken = peek();
    const unit = type.units?.find((u) => u.toLowerCase() === unitToken.value.toLowerCase());
    if (unit) next++;
    const extent = { start: token.start, end: previousEnd() };
    const amount = Number(token.value);
    const { minimum = -Infinity, maximum = Infinity } = type;
    if (amount < minimum || amount > maximum || (type.integer && !Number.isInteger(amount)))
      throw fail('out-of-range', `${token.value} is out of range: ${expected(type)} is expected.`, extent);
    return { kind: 'number', value: amount, unit, ...extent };
  }

  function choice(
    type: Extract<ClauseType, { kind: 'choice' }>,
    token: Token,
    mismatch: () => UserError,
    where: string,
  ): ValueNode {
    if (token.kind !== 'word' && token.kind !== 'text') throw mismatch();
    const word = canonical(type, token.value);
    if (!word && isParameter(token)) return parameter(type, token);
    if (!word)
      throw unknown(
        `unknown-${type.noun.replaceAll(' ', '-')}`,
        type.noun === 'word' ? `${where} knows no \`${token.value}\`` : `Unknown ${type.noun} \`${token.value}\``,
        token,
        type.options,
      );
    next++;
    return { kind: 'word', word, start: token.start, end: token.end };
  }

  function expression(keywords: ReadonlySet<string>, mismatch: () => UserError): ValueNode {
    const first = next;
    let depth = 0;
    while (peek().kind !== 'end') {
      const token = peek();
      if (token.kind === 'symbol' && '([{'.includes(token.value)) depth++;
      else if (token.kind === 'symbol' && ')]}'.includes(token.value)) depth--;
      else if (
        depth === 0 &&
        token.kind === 'word' &&
        (keywords.has(token.value) || (token.startsLine && verbs.has(token.value)))
      )
        break;
      next++;
    }
    if (next === first) throw mismatch();
    const extent = { start: tokens[first]!.start, end: previousEnd() };
    return { kind: 'expression', source: source.slice(extent.start, extent.end), ...extent };
  }
}

export function canonical(type: Extract<ClauseType, { kind: 'choice' }>, word: string): string | undefined {
  const lower = word.toLowerCase();
  return type.options.find((option) => option.toLowerCase() === lower) ?? own(type.synonyms, lower) ?? type.own?.(word);
}

/** Results are named behind `as`, except by verbs that name their subject. */
export function takesAs({ gives, namesSubject }: Pick<Verb, 'gives' | 'namesSubject'>): boolean {
  return gives.length > 0 && !namesSubject;
}

/** Whether the token is certainly one of the list's items; a word of the user's own may as well be a misspelt clause. */
function isItem(type: ClauseType, token: Token): boolean {
  if (type.kind === 'choice') return fits({ ...type, own: () => undefined }, token);
  return (type.kind === 'number' || type.kind === 'text') && fits(type, token);
}

/** Whether a value of the type can begin with the token. */
function fits(type: ClauseType, token: Token): boolean {
  switch (type.kind) {
    case 'name':
    case 'assignment':
      return token.kind === 'word';
    case 'text':
      return token.kind === 'text';
    case 'number':
    case 'range':
      return token.kind === 'number';
    case 'choice':
      return (token.kind === 'word' || token.kind === 'text') && canonical(type, token.value) !== undefined;
    case 'expression':
      return true;
    case 'list':
      return fits(type.of, token);
    case 'sequence':
      return type.parts[0] !== undefined && fits(type.parts[0].type, token);
    case 'either':
      return type.types.some((option) => fits(option, token));
  }
}

/** Signs that no screen shows, such as a null byte, by their number. */
function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}]/gu,
    (sign) => `U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`,
  );
}
