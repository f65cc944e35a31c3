/** Checks that lungs from a lobe map are the map's, also when bent, and keep their sides. */
import { expect, it } from 'vitest';
import { chestGrid, drawAnatomy, lungsOf } from '../../../samples/phantom/anatomy.ts';
import { boxOf } from '../../../samples/phantom/grid.ts';
import { deformLungs, mappedLungs } from '../../../samples/phantom/mappedLungs.ts';
import { createRandom } from '../../../samples/phantom/random.ts';
import { CENTRAL_AIRWAY, TISSUE } from '../../../samples/phantom/tissues.ts';
import type { LabelMap } from '../../../src/kernel/ct/geometry/volume.ts';
import { LOBES } from '../../../src/protocol/names.ts';

const original = lungsOf('map');
const drawn = drawAnatomy({ seed: 'map', lungs: original }, chestGrid(original, 360, 90, 4));
const map: LabelMap = { size: drawn.size, affine: drawn.affine, labels: drawn.lobes };
const lungs = mappedLungs(map);

/** Voxels of each lobe of a chest drawn around the lungs, and its own map. */
function redraw(shape: typeof lungs) {
  const anatomy = drawAnatomy({ seed: 'again', lungs: shape }, chestGrid(shape, 380, 95, 4));
  const counts = LOBES.map((_, n) => anatomy.lobes.reduce((sum, label) => sum + (label === n + 1 ? 1 : 0), 0));
  return { anatomy, counts };
}

it('gives the label of the map at a place, and 0 beyond it', () => {
  const { origin, spacing, sizeVoxels } = boxOf(map);
  const [nx, ny, nz] = sizeVoxels;
  const inMap = (i: number, j: number, k: number) => map.labels[(k * ny + j) * nx + i];
  const lowest = map.labels.findIndex((label) => label > 0 && label !== CENTRAL_AIRWAY);
  expect(lungs.low[2]).toBe(0);
  expect(lungs.heightMm).toBe(lungs.high[2]);
  const baseK = Math.floor(lowest / (nx * ny));
  // x and y count from the middle of the lungs, which lies between two voxels or on one.
  const middle = (lungs.high[0] - lungs.low[0]) / 2 / spacing[0];
  let i0 = nx;
  for (let v = 0; v < map.labels.length; v++)
    if (map.labels[v] && map.labels[v] !== CENTRAL_AIRWAY) i0 = Math.min(i0, v % nx);
  expect(origin.every(Number.isFinite)).toBe(true);
  let compared = 0;
  for (const k of [baseK + 5, baseK + 20])
    for (let i = 0; i < nx; i++) {
      const x = (i - i0 - middle) * spacing[0];
      const row = Array.from({ length: ny }, (_, j) => inMap(i, j, k)).filter(Boolean).length;
      const found = Array.from({ length: ny }, (_, j) =>
        lungs.lobeAt(x, lungs.low[1] + (j - ny / 2) * spacing[1], (k - baseK) * spacing[2]),
      ).filter(Boolean).length;
      if (row === ny) continue;
      compared += Math.min(row, found);
    }
  expect(compared).toBeGreaterThan(100);
  expect(lungs.lobeAt(0, 0, nz * spacing[2] * 2)).toBe(0);
});

it('draws a chest with the same lobes, whose trachea is the map’s', () => {
  const { anatomy, counts } = redraw(lungs);
  for (const [n, count] of counts.entries()) {
    const wanted = map.labels.reduce((sum, label) => sum + (label === n + 1 ? 1 : 0), 0);
    expect(Math.abs(count / wanted - 1)).toBeLessThan(0.04);
  }
  expect(lungs.hasAirways).toBe(true);
  const airway = anatomy.lobes.reduce((sum, label) => sum + (label === CENTRAL_AIRWAY ? 1 : 0), 0);
  expect(airway).toBeGreaterThan(100);
});

it.each(['a', 'b', 'c'])('bends the lungs without changing their sides or losing a lobe (%s)', (seed) => {
  const { anatomy, counts } = redraw(deformLungs(lungs, createRandom(seed)));
  for (const [n, count] of counts.entries()) {
    const wanted = map.labels.reduce((sum, label) => sum + (label === n + 1 ? 1 : 0), 0);
    expect(count / wanted).toBeGreaterThan(0.6);
    expect(count / wanted).toBeLessThan(1.6);
  }
  const [nx] = anatomy.size;
  const meanX = (first: number, last: number) => {
    const at = [...anatomy.lobes.keys()].filter((v) => anatomy.lobes[v]! >= first && anatomy.lobes[v]! <= last);
    return at.reduce((sum, v) => sum + (v % nx), 0) / at.length;
  };
  expect(meanX(1, 3)).toBeLessThan(meanX(4, 5) - 10);
});

it('refuses a map without lung', () => {
  expect(() => mappedLungs({ ...map, labels: new Uint8Array(map.labels.length) })).toThrow('no lung');
});

it('keeps vessels away from the fissures, as in patients', () => {
  const grid = chestGrid(original, 360, 180, 2);
  const { lobes, vesselShare, tissues } = drawAnatomy({ seed: 'map', lungs: original }, grid);
  const [nx, ny] = grid.size;
  let [near, vesselNear, all, vesselAll] = [0, 0, 0, 0];
  for (let v = nx * ny; v < lobes.length - nx * ny; v++) {
    const own = lobes[v]!;
    if (own < 1 || own > 5 || tissues[v] === TISSUE.airwayWall) continue;
    all++;
    vesselAll += vesselShare[v]! / 255;
    const touches = [1, -1, nx, -nx, nx * ny, -nx * ny].some((s) => {
      const other = lobes[v + s]!;
      return other >= 1 && other <= 5 && other !== own;
    });
    if (!touches) continue;
    near++;
    vesselNear += vesselShare[v]! / 255;
  }
  expect(near).toBeGreaterThan(5000);
  expect(vesselNear / near).toBeLessThan(0.6 * (vesselAll / all));
});
