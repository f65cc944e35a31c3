/** Seeded randomness: sfc32, a small fast counting generator of the PractRand suite. */
import { fnv1a } from './fnv1a.ts';

export interface Random {
  /** Uniform in [0, 1). */
  (): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Normal with mean 0 and standard deviation 1 (Box–Muller). */
  normal(): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** A generator of its own for a named part, so that adding draws to one part changes no other. */
  fork(part: string): Random;
}

export function createRandom(seed: number | string): Random {
  let [a, b, c, counter] = seedWords(String(seed));
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  return Object.assign(next, {
    between: (low: number, high: number) => low + (high - low) * next(),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    chance: (probability: number) => next() < probability,
    fork: (part: string) => createRandom(`${seed}/${part}`),
  });
}

/** Four 32-bit words from a text (FNV-1a with four offsets). */
function seedWords(text: string): [number, number, number, number] {
  const word = (offset: number) => fnv1a(text, offset);
  return [word(0), word(0x9e3779b9), word(0x7f4a7c15), 1];
}
