import { expect, it } from 'vitest';
import type { ModelInput } from '../../../src/kernel/inference/manifest.ts';
import { type TileBox, tilesOfSlabs } from '../../../src/kernel/inference/slabTiles.ts';
import type { Tile } from '../../../src/kernel/inference/tiles.ts';

const SIZE = [200, 120, 7] as const;
// SAFETY: what tiles need of a manifest's input.
const flat = { dimensions: 2, patch: [512, 512], multipleOf: 16, overlap: 0.25, tileWeights: 'linear' } as ModelInput;
const solid = { ...flat, dimensions: 3, patch: [512, 512, 512] } as ModelInput;

function inside(...boxes: (readonly [k: number, y0: number, y1: number, x0: number, x1: number])[]): Uint8Array {
  const voxels = new Uint8Array(SIZE[0] * SIZE[1] * SIZE[2]);
  for (const [k, y0, y1, x0, x1] of boxes)
    for (let j = y0; j < y1; j++) voxels.fill(1, (k * SIZE[1] + j) * SIZE[0] + x0, (k * SIZE[1] + j) * SIZE[0] + x1);
  return voxels;
}

const span = ({ start, length }: Tile) => [start, start + length];
const spans = (slabs: readonly TileBox[][]) => slabs.map((tiles) => tiles.map(({ y, x }) => [span(y), span(x)]));

it('runs a 2D network on what lies around the wanted voxels of a slice', () => {
  const wanted = inside([0, 50, 60, 40, 60], [3, 40, 70, 30, 150]);
  expect(spans(tilesOfSlabs(flat, SIZE, wanted))).toEqual([
    [
      [
        [34, 82],
        [24, 88],
      ],
    ],
    [],
    [],
    [
      [
        [24, 88],
        [14, 174],
      ],
    ],
    [],
    [],
    [],
  ]);
});

it('counts what is wanted of two slices above and below, between which probabilities are blended', () => {
  const around = (k: number) =>
    spans(tilesOfSlabs(flat, SIZE, inside([3, 50, 60, 40, 60], [k, 50, 60, 140, 160])))[3]![0]![1];
  expect([0, 1, 2, 4, 5, 6].map(around)).toEqual([
    [24, 88],
    [24, 184],
    [24, 184],
    [24, 184],
    [24, 184],
    [24, 88],
  ]);
});

it('fills what is padded to a multiple with voxels of the slice, not with padding', () => {
  const [tiles] = spans(tilesOfSlabs(flat, SIZE, inside([0, 100, 120, 190, 200])));
  expect(tiles).toEqual([
    [
      [72, 120],
      [168, 200],
    ],
  ]);
});

it('gives a network the whole slice where it takes one size alone, where all of it is wanted, and in 3D', () => {
  const { multipleOf: _, ...fixed } = flat;
  const wanted = inside([1, 50, 60, 40, 60]);
  const whole = [
    [
      [0, 128],
      [0, 208],
    ],
  ];
  const padded = [
    [
      [0, 512],
      [0, 512],
    ],
  ];
  expect(spans(tilesOfSlabs(fixed as ModelInput, SIZE, wanted))).toEqual([[], padded, [], [], [], [], []]);
  expect(spans(tilesOfSlabs(flat, SIZE, undefined))).toEqual(Array(SIZE[2]).fill(whole));
  expect(spans(tilesOfSlabs(solid, SIZE, wanted))).toEqual([whole]);
});
