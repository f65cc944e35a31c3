/** Which word of the language was meant: the one that users call otherwise, or the nearest in spelling. */
import { ownValue } from '../base/plainKeys.ts';
import { nearest, suggestionFor } from '../base/suggestion.ts';

/** What users write for another word, whatever else is spelt nearly so: `lobe` is no slip for `zone`. */
const CALLED: Readonly<Record<string, string>> = { lobe: 'region', lobes: 'region', subject: 'patient', id: 'patient' };

/** Undefined where none is near. */
export function meantBy(word: string, options: readonly string[]): string | undefined {
  const called = ownValue(CALLED, word.toLowerCase());
  return options.find((option) => option === called) ?? nearest(word, options);
}

/** "did you mean `x`?", or else what there is. */
export function suggestionOf(word: string, options: readonly string[]): string {
  const meant = meantBy(word, options);
  return meant === undefined ? suggestionFor(word, options) : `did you mean \`${meant}\`?`;
}
