/** What brush, fill, rejecting and undo do to label maps, voxel by voxel. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractSlice } from '../../../../src/kernel/ct/geometry/slice.ts';
import { axisAlignedAffine, type Grid } from '../../../../src/kernel/ct/geometry/volume.ts';
import { shapeBetween, shapesBetween } from '../../../../src/kernel/masks/editing/fillBetween.ts';
import {
  createLabelEdits,
  differencesBetween,
  inverseOf,
  voxelCount,
} from '../../../../src/kernel/masks/editing/labelEdits.ts';
import { paintStroke } from '../../../../src/kernel/masks/editing/paintStroke.ts';
import { rejectIsland } from '../../../../src/kernel/masks/editing/rejectIsland.ts';
import { rasterOf } from '../../../../src/kernel/masks/editing/sliceVoxels.ts';
import type { Brush, Stroke } from '../../../../src/protocol/painting/brush.ts';
import { PLANES, type Plane } from '../../../../src/protocol/view.ts';

const GRID: Grid = { size: [11, 9, 7], affine: axisAlignedAffine([0.8, 1.1, 2], [0, 0, 0]) };
const VOXELS = 11 * 9 * 7;
const filled = (label: number) => new Uint8Array(VOXELS).fill(label);
const edited = (lobe = 1, texture = 1) => {
  const base = { lobes: filled(lobe), textures: filled(texture) };
  const now = { lobes: base.lobes.slice(), textures: base.textures.slice() };
  return { base, now, edits: createLabelEdits({ grid: GRID, base, now }) };
};
const brush = (own: Partial<Brush> = {}): Brush => ({ layer: 'textures', label: 2, withinLung: true, ...own });
const stroke = (own: Partial<Stroke> = {}): Stroke => ({
  plane: 'axial',
  index: 3,
  path: [[5.5, 4.5]],
  radiusMm: 2.3,
  isBall: false,
  ...own,
});
const NO_HU = () => undefined;

/** All voxels with a label, as [i, j, k]. */
function places(labels: Uint8Array, label: number): number[][] {
  const [nx, ny] = GRID.size;
  return Array.from(labels, (own, v) =>
    own === label ? [v % nx, Math.floor(v / nx) % ny, Math.floor(v / nx / ny)] : [],
  ).filter(({ length }) => length > 0);
}

describe('a stroke', () => {
  it.each(PLANES)('paints every %s pixel whose middle lies within its radius of the path, and no other', (plane) => {
    const { width, height, pixelWidthMm, pixelHeightMm } = rasterOf(plane, GRID);
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: -1, max: width + 1, noNaN: true }),
            fc.double({ min: -1, max: height + 1, noNaN: true }),
          ),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
        fc.double({ min: 0.1, max: 4, noNaN: true }),
        fc.nat(6),
        (points, radiusMm, index) => {
          const { now, edits } = edited();
          const path = [points[0]!, ...points.slice(1)] as const;
          edits.perform((set) =>
            paintStroke(
              { stroke: stroke({ plane, index, path, radiusMm }), brush: brush(), grid: GRID, maps: now },
              NO_HU,
              set,
            ),
          );
          const { pixels } = extractSlice(now.textures, GRID.size, plane, index);
          const away = (x: number, y: number) =>
            Math.min(
              ...path.map((to, n) => {
                const [ax, ay, bx, by] = [...(path[n - 1] ?? to), ...to].map(
                  (v, a) => v * (a % 2 ? pixelHeightMm : pixelWidthMm),
                );
                const [dx, dy] = [bx! - ax!, by! - ay!];
                const t = Math.min(1, Math.max(0, ((x - ax!) * dx + (y - ay!) * dy) / (dx * dx + dy * dy || 1)));
                return Math.hypot(x - ax! - t * dx, y - ay! - t * dy);
              }),
            );
          pixels.forEach((label, p) => {
            const [column, row] = [p % width, Math.floor(p / width)];
            const mm = away((column + 0.5) * pixelWidthMm, (row + 0.5) * pixelHeightMm);
            const isPlace = path.some(([x, y]) => Math.floor(x) === column && Math.floor(y) === row);
            // On the rim itself rounding may decide.
            if (Math.abs(mm - radiusMm) > 1e-9) expect(label === 2).toBe(mm < radiusMm || isPlace);
          });
          expect(places(now.textures, 2).length).toBe(pixels.filter((label) => label === 2).length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of a ball paints the voxels within its radius in millimetres, whatever the plane it was drawn in', () => {
    const ball = (plane: Plane, index: number, path: Stroke['path']) => {
      const { now, edits } = edited();
      const drawn = stroke({ plane, index, path, radiusMm: 2.3, isBall: true });
      edits.perform((set) => paintStroke({ stroke: drawn, brush: brush(), grid: GRID, maps: now }, NO_HU, set));
      return places(now.textures, 2);
    };
    const expected = places(filled(1), 1).filter(
      ([i, j, k]) => Math.hypot((i! - 5) * 0.8, (j! - 4) * 1.1, (k! - 3) * 2) <= 2.3,
    );
    expect(expected.length).toBeGreaterThan(20);
    expect(ball('axial', 3, [[5.5, 4.5]])).toEqual(expected);
    // Coronal and sagittal pictures count rows from the head.
    expect(ball('coronal', 4, [[5.5, 3.5]])).toEqual(expected);
    expect(ball('sagittal', 5, [[4.5, 3.5]])).toEqual(expected);
  });

  it('keeps to the lungs, to the label that it replaces, and to the Hounsfield units', () => {
    const { base, now } = edited();
    now.lobes[0] = 0;
    now.textures[1] = 3;
    const edits = createLabelEdits({ grid: GRID, base, now });
    const hu = Int16Array.from({ length: 99 }, (_, p) => (p === 2 ? -100 : -800));
    const own = brush({ replaces: 1, hu: [-900, -700] });
    const drawn = stroke({
      index: 0,
      path: [
        [0.5, 0.5],
        [10.5, 0.5],
      ],
      radiusMm: 0.1,
    });
    edits.perform((set) => paintStroke({ stroke: drawn, brush: own, grid: GRID, maps: now }, () => hu, set));
    expect([...now.textures.subarray(0, 11)]).toEqual([1, 3, 1, 2, 2, 2, 2, 2, 2, 2, 2]);
  });

  it('erases textures to normal lung, and lobes with their textures to nothing', () => {
    const { now, edits } = edited(2, 4);
    const at = 3 * 99 + 4 * 11 + 5;
    const erase = (layer: Brush['layer']) =>
      edits.perform((set) =>
        paintStroke(
          {
            stroke: stroke({ radiusMm: 0.1 }),
            brush: brush({ layer, label: 0, withinLung: false }),
            grid: GRID,
            maps: now,
          },
          NO_HU,
          set,
        ),
      );
    erase('textures');
    expect([now.lobes[at], now.textures[at]]).toEqual([2, 1]);
    erase('lobes');
    expect([now.lobes[at], now.textures[at]]).toEqual([0, 0]);
    edits.undo();
    edits.undo();
    expect([now.lobes[at], now.textures[at]]).toEqual([2, 4]);
  });
});

describe('undo', () => {
  it('brings back every voxel, and redo does what was done, in any order of both', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.constant('undo'), fc.constant('redo'), fc.tuple(fc.nat(10), fc.nat(8), fc.nat(6), fc.nat(6))),
          { maxLength: 30 },
        ),
        (acts) => {
          const { base, now, edits } = edited();
          const done: Uint8Array[] = [];
          const undone: Uint8Array[] = [];
          for (const act of acts) {
            if (act === 'undo') {
              if (!edits.undo()) continue;
              undone.push(now.textures.slice());
              done.pop();
              expect(now.textures).toEqual(done.at(-1) ?? base.textures);
            } else if (act === 'redo') {
              const redone = edits.redo();
              if (redone) done.push(now.textures.slice());
              if (redone) undone.pop();
            } else if (typeof act !== 'string') {
              const [x, y, index, label] = act;
              const drawn = stroke({ index, path: [[x + 0.5, y + 0.5]] });
              const performed = edits.perform((set) =>
                paintStroke({ stroke: drawn, brush: brush({ label: label + 1 }), grid: GRID, maps: now }, NO_HU, set),
              );
              if (performed) done.push(now.textures.slice());
            }
            const changed = now.textures.reduce((sum, label, v) => sum + Number(label !== base.textures[v]), 0);
            expect(edits.changedVoxels('textures')).toBe(changed);
          }
          while (edits.undo());
          expect(now.textures).toEqual(base.textures);
          expect(edits.changedVoxels('textures')).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('forgets the oldest acts where they take too much memory, and keeps what they did', () => {
    const { base, now } = edited();
    const edits = createLabelEdits({ grid: GRID, base, now }, 100);
    const paint = (index: number) =>
      edits.perform((set) =>
        paintStroke({ stroke: stroke({ index, radiusMm: 0.1 }), brush: brush(), grid: GRID, maps: now }, NO_HU, set),
      );
    const states = [0, 1, 2, 3, 4, 5, 6].map((index) => {
      paint(index);
      return edits.stateId();
    });
    expect(new Set(states).size).toBe(7);
    let undone = 0;
    while (edits.undo()) undone++;
    expect(undone).toBeLessThan(7);
    expect(undone).toBeGreaterThan(0);
    expect(places(now.textures, 2)).toHaveLength(7 - undone);
    // The state that is left is that of the last act that was forgotten, and none of those that can come again.
    expect(states.indexOf(edits.stateId())).toBe(6 - undone);
  });

  it('tells of a record how to take it back', () => {
    const { now, edits } = edited();
    const act = edits.perform((set) =>
      paintStroke({ stroke: stroke(), brush: brush(), grid: GRID, maps: now }, NO_HU, set),
    )!;
    expect(voxelCount(act.differences.textures)).toBe(edits.changedVoxels('textures'));
    edits.apply(inverseOf(act.differences));
    expect(edits.changedVoxels('textures')).toBe(0);
    expect(differencesBetween(filled(1), now.textures, 11)).toHaveLength(0);
  });
});

describe('rejecting an island', () => {
  it('takes what hangs together over faces, and nothing that touches it at an edge', () => {
    const { base, now } = edited();
    const at = (i: number, j: number, k: number) => (k * 9 + j) * 11 + i;
    const island = [at(3, 3, 3), at(4, 3, 3), at(4, 4, 3), at(4, 4, 4), at(4, 4, 5), at(3, 4, 5)];
    for (const v of [...island, at(5, 5, 3), at(2, 2, 3)]) now.textures[v] = 5;
    const edits = createLabelEdits({ grid: GRID, base, now });
    let voxels = 0;
    edits.perform((set) => {
      voxels = rejectIsland('textures', island[0]!, { maps: now, size: GRID.size }, set);
      return undefined;
    });
    expect(voxels).toBe(6);
    expect(places(now.textures, 5)).toEqual([
      [2, 2, 3],
      [5, 5, 3],
    ]);
  });

  it('finds the same as a search voxel by voxel, for labels at random', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: VOXELS, maxLength: VOXELS }),
        fc.nat(VOXELS - 1),
        (marks, seed) => {
          const { base, now } = edited();
          marks.forEach((mark, v) => {
            if (mark) now.textures[v] = 3;
          });
          const labels = now.textures.slice();
          const edits = createLabelEdits({ grid: GRID, base, now });
          edits.perform((set) => {
            rejectIsland('textures', seed, { maps: now, size: GRID.size }, set);
            return undefined;
          });
          const expected = labels.slice();
          const waiting = labels[seed] === 3 ? [seed] : [];
          const [nx, ny, nz] = GRID.size;
          while (waiting.length) {
            const v = waiting.pop()!;
            if (expected[v] !== 3) continue;
            expected[v] = 1;
            const [i, j, k] = [v % nx, Math.floor(v / nx) % ny, Math.floor(v / nx / ny)];
            if (i > 0) waiting.push(v - 1);
            if (i < nx - 1) waiting.push(v + 1);
            if (j > 0) waiting.push(v - nx);
            if (j < ny - 1) waiting.push(v + nx);
            if (k > 0) waiting.push(v - nx * ny);
            if (k < nz - 1) waiting.push(v + nx * ny);
          }
          expect(now.textures).toEqual(expected);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('makes a rejected lobe no lung, and leaves what has no label', () => {
    const { now, edits } = edited(3, 2);
    const reject = (layer: Brush['layer']) =>
      edits.perform((set) => {
        rejectIsland(layer, 0, { maps: now, size: GRID.size }, set);
        return undefined;
      });
    reject('lobes');
    expect([places(now.lobes, 0).length, places(now.textures, 0).length]).toEqual([VOXELS, VOXELS]);
    expect(reject('lobes')).toBeUndefined();
    expect(reject('textures')).toBeUndefined();
  });
});

describe('filling between slices', () => {
  const RASTER = { width: 60, height: 50, pixelWidthMm: 0.7, pixelHeightMm: 0.9 };
  const disc = (x: number, y: number, radius: number) =>
    Int32Array.from({ length: 3000 }, (_, p) => p).filter(
      (p) => Math.hypot(((p % 60) - x) * 0.7, (Math.floor(p / 60) - y) * 0.9) <= radius,
    );

  it('gives between two equal shapes the same, and between two discs one of the size between', () => {
    expect(shapeBetween(disc(30, 25, 8), disc(30, 25, 8), 0.3, RASTER)).toEqual(disc(30, 25, 8));
    const radiusOf = (shape: Int32Array) => Math.sqrt((shape.length * 0.63) / Math.PI);
    for (const share of [0.25, 0.5, 0.75])
      expect(radiusOf(shapeBetween(disc(30, 25, 4), disc(30, 25, 12), share, RASTER))).toBeCloseTo(4 + 8 * share, 0);
  });

  it('lets a shape that lies apart travel on its way', () => {
    const between = shapeBetween(disc(12, 12, 3), disc(48, 36, 3), 0.5, RASTER);
    expect(between).toEqual(disc(30, 24, 3));
  });

  it('goes from each painted slice to the next', () => {
    const shapes = shapesBetween(
      [
        { index: 9, shape: disc(30, 25, 6) },
        { index: 4, shape: disc(30, 25, 6) },
        { index: 6, shape: disc(30, 25, 6) },
      ],
      RASTER,
    );
    expect(shapes.map(({ index }) => index)).toEqual([5, 7, 8]);
    expect(shapesBetween([{ index: 3, shape: disc(30, 25, 6) }], RASTER)).toEqual([]);
  });
});
