/** Breath-holding as scanners' texts name it, in the languages of their users. */
import { remembering } from '../../base/remembering.ts';

export type Breathing = 'inspiration' | 'expiration';

interface Words {
  /** Abbreviations, which stand alone. */
  readonly whole: readonly string[];
  readonly beginnings: readonly string[];
  /** Where texts have no spaces. */
  readonly parts: readonly string[];
}

const WORDS: Readonly<Record<Breathing, Words>> = {
  inspiration: {
    whole: ['insp', 'inspi'],
    beginnings: ['inspir', 'ispir', 'inhal', 'einatm', 'inadem', 'inandning', 'indånding', 'wdech', 'вдох', 'nádech'],
    parts: ['吸気', '吸气', '吸氣', '흡기'],
  },
  expiration: {
    whole: ['exp', 'expi', 'exsp', 'exspi'],
    beginnings: [
      ...['expir', 'exspir', 'espir', 'exhal', 'ausatm', 'uitadem', 'utandning', 'udånding'],
      ...['wydech', 'выдох', 'výdech'],
    ],
    parts: ['呼気', '呼气', '呼氣', '호기'],
  },
};

/** What the first text says that names one of both: a protocol for both does not tell which this series is. */
export function breathingIn(texts: readonly (string | undefined)[]): Breathing | undefined {
  for (const text of texts) {
    const named = text === undefined ? undefined : theOneNamed(text);
    if (named) return named;
  }
  return undefined;
}

const theOneNamed = remembering((text): Breathing | undefined => {
  const lower = text.normalize('NFC').toLowerCase();
  const words = lower.split(/[^\p{L}]+/u);
  const names = ({ whole, beginnings, parts }: Words) =>
    words.some((word) => whole.includes(word) || beginnings.some((beginning) => word.startsWith(beginning))) ||
    parts.some((part) => lower.includes(part));
  const inspiration = names(WORDS.inspiration);
  if (inspiration === names(WORDS.expiration)) return undefined;
  return inspiration ? 'inspiration' : 'expiration';
});
