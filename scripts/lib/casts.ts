/** Finds casts that do not say why they hold. The linter has no rule for it. */
import { parseAst } from 'rolldown/parseAst';

/** How far above a cast its reason may stand: a chain of calls puts the cast on a later line than the statement begins. */
const LINES_ABOVE = 4;
const REASON = 'SAFETY:';

/** Line numbers, from 1, of every `as` but `as const` without a `SAFETY:` in a comment above; `source` is TypeScript, with JSX where it says so. */
export function castsWithoutReason(source: string, lang: 'ts' | 'tsx'): number[] {
  const lines = source.split('\n');
  const hasReason = (line: number) =>
    lines.slice(Math.max(0, line - LINES_ABOVE), line + 1).some((text) => text.includes(REASON));
  const starts = castsIn(parseAst(source, { lang }), []);
  const found = starts.map(({ start, end }) => [lineOf(source, start), lineOf(source, end)] as const);
  return found.filter((places) => !places.some(hasReason)).map(([, line]) => line + 1);
}

interface Cast {
  /** Where the expression that is cast begins, and where the type begins. */
  readonly start: number;
  readonly end: number;
}

function castsIn(node: unknown, found: Cast[]): Cast[] {
  if (Array.isArray(node)) for (const child of node) castsIn(child, found);
  else if (typeof node === 'object' && node !== null) {
    const { type, start, typeAnnotation }: { type?: unknown; start?: unknown; typeAnnotation?: unknown } = node;
    if (type === 'TSAsExpression' && typeof start === 'number') {
      const { start: end, typeName }: { start?: unknown; typeName?: { name?: unknown } } = typeAnnotation ?? {};
      if (typeof end === 'number' && typeName?.name !== 'const') found.push({ start, end });
    }
    for (const child of Object.values(node)) castsIn(child, found);
  }
  return found;
}

/** From 0. */
function lineOf(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length - 1;
}
