/** Checks that a simulated chest is believable anatomy: volumes, sides, fissures, surroundings, and the seed's say in it. */
import { describe, expect, it } from 'vitest';
import { chestGrid, drawAnatomy, lungsOf } from '../../../samples/phantom/anatomy.ts';
import { boxOf, gridAround } from '../../../samples/phantom/grid.ts';
import { type Anatomy, CENTRAL_AIRWAY, TISSUE } from '../../../samples/phantom/tissues.ts';
import { voxelMl } from '../../../src/kernel/ct/geometry/volume.ts';
import { LOBES, type Lobe } from '../../../src/protocol/names.ts';

const SEEDS = ['a', 'b', 'c'];
const chests = SEEDS.map((seed) => drawAnatomy({ seed }, chestGrid(lungsOf(seed), 372, 93, 4)));

const numberOf = (lobe: Lobe) => LOBES.indexOf(lobe) + 1;

function volumesMl(chest: Anatomy): Record<Lobe, number> {
  const counts = LOBES.map((_, n) => chest.lobes.reduce((sum, label) => sum + (label === n + 1 ? 1 : 0), 0));
  return Object.fromEntries(LOBES.map((lobe, n) => [lobe, counts[n]! * voxelMl(chest)])) as Record<Lobe, number>;
}

/** Mean position in mm of the voxels that `inside` accepts. */
function centre(chest: Anatomy, inside: (index: number) => boolean): [x: number, y: number, z: number] {
  const { sizeVoxels: size, spacing, origin } = boxOf(chest);
  const sum = [0, 0, 0];
  let count = 0;
  for (let index = 0; index < chest.lobes.length; index++) {
    if (!inside(index)) continue;
    count++;
    sum[0]! += index % size[0];
    sum[1]! += Math.floor(index / size[0]) % size[1];
    sum[2]! += Math.floor(index / (size[0] * size[1]));
  }
  return sum.map((s, axis) => origin[axis]! + (s / count) * spacing[axis]!) as [number, number, number];
}

const lobeCentre = (chest: Anatomy, lobe: Lobe) => centre(chest, (index) => chest.lobes[index] === numberOf(lobe));

/** How many pairs of neighbouring voxels, along any axis, hold these two lobes. */
function contact(chest: Anatomy, one: Lobe, other: Lobe): number {
  const [nx, ny] = chest.size;
  const pair = new Set([numberOf(one), numberOf(other)]);
  let found = 0;
  for (const step of [1, nx, nx * ny])
    for (let index = step; index < chest.lobes.length; index++) {
      const [a, b] = [chest.lobes[index]!, chest.lobes[index - step]!];
      if (a !== b && pair.has(a) && pair.has(b)) found++;
    }
  return found;
}

describe.each(chests.map((chest, n) => [SEEDS[n]!, chest] as const))('the chest of seed %s', (_seed, chest) => {
  it('has lobes with volumes as humans have them', () => {
    const ml = volumesMl(chest);
    const total = LOBES.reduce((sum, lobe) => sum + ml[lobe], 0);
    expect(total).toBeGreaterThan(2500);
    expect(total).toBeLessThan(8500);
    const shares = LOBES.map((lobe) => ml[lobe] / total);
    // Lower lobes a quarter each, upper lobes a fifth to a quarter, the middle lobe about a twelfth.
    for (const lobe of ['RUL', 'RLL', 'LUL', 'LLL'] as const) {
      expect(shares[numberOf(lobe) - 1]).toBeGreaterThan(0.14);
      expect(shares[numberOf(lobe) - 1]).toBeLessThan(0.34);
    }
    expect(shares[numberOf('RML') - 1]).toBeGreaterThan(0.04);
    expect(shares[numberOf('RML') - 1]).toBeLessThan(0.14);
  });

  it('has a right lung that is larger than the left, at low x', () => {
    const ml = volumesMl(chest);
    expect(ml.RUL + ml.RML + ml.RLL).toBeGreaterThan(ml.LUL + ml.LLL);
    for (const lobe of ['RUL', 'RML', 'RLL'] as const) expect(lobeCentre(chest, lobe)[0]).toBeLessThan(0);
    for (const lobe of ['LUL', 'LLL'] as const) expect(lobeCentre(chest, lobe)[0]).toBeGreaterThan(0);
  });

  it('has upper lobes above lower lobes, and the middle lobe in front', () => {
    expect(lobeCentre(chest, 'RUL')[2]).toBeGreaterThan(lobeCentre(chest, 'RLL')[2]);
    expect(lobeCentre(chest, 'LUL')[2]).toBeGreaterThan(lobeCentre(chest, 'LLL')[2]);
    expect(lobeCentre(chest, 'RML')[1]).toBeLessThan(lobeCentre(chest, 'RLL')[1]);
    expect(lobeCentre(chest, 'RML')[2]).toBeLessThan(lobeCentre(chest, 'RUL')[2]);
  });

  it('has fissures where lobes of one lung meet, and none between the lungs', () => {
    expect(contact(chest, 'RUL', 'RML')).toBeGreaterThan(100);
    expect(contact(chest, 'RML', 'RLL')).toBeGreaterThan(100);
    expect(contact(chest, 'RUL', 'RLL')).toBeGreaterThan(100);
    expect(contact(chest, 'LUL', 'LLL')).toBeGreaterThan(300);
    for (const right of ['RUL', 'RML', 'RLL'] as const)
      for (const left of ['LUL', 'LLL'] as const) expect(contact(chest, right, left)).toBe(0);
  });

  it('has the heart to the left, the liver to the right and the spine at the back', () => {
    const of = (tissue: number) => centre(chest, (index) => chest.tissues[index] === tissue);
    expect(of(TISSUE.heart)[0]).toBeGreaterThan(0);
    expect(of(TISSUE.liver)[0]).toBeLessThan(of(TISSUE.heart)[0]);
    expect(of(TISSUE.marrow)[1]).toBeGreaterThan(of(TISSUE.heart)[1]);
  });

  it('has the lungs inside the body: no lung voxel touches the air around the patient', () => {
    const [nx, ny] = chest.size;
    const outside = new Set<number>([TISSUE.outside, TISSUE.clothing, TISSUE.table]);
    let touching = 0;
    for (const step of [1, nx, nx * ny])
      for (let index = step; index < chest.lobes.length; index++)
        for (const [a, b] of [
          [index, index - step],
          [index - step, index],
        ] as const)
          if (chest.lobes[a]! > 0 && chest.lobes[a] !== CENTRAL_AIRWAY && outside.has(chest.tissues[b]!)) touching++;
    expect(touching).toBe(0);
  });

  it('has a trachea that belongs to no lobe and enters above the middle of the lungs', () => {
    const airway = centre(chest, (index) => chest.lobes[index] === CENTRAL_AIRWAY);
    const lungs = centre(chest, (index) => chest.lobes[index]! >= 1 && chest.lobes[index]! <= 5);
    expect(Math.abs(airway[0])).toBeLessThan(15);
    expect(airway[2]).toBeGreaterThan(lungs[2]);
    for (let index = 0; index < chest.lobes.length; index++)
      if (chest.lobes[index] === CENTRAL_AIRWAY) expect(chest.tissues[index]).toBe(TISSUE.airwayLumen);
  });
});

describe('drawAnatomy', () => {
  const grid = gridAround([0, 8, 110], [60, 46, 44], [6, 6, 6]);

  it('draws the same chest for the same seed', () => {
    const [one, again] = [drawAnatomy({ seed: 7 }, grid), drawAnatomy({ seed: 7 }, grid)];
    expect(one.lobes).toEqual(again.lobes);
    expect(one.tissues).toEqual(again.tissues);
  });

  it('draws another chest for another seed', () => {
    expect(drawAnatomy({ seed: 7 }, grid).lobes).not.toEqual(drawAnatomy({ seed: 8 }, grid).lobes);
  });

  it('draws the same lobe at a point whatever the grid', () => {
    const finer = gridAround([0, 8, 110], [120, 92, 88], [3, 3, 3]);
    const [coarse, fine] = [drawAnatomy({ seed: 7 }, grid), drawAnatomy({ seed: 7 }, finer)];
    const [a, b] = [volumesMl(coarse), volumesMl(fine)];
    for (const lobe of LOBES) expect(Math.abs(a[lobe] / b[lobe] - 1)).toBeLessThan(0.06);
  });

  it('draws arms beside the chest where asked to', () => {
    const wide = gridAround([0, 8, 110], [100, 46, 20], [6, 6, 12]);
    const tissueCount = (arms: boolean) =>
      drawAnatomy({ seed: 7, arms }, wide).tissues.reduce((sum, t) => sum + (t === TISSUE.muscle ? 1 : 0), 0);
    expect(tissueCount(true)).toBeGreaterThan(tissueCount(false) * 1.1);
  });
});
