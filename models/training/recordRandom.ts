/** A seeded Random that remembers its draws, so that the ranges of the phantom's parameters can be read off the phantom itself. */
import { createRandom, type Random } from '../../samples/phantom/random.ts';

/** A range of `between`, or of `chance` the probability. */
export type Draw = readonly ['between', low: number, high: number] | readonly ['chance', probability: number];

/** Draws by part: `''` of the generator itself, `a/b` of its fork `a`'s fork `b`. Those of noise lattices (`lattice`) are left out. */
export function recordRandom(
  seed: string,
  lattice: readonly (readonly [number, number])[],
): [Random, Map<string, Draw[]>] {
  const draws = new Map<string, Draw[]>();
  const record = (part: string, draw: Draw) => {
    const ofPart = draws.get(part) ?? [];
    ofPart.push(draw);
    draws.set(part, ofPart);
  };
  const wrap = (random: Random, part: string): Random =>
    Object.assign(() => random(), {
      normal: () => random.normal(),
      between: (low: number, high: number) => {
        if (!lattice.some(([from, to]) => from === low && to === high)) record(part, ['between', low, high]);
        return random.between(low, high);
      },
      chance: (probability: number) => {
        record(part, ['chance', probability]);
        return random.chance(probability);
      },
      fork: (name: string) => wrap(random.fork(name), part ? `${part}/${name}` : name),
    });
  return [wrap(createRandom(seed), ''), draws];
}
