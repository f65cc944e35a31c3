/** What a clause expects, in the words of messages and of the reference page. */
import { kindsInWords } from '../values/value.ts';
import type { ClauseType } from '../verbs/verb.ts';

/** What is expected, in words. */
export function expected(type: ClauseType): string {
  switch (type.kind) {
    case 'name':
      return `the name of ${kindsInWords(type.of)}`;
    case 'text':
      return 'a text in double quotes';
    case 'number': {
      const { minimum, maximum, integer, units } = type;
      const kind = `${integer ? 'a whole number' : 'a number'}${units?.length ? ` (${units.join(', ')})` : ''}`;
      if (minimum !== undefined && maximum !== undefined) return `${kind} from ${minimum} to ${maximum}`;
      return minimum === undefined ? kind : `${kind} of at least ${minimum}`;
    }
    case 'choice':
      if (type.options.length === 1) return `\`${type.options[0]}\``;
      return `${type.noun === 'word' ? 'one of' : `a ${type.noun}:`} ${type.options.join(', ')}`;
    case 'range':
      return 'a range such as 0..100';
    case 'expression':
      return 'an expression';
    case 'assignment':
      return 'a name, `=` and a value';
    case 'list':
      return `${expected(type.of)}, or several with commas between`;
    case 'sequence':
      return type.parts.map((part) => `${expected(part.type)}${part.optional ? ' (optional)' : ''}`).join(', then ');
    case 'either':
      return type.types.map(expected).join(', or ');
  }
}
