/** What a name stands for, to be handed to a program. */
import type { ResultReply } from '../../protocol/kernelApi.ts';
import { suggestionFor } from '../base/suggestion.ts';
import type { Value } from '../values/value.ts';
import { valueJson } from '../values/valueJson.ts';

export function resultOf(name: string, values: ReadonlyMap<string, Value>): ResultReply {
  const value = values.get(name);
  if (!value) {
    const message = `There is no result \`${name}\`: ${suggestionFor(name, [...values.keys()])}`;
    return { problem: { code: 'unknown-name', message } };
  }
  const result = valueJson(value);
  if (result) return { result };
  return { problem: { code: 'wrong-kind', message: `\`${name}\` is a cohort: its CTs are not handed out.` } };
}
