/** Lays a cell out in the one usual way; its words stay as they are, and so does where its lines break. */
import { parseCell, type VerbTable } from './parser.ts';
import { type Token, tokenize } from './tokens.ts';

const INDENT = '  ';

/** The same statements: verbs at the start of their line, further lines indented, one space between words, none before commas. */
export function formatSource(source: string, verbs: VerbTable): string {
  const tokens = tokenize(source).filter(({ kind }) => kind !== 'end');
  const starts = new Set(parseCell(source, verbs).statements.map(({ start }) => start));
  let place = 0;
  let isInStatement = false;
  const lines = source.split('\n').map((line) => {
    const [start, end] = [place, place + line.length];
    place = end + 1;
    const own = tokens.filter((token) => token.start >= start && token.start < end);
    const last = own.at(-1);
    const comment = line.slice(last ? last.end - start : 0).trim();
    if (!last) return comment && `${isInStatement && /^\s/.test(line) ? INDENT : ''}${comment}`;
    const begins = starts.has(own[0]!.start) || (own[0]!.kind === 'word' && verbs.has(own[0]!.value));
    const indent = begins || !isInStatement ? '' : INDENT;
    isInStatement = true;
    return `${indent}${spaced(own, source)}${comment && `  ${comment}`}`;
  });
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '');
}

/** The tokens of a line. Where the writer put no space, as in `5%` or `f(x)`, there is none. */
function spaced(tokens: readonly Token[], source: string): string {
  return tokens
    .map((token, n) => {
      const text = source.slice(token.start, token.end);
      const before = tokens[n - 1];
      if (!before || isSign(token, ',')) return text;
      const isApart = token.start > before.end || isSign(before, ',') || isSign(token, '=') || isSign(before, '=');
      return `${isApart ? ' ' : ''}${text}`;
    })
    .join('');
}

function isSign({ kind, value }: Token, sign: string): boolean {
  return kind === 'symbol' && value === sign;
}
