/** What stands before a place in a cell that is being written: the verb, the clause, and the word under way. */
import { ownValue } from '../base/plainKeys.ts';
import { type ClauseKind, withParts } from './clauses/clause.ts';
import { keywordsOf } from './declaration.ts';
import type { ParsedVerb, VerbTable } from './parser.ts';
import { type Token, tokenize } from './tokens.ts';

export interface PlaceInStatement {
  /** The word or text that ends at the place; empty where the place is behind a space. */
  readonly word: { readonly text: string; readonly start: number; readonly end: number; readonly isText: boolean };
  /** The verb of the statement that the place is in; none where a statement may begin. */
  readonly verb: ParsedVerb | undefined;
  /** The clause whose value stands here; none for the subject. */
  readonly clause: string | undefined;
  readonly type: ClauseKind | undefined;
  /** Whether a value must come next, as behind a keyword or a comma. */
  readonly needsValue: boolean;
  /** Whether the place may begin a statement: nothing stands before it on its line. */
  readonly startsLine: boolean;
  readonly usedClauses: ReadonlySet<string>;
  /** Tokens of the statement before the word. */
  readonly before: readonly Token[];
  /** Of these, what is written of the value already. */
  readonly value: readonly Token[];
  /** The cell's text up to the place. */
  readonly source: string;
}

export function placeInStatement(source: string, offset: number, verbs: VerbTable): PlaceInStatement {
  const tokens = tokenize(source.slice(0, offset)).filter(({ kind }) => kind !== 'end');
  const last = tokens.at(-1);
  const open =
    last && last.end === offset && (last.kind === 'word' || last.kind === 'unclosed-text') ? last : undefined;
  const all = open ? tokens.slice(0, -1) : tokens;
  const isText = open?.kind === 'unclosed-text';
  const start = open ? open.start + (isText ? 1 : 0) : offset;
  const word = { text: source.slice(start, offset), start, end: offset, isText };
  const line = source.slice(source.lastIndexOf('\n', offset - 1) + 1, isText ? start - 1 : start);
  const at = all.findLastIndex((token, n) => beginsStatement(token, all[n - 1], verbs));
  const before = at < 0 ? [] : all.slice(at);
  const verb = before[0] && verbs.get(before[0].value);
  const keyword =
    verb && before.findLast((token, n) => isClause(verb, token) && !isOwnWord(verb, before[n - 1], token));
  const clause = keyword?.value;
  const type = verb && (clause === undefined ? verb.subject.type : ownValue(verb.clauses, clause)?.type);
  const previous = before.at(-1);
  return {
    word,
    verb,
    clause,
    type,
    needsValue: previous !== undefined && (previous === keyword || before.length === 1 || isOpen(previous)),
    startsLine: line.trim() === '',
    usedClauses: new Set(before.flatMap(({ value }) => (verb && isKeyword(verb, value) ? [value] : []))),
    before,
    value: before.slice(keyword ? before.indexOf(keyword) + 1 : 1),
    source: source.slice(0, offset),
  };
}

/** A sign behind which a value has to go on. */
function isOpen({ kind, value }: Token): boolean {
  return kind === 'symbol' && (value === ',' || value === '=');
}

/** A verb begins a statement where a line or a finished value ends before it; `score` behind `where` is a column. */
function beginsStatement(token: Token, previous: Token | undefined, verbs: VerbTable): boolean {
  return token.kind === 'word' && verbs.has(token.value) && (token.startsLine || previous === undefined);
}

function isClause(verb: ParsedVerb, { kind, value }: Token): boolean {
  return kind === 'word' && isKeyword(verb, value);
}

/** Right behind a clause its own words are values, though they may be clauses too (`by level`). */
function isOwnWord(verb: ParsedVerb, before: Token | undefined, token: Token): boolean {
  const type = before && isClause(verb, before) ? ownValue(verb.clauses, before.value)?.type : undefined;
  return type !== undefined && withParts(type).some(({ isSurely }) => isSurely?.(token));
}

function isKeyword(verb: ParsedVerb, word: string): boolean {
  return keywordsOf(verb).includes(word);
}
