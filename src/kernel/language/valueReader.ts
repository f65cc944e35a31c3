/** Reads the values of one statement, by the kinds that its verb declares. */
import type { RemarkCode } from '../../protocol/remarkCodes.ts';
import type { UserError } from '../base/userError.ts';
import type { ClauseKind, Reader, ValueNode } from './clauses/clause.ts';
import { type Cursor, visible } from './cursor.ts';
import type { Extent } from './spans.ts';
import type { Token } from './tokens.ts';

/** Signs that stand for quotes elsewhere; word processors put the curved ones. */
const QUOTES = ["'", '`', '“', '”', '„', '‘', '’', '«', '»'];

/** Words that end a value, or may stand for one. */
export interface KnownWords {
  /** That begin a clause of the statement. */
  readonly keywords: ReadonlySet<string>;
  readonly verbs: { has(word: string): boolean };
  readonly isParameter: (word: string) => boolean;
}

export function valueReader(cursor: Cursor, words: KnownWords, where: string): Reader {
  const { keywords, verbs } = words;
  const ends = (token: Token, endsByVerb: boolean) =>
    token.kind === 'end' ||
    (token.kind === 'word' && (keywords.has(token.value) || (verbs.has(token.value) && endsByVerb)));
  const reader: Reader = {
    where,
    peek: (ahead) => cursor.peek(ahead),
    take: () => cursor.take(),
    since: (first) => cursor.since(first),
    text: (extent) => cursor.text(extent),
    fail: (code, message, extent) => cursor.fail(code, message, extent),
    unknown: (code, what, word, options) => cursor.unknown(code, what, word, options),
    endsValue: () => ends(cursor.peek(), true),
    endsFreeText: () => ends(cursor.peek(), cursor.peek().startsLine),
    isParameter: ({ kind, value }) => kind === 'word' && words.isParameter(value),
    mismatch({ expected }) {
      const token = cursor.peek();
      const found = token.kind === 'end' ? '' : `, not \`${visible(token.value)}\``;
      return cursor.fail('unexpected', `${where} expects ${expected}${found}.`, token);
    },
    read<T>(type: ClauseKind<T>, given = where): ValueNode<T> {
      const mistake = mistakenText(cursor, cursor.peek());
      if (mistake) throw mistake;
      return type.parse(given === where ? reader : valueReader(cursor, words, given));
    },
  };
  return reader;
}

function mistakenText(cursor: Cursor, token: Token): UserError | undefined {
  const wrong = (code: RemarkCode, message: string, at: Extent) => cursor.fail(code, message, at);
  if (QUOTES.includes(token.value) && token.kind === 'symbol')
    return wrong('unexpected', `Texts stand in straight double quotes, not in \`${token.value}\`: "like this".`, token);
  if (token.kind === 'unclosed-text')
    return wrong('unclosed-text', 'This text has no closing quote on its line.', token);
  return undefined;
}
