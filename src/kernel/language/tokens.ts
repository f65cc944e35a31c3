/** Splits a cell's text into tokens. Line breaks matter only as the place where a statement may begin. */
import type { Extent } from './spans.ts';

export interface Token extends Extent {
  readonly kind: 'word' | 'text' | 'number' | 'symbol' | 'unclosed-text' | 'end';
  /** The word, the symbol, the number's digits, or the text: `\"` is a quote in it, other backslashes stay (Windows paths). */
  readonly value: string;
  readonly startsLine: boolean;
}

const PATTERN =
  /(?<space>[ \t\r]+)|(?<line>\n)|(?<comment>#[^\n]*)|(?<text>"(?:\\"|[^"\n])*")|(?<open>"[^\n]*)|(?<number>-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<word>[\p{L}_][\p{L}\p{N}_]*(?:-[\p{L}][\p{L}\p{N}_]*)*)|(?<symbol>\.\.|==|!=|<=|>=|&&|\|\||[^\s])/uy;

/** Tokens of the source, the last one of kind `end`. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let startsLine = true;
  PATTERN.lastIndex = 0;
  for (let match = PATTERN.exec(source); match?.groups; match = PATTERN.exec(source)) {
    const { groups, index } = match;
    const end = PATTERN.lastIndex;
    if (groups.line !== undefined) startsLine = true;
    const kind =
      groups.text !== undefined
        ? 'text'
        : groups.open !== undefined
          ? 'unclosed-text'
          : groups.number !== undefined
            ? 'number'
            : groups.word !== undefined
              ? 'word'
              : groups.symbol !== undefined
                ? 'symbol'
                : undefined;
    if (!kind) continue;
    const value = kind === 'text' ? match[0].slice(1, -1).replaceAll('\\"', '"') : match[0];
    tokens.push({ kind, value, start: index, end, startsLine });
    startsLine = false;
  }
  tokens.push({ kind: 'end', value: '', start: source.length, end: source.length, startsLine: true });
  return tokens;
}
