/** Places in a cell's text. */
import type { SourceSpan } from '../../protocol/kernelApi.ts';

/** UTF-16 offsets, end exclusive. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

export function toSourceSpan(source: string, { start, end }: Extent): SourceSpan {
  const place = (offset: number) => {
    const before = source.slice(0, offset);
    const line = before.split('\n').length - 1;
    return { line, column: offset - (before.lastIndexOf('\n') + 1) };
  };
  const [from, to] = [place(start), place(end)];
  return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
}

/** A place in a part of a text, as a place in the whole text. */
export function spanInWhole({ startLine, startColumn }: SourceSpan, part: SourceSpan): SourceSpan {
  const column = (line: number, own: number) => (line === 0 ? startColumn + own : own);
  return {
    startLine: startLine + part.startLine,
    startColumn: column(part.startLine, part.startColumn),
    endLine: startLine + part.endLine,
    endColumn: column(part.endLine, part.endColumn),
  };
}

/** The source with `text` in the place of a span. */
export function withText(
  source: string,
  { startLine, startColumn, endLine, endColumn }: SourceSpan,
  text: string,
): string {
  const lines = source.split('\n');
  const offset = (line: number, column: number) =>
    lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0) + column;
  return source.slice(0, offset(startLine, startColumn)) + text + source.slice(offset(endLine, endColumn));
}
