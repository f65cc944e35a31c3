/** Checks that parts are told from lungs by the air around the patient: open, enclosed, cut by the field of view, beside a pneumothorax. */
import { expect, it } from 'vitest';
import { axisAlignedAffine } from '../../../src/kernel/ct/geometry/volume.ts';
import { connectedComponents } from '../../../src/kernel/lungs/components.ts';
import { openComponents } from '../../../src/kernel/lungs/enclosed.ts';

const SIZE = [30, 20, 6] as const;
const [AIR, MUSCLE, LUNG, PADDING] = [-1000, 40, -850, -1024];

type Box = readonly [fromX: number, toX: number, fromY: number, toY: number];

/** Air with boxes of other densities in all slices, and a box that is taken for lung. */
function kept(boxes: readonly (readonly [hu: number, box: Box])[], lung: Box): number {
  const hu = new Float32Array(30 * 20 * 6).fill(AIR);
  const inside = new Uint8Array(hu.length);
  const fill = ([fromX, toX, fromY, toY]: Box, set: (v: number) => void) => {
    for (let k = 0; k < 6; k++)
      for (let j = fromY; j < toY; j++) for (let i = fromX; i < toX; i++) set((k * 20 + j) * 30 + i);
  };
  for (const [density, box] of boxes) fill(box, (v) => (hu[v] = density));
  fill(lung, (v) => (inside[v] = 1));
  const grid = { size: SIZE, affine: axisAlignedAffine([3, 3, 3], [0, 0, 0]), hu };
  const components = connectedComponents(inside, SIZE);
  const open = openComponents(components, grid);
  return components.sizes.reduce((sum, voxels, number) => sum + (open.has(number) ? 0 : voxels), 0);
}

const body = [MUSCLE, [5, 25, 3, 17]] as const;
const lung: Box = [8, 15, 6, 14];
const voxels = 7 * 8 * 6;

it('keeps a lung within a body', () => {
  expect(kept([body, [LUNG, lung]], lung)).toBe(voxels);
});

it('drops air beside the body that is taken for lung', () => {
  expect(kept([body], [25, 29, 6, 14])).toBe(0);
});

it('keeps a lung with pneumothorax: its air is not joined to that around the patient', () => {
  expect(kept([body, [AIR, [7, 22, 5, 15]], [LUNG, lung]], lung)).toBe(voxels);
});

it('keeps a lung that the field of view cuts, at its edge and at padding', () => {
  expect(
    kept(
      [
        [MUSCLE, [0, 25, 3, 17]],
        [LUNG, [0, 7, 6, 14]],
      ],
      [0, 7, 6, 14],
    ),
  ).toBe(voxels);
  expect(kept([body, [LUNG, lung], [PADDING, [0, 8, 0, 20]]], lung)).toBe(voxels);
});
