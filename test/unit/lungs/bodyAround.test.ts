/** Checks that parts are told from lungs by the body around them: beside it, in a couch, cut by the field of view, beside a pneumothorax. */
import { expect, it } from 'vitest';
import { axisAlignedAffine } from '../../../src/kernel/ct/geometry/volume.ts';
import { lookAround, openAir, outsideBody } from '../../../src/kernel/lungs/bodyAround.ts';
import { connectedComponents } from '../../../src/kernel/lungs/components.ts';

const SIZE = [40, 40, 6] as const;
const [AIR, FOAM, MUSCLE, LUNG, PADDING] = [-1000, -890, 40, -850, -1024];

type Box = readonly [fromX: number, toX: number, fromY: number, toY: number];

/** Air with boxes of other densities in all slices, and a box that is taken for lung. */
function scene(boxes: readonly (readonly [hu: number, box: Box])[], lung: Box) {
  const hu = new Float32Array(SIZE[0] * SIZE[1] * SIZE[2]).fill(AIR);
  const inside = new Uint8Array(hu.length);
  const fill = ([fromX, toX, fromY, toY]: Box, set: (v: number) => void) => {
    for (let k = 0; k < SIZE[2]; k++)
      for (let j = fromY; j < toY; j++) for (let i = fromX; i < toX; i++) set((k * SIZE[1] + j) * SIZE[0] + i);
  };
  for (const [density, box] of boxes) fill(box, (v) => (hu[v] = density));
  fill(lung, (v) => (inside[v] = 1));
  return { grid: { size: SIZE, affine: axisAlignedAffine([3, 3, 3], [0, 0, 0]), hu }, inside };
}

/** Voxels of the lung that are not said to lie outside the body. */
function kept(...of: Parameters<typeof scene>): number {
  const { grid, inside } = scene(...of);
  const components = connectedComponents(inside, SIZE);
  const seen = lookAround(grid, inside);
  const outside = seen ? outsideBody(components, seen) : new Set();
  return components.sizes.reduce((sum, voxels, number) => sum + (outside.has(number) ? 0 : voxels), 0);
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

it('drops foam in a couch, closed on all sides and against the back', () => {
  const shell = [MUSCLE, [3, 37, 26, 36]] as const;
  expect(kept([body, shell, [FOAM, [4, 36, 27, 35]]], [8, 30, 28, 34])).toBe(0);
});

it('drops air under a blanket', () => {
  expect(kept([[MUSCLE, [2, 38, 1, 30]], [AIR, [3, 37, 2, 29]], body], [14, 24, 26, 28])).toBe(0);
});

it('keeps a lung with pneumothorax, and one beside a thin chest wall', () => {
  expect(kept([body, [AIR, [10, 30, 8, 20]], [LUNG, lung]], lung)).toBe(voxels);
  expect(kept([body, [LUNG, [6, 18, 9, 19]]], [6, 18, 9, 19])).toBe(12 * 10 * 6);
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

it('says nothing where there is no body', () => {
  expect(kept([], lung)).toBe(voxels);
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
