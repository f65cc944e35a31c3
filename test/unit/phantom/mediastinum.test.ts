/** Checks what lies between and around the lungs: great vessels where patients have them, hila, heart, whole bodies. */
import { describe, expect, it } from 'vitest';
import { drawAnatomy, lungsOf } from '../../../samples/phantom/anatomy.ts';
import { boxOf, gridAround } from '../../../samples/phantom/grid.ts';
import { landmarksOf } from '../../../samples/phantom/landmarks.ts';
import type { LungShape } from '../../../samples/phantom/lungShape.ts';
import { mappedLungs } from '../../../samples/phantom/mappedLungs.ts';
import { type Anatomy, CENTRAL_AIRWAY, TISSUE } from '../../../samples/phantom/tissues.ts';

const MM = 3;

/** Whole lungs with `below` and `above` mm around them. */
function draw(seed: string, lungs: LungShape, below = 30, above = 30): Anatomy {
  const height = lungs.high[2] - lungs.low[2] + below + above;
  const centreZ = (lungs.low[2] - below + lungs.high[2] + above) / 2;
  return drawAnatomy({ seed, lungs }, gridAround([0, 8, centreZ], [130, 104, Math.ceil(height / MM)], [MM, MM, MM]));
}

/** Calls `visit` with the position in mm of each voxel. */
function eachVoxel(chest: Anatomy, visit: (index: number, x: number, y: number, z: number) => void): void {
  const { sizeVoxels, spacing, origin } = boxOf(chest);
  const [nx, ny, nz] = sizeVoxels;
  for (let k = 0, index = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, index++)
        visit(index, origin[0] + i * spacing[0], origin[1] + j * spacing[1], origin[2] + k * spacing[2]);
}

/** Mean position and count of a tissue's voxels that `within` accepts. */
function where(chest: Anatomy, code: number, within: (x: number, y: number, z: number) => boolean) {
  const sum = [0, 0, 0];
  let count = 0;
  eachVoxel(chest, (index, x, y, z) => {
    if (chest.tissues[index] !== code || !within(x, y, z)) return;
    count++;
    for (const [axis, value] of [x, y, z].entries()) sum[axis]! += value;
  });
  return { x: sum[0]! / count, y: sum[1]! / count, ml: (count * MM ** 3) / 1000 };
}

const drawn = lungsOf('between');
const first = draw('between', drawn);
const mapped = mappedLungs({ size: first.size, affine: first.affine, labels: first.lobes });
const chests = [
  ['drawn lungs', drawn, first],
  ['a lobe map', mapped, draw('again', mapped)],
] as const;

describe.each(chests)('between %s', (_, lungs, chest) => {
  const marks = landmarksOf(lungs);
  const { carina, spine, at } = marks;
  const [spineX, spineY] = spine(carina[2]);

  it('the aortic arch passes to the left of the trachea, above the carina', () => {
    const [low, high] = [at(0, 0, 16)[2], at(0, 0, 34)[2]];
    const level = (y: number, z: number) => z > low && z < high && Math.abs(y - carina[1]) < 16;
    const arch = where(chest, TISSUE.aorticBlood, (_x, y, z) => level(y, z));
    const trachea = where(chest, TISSUE.airwayLumen, (_x, y, z) => level(y + 8, z));
    expect(arch.ml).toBeGreaterThan(1);
    expect(arch.x).toBeGreaterThan(trachea.x + 8);
  });

  it('the descending aorta lies left of the spine, 20 to 28 mm wide, and touches the left lung', () => {
    const z0 = carina[2] - 12;
    const near = (x: number, y: number, z: number) =>
      Math.abs(z - z0) < 7 && y > spineY - 42 && y < spineY && x > spineX + 4 && x < spineX + 52;
    const aorta = where(chest, TISSUE.aorticBlood, near);
    expect(aorta.x).toBeGreaterThan(spineX + 10);
    const { origin, spacing } = boxOf(chest);
    const slices = [...Array(chest.size[2]).keys()].filter((k) => Math.abs(origin[2] + k * spacing[2] - z0) < 7).length;
    const width = 2 * Math.sqrt((aorta.ml * 1000) / (slices * MM) / Math.PI);
    expect(width).toBeGreaterThan(16);
    expect(width).toBeLessThan(34);
    let touching = 0;
    eachVoxel(chest, (index, x, y, z) => {
      if (chest.tissues[index] !== TISSUE.aorticBlood || !near(x, y, z)) return;
      for (let step = 1; step <= 2; step++)
        if (chest.lobes[index + step]! >= 4 && chest.lobes[index + step]! <= 5) touching++;
    });
    expect(touching).toBeGreaterThan(3);
  });

  it('no great vessel, heart or oesophagus is lung, and every lobe is', () => {
    const great: ReadonlySet<number> = new Set([
      ...[TISSUE.aorticBlood, TISSUE.pulmonaryBlood, TISSUE.cavalBlood, TISSUE.systemicVein, TISSUE.heart],
      ...[TISSUE.mediastinum, TISSUE.node, TISSUE.bone, TISSUE.fat, TISSUE.foam, TISSUE.metal, TISSUE.bowelGas],
    ]);
    const inLobes = new Set<number>();
    const lobesSeen = new Set<number>();
    for (const [index, lobe] of chest.lobes.entries()) {
      if (lobe > 0 && great.has(chest.tissues[index]!)) inLobes.add(chest.tissues[index]!);
      lobesSeen.add(lobe);
    }
    expect([...inLobes]).toEqual([]);
    expect([...lobesSeen].sort()).toEqual([0, 1, 2, 3, 4, 5, CENTRAL_AIRWAY]);
  });

  it('the pulmonary trunk lies before the aorta’s left side, the superior vena cava to the right', () => {
    const level = (z: number) => Math.abs(z - at(0, 0, -14)[2]) < 8;
    const pulmonary = where(chest, TISSUE.pulmonaryBlood, (_x, y, z) => level(z) && y < at(0, -24, 0)[1]);
    const caval = where(chest, TISSUE.cavalBlood, (_x, _y, z) => level(z));
    const ascending = where(chest, TISSUE.aorticBlood, (_x, y, z) => level(z) && y < at(0, -24, 0)[1]);
    expect(pulmonary.x).toBeGreaterThan(ascending.x + 10);
    expect(caval.x).toBeLessThan(ascending.x - 4);
  });
});

it('the heart has blood of both sides and muscle, and fat around it', () => {
  const { at } = landmarksOf(drawn);
  const inHeart = (_x: number, y: number, z: number) => Math.abs(z - at(0, 0, -85)[2]) < 22 && y < at(0, 0, 0)[1];
  for (const code of [TISSUE.aorticBlood, TISSUE.pulmonaryBlood, TISSUE.heart, TISSUE.fat])
    expect(where(first, code, inHeart).ml).toBeGreaterThan(15);
  // The left ventricle lies to the left of the right heart.
  expect(where(first, TISSUE.aorticBlood, inHeart).x).toBeGreaterThan(where(first, TISSUE.pulmonaryBlood, inHeart).x);
});

it('the hila have vessels of more than a centimetre outside the lobes, and wide ones within', () => {
  const { at, spine } = landmarksOf(drawn);
  const [low, high] = [at(0, 0, -70)[2], at(0, 0, 0)[2]];
  for (const side of [-1, 1]) {
    // The interlobar arteries, as one would measure them: outside the mediastinum, of pulmonary blood.
    const interlobar = where(first, TISSUE.pulmonaryBlood, (x, _y, z) => {
      const [spineX] = spine(z);
      return z > low && z < high && side * (x - spineX) > 38;
    });
    expect(interlobar.ml).toBeGreaterThan(2.5);
  }
  let widest = 0;
  for (let index = 0; index < first.tissues.length; index++) {
    let run = 0;
    while (first.lobes[index + run]! >= 1 && first.lobes[index + run]! <= 5 && first.vesselShare[index + run]! > 127)
      run++;
    widest = Math.max(widest, run);
  }
  expect(widest * MM).toBeGreaterThanOrEqual(9);
});

it('a grid that reaches so far has a head with brain and air, a pelvis, and two legs', () => {
  const body = draw('between', drawn, 430, 300);
  const { baseZ, apexZ, spine } = landmarksOf(drawn);
  const above = (_x: number, _y: number, z: number) => z > apexZ + 80;
  expect(where(body, TISSUE.brain, above).ml).toBeGreaterThan(700);
  expect(where(body, TISSUE.brain, above).ml).toBeLessThan(2200);
  expect(where(body, TISSUE.bowelGas, above).ml).toBeGreaterThan(20);
  const thigh = (_x: number, _y: number, z: number) => z < baseZ - 330;
  const [spineX] = spine(baseZ);
  let between = 0;
  eachVoxel(body, (index, x, y, z) => {
    if (thigh(x, y, z) && Math.abs(x - spineX) < 2 && body.tissues[index] === TISSUE.muscle) between++;
  });
  expect(between).toBe(0);
  for (const side of [-1, 1])
    expect(where(body, TISSUE.bone, (x, y, z) => thigh(x, y, z) && side * (x - spineX) > 20).ml).toBeGreaterThan(5);
  const lung = ({ lobes }: Anatomy) => lobes.reduce((sum, lobe) => sum + (lobe >= 1 && lobe <= 5 ? 1 : 0), 0);
  expect(Math.abs(lung(body) / lung(first) - 1)).toBeLessThan(0.005);
});

it('landmarks of a lobe map find its own carina and domes', () => {
  const [own, again] = [landmarksOf(drawn), landmarksOf(mapped)];
  const shiftZ = own.baseZ - again.baseZ;
  expect(Math.abs(again.carina[2] + shiftZ - own.carina[2])).toBeLessThan(16);
  expect(Math.abs(again.domeZ[0] + shiftZ - own.domeZ[0])).toBeLessThan(12);
});
