/** Checks that parts are told from lungs by the body around them: beside it, in a couch, cut by the field of view, beside a pneumothorax. */
import { expect, it } from 'vitest';
import { axisAlignedAffine } from '../../../src/kernel/ct/geometry/volume.ts';
import { largestBody, lookAround, openAir } from '../../../src/kernel/lungs/bodyAround.ts';
import { findOutside } from '../../../src/kernel/lungs/outsideBody.ts';

const SIZE = [40, 40, 6] as const;
const [AIR, FOAM, MUSCLE, LUNG, PADDING] = [-1000, -890, 40, -850, -1024];

type Box = readonly [fromX: number, toX: number, fromY: number, toY: number];

/** Air with boxes of other densities in all slices, and boxes that are taken for lung. */
function scene(boxes: readonly (readonly [hu: number, box: Box])[], ...lungs: Box[]) {
  const hu = new Float32Array(SIZE[0] * SIZE[1] * SIZE[2]).fill(AIR);
  const inside = new Uint8Array(hu.length);
  const fill = ([fromX, toX, fromY, toY]: Box, set: (v: number) => void) => {
    for (let k = 0; k < SIZE[2]; k++)
      for (let j = fromY; j < toY; j++) for (let i = fromX; i < toX; i++) set((k * SIZE[1] + j) * SIZE[0] + i);
  };
  for (const [density, box] of boxes) fill(box, (v) => (hu[v] = density));
  for (const lung of lungs) fill(lung, (v) => (inside[v] = 1));
  const grid = { size: SIZE, affine: axisAlignedAffine([3, 3, 3], [0, 0, 0]), hu };
  return { grid: { ...grid, body: largestBody(grid) }, inside };
}

/** Voxels of the lung that are not said to lie outside the body. */
function kept(boxes: Parameters<typeof scene>[0], ...lungs: Box[]): number {
  const { grid, inside } = scene(boxes, ...lungs);
  const { noLung } = findOutside(grid, inside);
  return inside.reduce((sum, lung, v) => sum + (lung && !noLung[v] ? 1 : 0), 0);
}

const body = [MUSCLE, [5, 35, 3, 25]] as const;
const lung: Box = [11, 18, 9, 19];
const voxels = 7 * 10 * 6;

it('keeps a lung within a body', () => {
  expect(kept([body, [LUNG, lung]], lung)).toBe(voxels);
});

it('drops air beside the body that is taken for lung', () => {
  expect(kept([body], [35, 39, 9, 19])).toBe(0);
});

/** Two lungs in a body, with walls of 12 mm or more around each. */
const [right, left]: readonly [Box, Box] = [
  [10, 17, 8, 20],
  [23, 30, 8, 20],
];
const lungs = [body, [LUNG, right], [LUNG, left]] as const;
const bothVoxels = 2 * 7 * 12 * 6;

it('drops foam in a couch, closed on all sides and against the back', () => {
  const shell = [MUSCLE, [3, 37, 26, 36]] as const;
  expect(kept([...lungs, shell, [FOAM, [4, 36, 27, 35]]], right, left, [14, 26, 29, 32])).toBe(bothVoxels);
});

it('drops air under a blanket', () => {
  const blanket = [
    [MUSCLE, [2, 38, 1, 30]],
    [AIR, [3, 37, 2, 29]],
  ] as const;
  expect(kept([...blanket, ...lungs], right, left, [14, 24, 26, 28])).toBe(bothVoxels);
});

it('keeps a lung with pneumothorax, and one beside a thin chest wall', () => {
  expect(kept([body, [AIR, [10, 30, 8, 20]], [LUNG, lung]], lung)).toBe(voxels);
  expect(kept([body, [LUNG, [6, 18, 9, 19]]], [6, 18, 9, 19])).toBe(12 * 10 * 6);
});

// At 3 mm a wall of fewer than five voxels is as thin as the shell of a couch.
it.each([1, 2, 3, 4])('keeps lungs whose walls are %s voxels thick all around, whatever lies below them', (wall) => {
  const inner: Box = [5 + wall, 35 - wall, 3 + wall, 25 - wall];
  const size = ([x0, x1, y0, y1]: Box) => (x1 - x0) * (y1 - y0) * SIZE[2];
  const scenes = [4, 8, 12].flatMap((mediastinum) => {
    const middle: Box = [20 - mediastinum / 2, 20 + mediastinum / 2, 3, 25];
    const chest = [body, [LUNG, inner], [MUSCLE, middle]] as const;
    return [chest, [...chest, [MUSCLE, [3, 37, 26, 36]] as const]].map((boxes) => ({ boxes, middle }));
  });
  for (const { boxes, middle } of scenes) {
    const one: Box = [inner[0], middle[0], inner[2], inner[3]];
    const other: Box = [middle[1], inner[1], inner[2], inner[3]];
    expect(kept(boxes, one, other)).toBe(size(one) + size(other));
    // Collapsed to a tenth, with a pneumothorax around it.
    const collapsed: Box = [middle[1], middle[1] + 3, 10, 15];
    expect(kept(boxes, one, collapsed)).toBe(size(one) + size(collapsed));
  }
  expect(kept([body, [AIR, inner], [LUNG, lung]], lung)).toBe(voxels);
});

it('keeps a lung that the field of view cuts, at its edge and at padding', () => {
  const atEdge: Box = [0, 7, 9, 19];
  expect(
    kept(
      [
        [MUSCLE, [0, 35, 3, 25]],
        [LUNG, atEdge],
      ],
      atEdge,
    ),
  ).toBe(voxels);
  expect(kept([body, [LUNG, lung], [PADDING, [0, 11, 0, 40]]], lung)).toBe(voxels);
});

it('drops what lies open to the air where there is no body', () => {
  expect(kept([], lung)).toBe(0);
});

it('takes air that joins the sides for none of the lungs, and no air in the body, nor lung that is cut', () => {
  const atEdge: Box = [0, 7, 9, 19];
  const { grid, inside } = scene(
    [
      [MUSCLE, [0, 35, 3, 25]],
      [LUNG, atEdge],
      [AIR, [20, 28, 9, 19]],
    ],
    atEdge,
  );
  const open = openAir(grid, lookAround(grid, inside)!);
  const at = (i: number, j: number) => open[(2 * SIZE[1] + j) * SIZE[0] + i];
  expect([at(37, 14), at(20, 30), at(24, 14), at(2, 14)]).toEqual([1, 1, 0, 0]);
});
