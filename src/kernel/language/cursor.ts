/** A place among the tokens of a cell, which moves forward, and mistakes that point at its text. */
import type { RemarkCode } from '../../protocol/remarkCodes.ts';
import { UserError } from '../base/userError.ts';
import { meantBy, suggestionOf } from './meant.ts';
import { type Extent, toSourceSpan } from './spans.ts';
import { type Token, tokenize } from './tokens.ts';

export class Cursor {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokenize(source);
  }

  /** The next token, or one further `ahead`; the last one is of kind `end`. */
  peek(ahead = 0): Token {
    return this.#tokens[Math.max(0, Math.min(this.#next + ahead, this.#tokens.length - 1))]!;
  }

  /** Gives the next token, and goes past it. */
  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  /** How many tokens are left before the end. */
  left(): number {
    return Math.max(0, this.#tokens.length - 1 - this.#next);
  }

  isAtEnd(): boolean {
    return this.peek().kind === 'end';
  }

  /** From the token to the last one that was taken. */
  since({ start }: Extent): Extent {
    return { start, end: this.peek(-1).end };
  }

  /** Tokens that were taken, from the given one on. */
  takenSince({ start }: Extent): readonly Token[] {
    return this.#tokens.slice(0, this.#next).filter((token) => token.start >= start);
  }

  text({ start, end }: Extent): string {
    return this.#source.slice(start, end);
  }

  fail(code: RemarkCode, message: string, extent: Extent, meant?: string): UserError {
    return new UserError(code, message, toSourceSpan(this.#source, extent), meant);
  }

  /** For a word that is none of the `options`. */
  unknown(code: RemarkCode, what: string, word: Token, options: readonly string[]): UserError {
    return this.fail(code, `${what}: ${suggestionOf(word.value, options)}`, word, meantBy(word.value, options));
  }
}

/** Signs that no screen shows, such as a null byte, by their number. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}]/gu,
    (sign) => `U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`,
  );
}
