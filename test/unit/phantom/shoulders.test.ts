/** Checks what lies outside the ribs of simulated chests: fat between muscles, bones of the shoulders, and nothing within the ribs. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/phantom/random.ts';
import { drawShoulders } from '../../../samples/phantom/shoulders.ts';
import { TISSUE } from '../../../samples/phantom/tissues.ts';

const APEX_Z = 250;

/** How many points of a box around both shoulders hold each tissue, `undefined` (muscle) included. */
function count(seed: string, outsideMm: number): Map<number | undefined, number> {
  const shoulders = drawShoulders(createRandom(seed), APEX_Z);
  const found = new Map<number | undefined, number>();
  for (let z = APEX_Z - 120; z < APEX_Z + 90; z += 5)
    for (let y = -80; y < 60; y += 4)
      for (let x = -150; x <= 150; x += 4) {
        const tissue = shoulders(x, y, z, outsideMm);
        found.set(tissue, (found.get(tissue) ?? 0) + 1);
      }
  return found;
}

describe.each(['a', 'b', 'c', 'd'])('the shoulders of seed %s', (seed) => {
  it('have fat between the muscles, and more muscle than fat', () => {
    const found = count(seed, 10);
    expect(found.get(TISSUE.fat)).toBeGreaterThan(0.02 * found.get(undefined)!);
    expect(found.get(TISSUE.fat)).toBeLessThan(found.get(undefined)!);
  });

  it('have collar bones and heads of the humeri, on both sides alike', () => {
    const shoulders = drawShoulders(createRandom(seed), APEX_Z);
    const isBone = (x: number, y: number, z: number) => {
      const tissue = shoulders(x, y, z, 10);
      return tissue === TISSUE.bone || tissue === TISSUE.marrow;
    };
    let [bones, unlike] = [0, 0];
    for (let z = APEX_Z - 120; z < APEX_Z + 90; z += 5)
      for (let y = -80; y < 60; y += 4)
        for (let x = 2; x <= 150; x += 4) {
          if (isBone(x, y, z)) bones++;
          if (isBone(x, y, z) !== isBone(-x, y, z)) unlike++;
        }
    expect(bones).toBeGreaterThan(100);
    expect(unlike).toBe(0);
  });

  it('are not found within the ribs', () => {
    expect([...count(seed, -1).keys()]).toEqual([undefined]);
  });
});
