/**
 * Arquero's `match` by RE2, whose time grows with the text's length alone: with JavaScript's own regular expressions a
 * notebook from elsewhere could hold the kernel up for ever.
 */
import { addFunction } from 'arquero';
import { RE2JS } from 're2js';

let last: { readonly pattern: string; readonly compiled: RE2JS } | undefined;

addFunction('match', match, { override: true });

/** The first match's groups, or one of them by number or name; null without a match. */
function match(value: unknown, pattern: unknown, group?: number | string): unknown {
  if (value === undefined || value === null) return value;
  const found = compile(String(pattern)).matcher(String(value));
  if (!found.find()) return null;
  if (group !== undefined) return found.group(group);
  return Array.from({ length: found.groupCount() + 1 }, (_, n) => found.group(n));
}

/** The rows of a table share their pattern. */
function compile(pattern: string): RE2JS {
  if (last?.pattern !== pattern) last = { pattern, compiled: RE2JS.compile(pattern) };
  return last.compiled;
}
