/** What a name stands for, to be handed to a program. */
import type { ResultReply, ResultRequest } from '../../protocol/kernelApi.ts';
import { suggestionFor } from '../base/suggestion.ts';
import type { Value } from '../values/value.ts';
import { valueJson } from '../values/valueJson.ts';

export function resultOf({ name, ...wanted }: ResultRequest, values: ReadonlyMap<string, Value>): ResultReply {
  const value = values.get(name);
  if (!value) {
    const message = `There is no result \`${name}\`: ${suggestionFor(name, [...values.keys()])}`;
    return { problem: { code: 'unknown-name', message } };
  }
  const result = valueJson(value);
  if (result) return shortened(result, wanted);
  return { problem: { code: 'wrong-kind', message: `\`${name}\` is a cohort: its CTs are not handed out.` } };
}

/** Tables of a result are its lists of objects. */
function shortened(result: object, { from = 0, rows = Infinity }: Omit<ResultRequest, 'name'>): ResultReply {
  const left: Record<string, string> = {};
  const short = Object.entries(result).map(([key, value]) => {
    if (!isTable(value)) return [key, value];
    const kept = value.slice(from, from + rows);
    if (kept.length < value.length) left[key] = whichRows(from, kept.length, value.length);
    return [key, kept];
  });
  return { result: Object.fromEntries(short), ...(Object.keys(left).length && { left }) };
}

function whichRows(from: number, kept: number, all: number): string {
  const which = kept ? `rows ${from} to ${from + kept - 1}` : 'no row';
  return `${which} of ${all}, which count from 0: ask for others by \`from\` and \`rows\``;
}

function isTable(value: unknown): value is readonly object[] {
  return Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null);
}
