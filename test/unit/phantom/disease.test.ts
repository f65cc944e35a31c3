/** Checks that disease fills the wanted share of each lobe, where it is usually found, and the same for the same seed. */
import { describe, expect, it } from 'vitest';
import { chestGrid, drawAnatomy, lungsOf } from '../../../samples/phantom/anatomy.ts';
import { type DiseasePlan, placeDisease } from '../../../samples/phantom/disease.ts';
import { depthInside } from '../../../samples/phantom/distance.ts';
import { boxOf } from '../../../samples/phantom/grid.ts';
import { createRandom } from '../../../samples/phantom/random.ts';
import { LOBES, type Lobe, TEXTURE_CLASSES, type TextureClass } from '../../../src/protocol/names.ts';

const grid = chestGrid(lungsOf('disease'), 360, 72, 5);
const anatomy = drawAnatomy({ seed: 'disease' }, grid);
const lobes = anatomy.lobes.map((label) => (label <= 5 ? label : 0));
const depthMm = depthInside(grid, lobes);

const place = (plan: DiseasePlan, seed = 'a') => placeDisease(grid, lobes, plan, createRandom(seed));
const everywhere = (name: Exclude<TextureClass, 'normal'>, share: number): DiseasePlan =>
  Object.fromEntries(LOBES.map((lobe) => [lobe, { [name]: share }]));
const labelOf = (name: TextureClass) => TEXTURE_CLASSES.indexOf(name) + 1;

function shareOf(textures: Uint8Array, name: TextureClass, lobe: Lobe): number {
  let inside = 0;
  let found = 0;
  for (let index = 0; index < lobes.length; index++) {
    if (lobes[index] !== LOBES.indexOf(lobe) + 1) continue;
    inside++;
    if (textures[index] === labelOf(name)) found++;
  }
  return found / inside;
}

function mean(textures: Uint8Array, name: TextureClass, valueAt: (index: number) => number): number {
  let sum = 0;
  let count = 0;
  for (let index = 0; index < textures.length; index++) {
    if (textures[index] !== labelOf(name)) continue;
    sum += valueAt(index);
    count++;
  }
  return sum / count;
}

const heightMm = (index: number) => {
  const { sizeVoxels, spacing } = boxOf(grid);
  return Math.floor(index / (sizeVoxels[0] * sizeVoxels[1])) * spacing[2];
};

describe('placeDisease', () => {
  it('labels every voxel of the lobes and none outside', () => {
    const textures = place({ RLL: { ggo: 0.3 } });
    expect(textures.every((label, index) => label > 0 === lobes[index]! > 0)).toBe(true);
  });

  it('leaves a chest without a plan normal', () => {
    expect(place({}).every((label) => label <= labelOf('normal'))).toBe(true);
  });

  it('fills the wanted share of each lobe within half a percent', () => {
    const plan: DiseasePlan = {
      RUL: { emphysema: 0.4, ggo: 0.05 },
      RLL: { honeycombing: 0.2, reticulation: 0.3, ggo: 0.1 },
      LLL: { consolidation: 0.25 },
    };
    const textures = place(plan);
    for (const lobe of LOBES)
      for (const name of TEXTURE_CLASSES)
        if (name !== 'normal')
          expect(Math.abs(shareOf(textures, name, lobe) - (plan[lobe]?.[name] ?? 0)), `${lobe} ${name}`).toBeLessThan(
            0.005,
          );
  });

  it('draws the same disease for the same seed and another for another', () => {
    const plan = everywhere('ggo', 0.2);
    const textures = place(plan);
    const differences = (other: Uint8Array) => other.filter((label, index) => label !== textures[index]).length;
    expect(differences(place(plan))).toBe(0);
    expect(differences(place(plan, 'b'))).toBeGreaterThan(1000);
  });

  it.each(['a', 'b'])('puts honeycombing under the pleura and the rest deeper (seed %s)', (seed) => {
    const textures = place(everywhere('honeycombing', 0.15), seed);
    expect(mean(textures, 'honeycombing', (index) => depthMm[index]!)).toBeLessThan(10);
    expect(mean(textures, 'normal', (index) => depthMm[index]!)).toBeGreaterThan(15);
  });

  it.each(['a', 'b'])('puts reticulation nearer to the pleura than what it leaves (seed %s)', (seed) => {
    const textures = place(everywhere('reticulation', 0.25), seed);
    const depth = (name: TextureClass) => mean(textures, name, (index) => depthMm[index]!);
    expect(depth('reticulation')).toBeLessThan(0.75 * depth('normal'));
  });

  it('puts fibrosis lower in a lobe than what it leaves', () => {
    const plan: DiseasePlan = { RLL: { reticulation: 0.3 }, LLL: { reticulation: 0.3 } };
    const textures = place(plan);
    const lower = textures.map((label, index) => (lobes[index] === 3 || lobes[index] === 5 ? label : 0));
    expect(mean(lower, 'reticulation', heightMm)).toBeLessThan(mean(lower, 'normal', heightMm));
  });
});
