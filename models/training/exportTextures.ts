/**
 * Writes the training slabs of lung-texture: the anatomy of drawn chests with the texture of every lung voxel, in thin
 * slices, a few slabs a chest. No Hounsfield units: training paints every slab anew, on the device that it runs on
 * (parenchyma.py), so that one slab teaches many densities, cell sizes and line widths.
 * Use: node models/training/exportTextures.ts OUTPUT_FOLDER [--chests 96] [--slabs 2]
 */
import { parseArgs } from 'node:util';
import { chestGrid, clearCentralAirways, drawAnatomy, lungsOf } from '../../samples/phantom/anatomy.ts';
import { placeDisease } from '../../samples/phantom/disease.ts';
import { boxOf } from '../../samples/phantom/grid.ts';
import { drawPlan } from '../../samples/phantom/plans.ts';
import { createRandom } from '../../samples/phantom/random.ts';
import type { Anatomy } from '../../samples/phantom/tissues.ts';
import { volumeWriter } from './exported.ts';

const PIXEL_MM = 0.8;
const SLICE_MM = 1;
const COLUMNS = 416;
/** Slices of a slab: the reach of texture.py on both sides of a few middle ones. */
const SLAB = 28;
/** Pixels that are kept around the lungs: half of training's largest patch is never far from a lung voxel. */
const MARGIN = 24;
/** Every n-th chest is held out. */
const HELD_OUT_EVERY = 6;
/** Vessels are packed in this many steps: training cannot tell finer ones under a scanner's noise. */
const VESSEL_STEPS = 15;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { chests: { type: 'string', default: '96' }, slabs: { type: 'string', default: '2' } },
});
const [output] = positionals;
if (!output) throw new Error('use: exportTextures.ts OUTPUT_FOLDER [--chests 96] [--slabs 2]');
const write = volumeWriter(output);

for (let index = 0; index < Number(values.chests); index++) {
  const seed = `texture-${index}`;
  const random = createRandom(seed);
  const grid = chestGrid(lungsOf(seed), COLUMNS * PIXEL_MM, COLUMNS, SLICE_MM, 0);
  const disease = random.chance(0.2) ? {} : drawPlan(random, random.between(0.25, 1), 0.6);
  const anatomy = drawAnatomy({ seed }, grid);
  clearCentralAirways(anatomy);
  const textures = placeDisease(grid, anatomy.lobes, disease, random.fork('disease'));
  const window = lungWindow(anatomy);
  const vessels = anatomy.vesselShare.map((share) => Math.round((share / 255) * VESSEL_STEPS) * (255 / VESSEL_STEPS));
  const height = grid.size[2] / Number(values.slabs);
  for (let slab = 0; slab < Number(values.slabs); slab++) {
    const first = Math.round(slab * height + random.between(0, Math.max(0, height - SLAB)));
    const slices = Math.min(SLAB, grid.size[2] - first);
    const part = (voxels: Uint8Array) => cut(voxels, anatomy, window, first, slices);
    write(
      {
        name: `${index}-${slab}`,
        kind: 'slab',
        size: [window.columns, window.rows, slices],
        heldOut: index % HELD_OUT_EVERY === 5,
        top: boxOf(grid).origin[1] + window.top * PIXEL_MM,
      },
      { tissues: part(anatomy.tissues), lobes: part(anatomy.lobes), vessels: part(vessels), textures: part(textures) },
    );
  }
}

interface Window {
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
}

/** The columns and rows that hold the lungs. */
function lungWindow({ size, lobes }: Anatomy): Window {
  const [nx, ny] = size;
  let [left, right, top, bottom] = [nx, 0, ny, 0];
  for (let voxel = 0; voxel < lobes.length; voxel++) {
    if (!lobes[voxel]) continue;
    const x = voxel % nx;
    const y = Math.floor(voxel / nx) % ny;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  left = Math.max(0, left - MARGIN);
  top = Math.max(0, top - MARGIN);
  return {
    left,
    top,
    columns: Math.min(nx, right + MARGIN + 1) - left,
    rows: Math.min(ny, bottom + MARGIN + 1) - top,
  };
}

function cut(voxels: Uint8Array, { size }: Anatomy, window: Window, first: number, slices: number): Uint8Array {
  const [nx, ny] = size;
  const { left, top, columns, rows } = window;
  const part = new Uint8Array(columns * rows * slices);
  for (let k = 0, to = 0; k < slices; k++)
    for (let j = 0; j < rows; j++, to += columns) {
      const from = ((first + k) * ny + top + j) * nx + left;
      part.set(voxels.subarray(from, from + columns), to);
    }
  return part;
}
