/** Breath-holding as scanners' texts name it, in the languages of their users. */

export type Breathing = 'inspiration' | 'expiration';

/** Words by their beginnings, after a letter of no script; short ones stand alone. */
const WORDS: Readonly<Record<Breathing, RegExp>> = {
  inspiration: new RegExp(
    [
      String.raw`(?<!\p{L})(in?spir\p{L}*|inspi?|inhal\p{L}*|einatm\p{L}*|inademing|inandning|inånding|indånding|wdech\p{L}*|вдох\p{L}*|nádech)(?!\p{L})`,
      '吸気|吸气|吸氣|흡기',
    ].join('|'),
    'iu',
  ),
  expiration: new RegExp(
    [
      String.raw`(?<!\p{L})(e(x|s|xs)pir\p{L}*|exs?pi?|exhal\p{L}*|ausatm\p{L}*|uitademing|utandning|utånding|udånding|wydech\p{L}*|выдох\p{L}*|výdech)(?!\p{L})`,
      '呼気|呼气|呼氣|호기',
    ].join('|'),
    'iu',
  ),
};

/** What the first text says that names one of both: a protocol for both does not tell which this series is. */
export function breathingIn(texts: readonly (string | undefined)[]): Breathing | undefined {
  for (const text of texts) {
    const inspiration = WORDS.inspiration.test(text ?? '');
    if (inspiration !== WORDS.expiration.test(text ?? '')) return inspiration ? 'inspiration' : 'expiration';
  }
  return undefined;
}
