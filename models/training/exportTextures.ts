/**
 * Writes the training chests of lung-texture: Hounsfield units before the scanner (Int16) and texture labels, in thin
 * slices that training averages into thicker ones. Each block of slices shows the same chest with parenchyma of its
 * own, so that one chest teaches many densities, cell sizes and line widths.
 * Use: node models/training/exportTextures.ts OUTPUT_FOLDER [FIRST LAST]
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chestGrid, clearCentralAirways, drawAnatomy, lungsOf } from '../../samples/phantom/anatomy.ts';
import { placeDisease } from '../../samples/phantom/disease.ts';
import { boxOf } from '../../samples/phantom/grid.ts';
import { paintHu } from '../../samples/phantom/paint.ts';
import { drawPlan } from '../../samples/phantom/plans.ts';
import { createRandom, type Random } from '../../samples/phantom/random.ts';
import type { Anatomy } from '../../samples/phantom/tissues.ts';
import { axisAlignedAffine } from '../../src/kernel/ct/geometry/volume.ts';

const PIXEL_MM = 0.8;
const SLICE_MM = 1;
const COLUMNS = 416;
/** Slices of one parenchyma. */
const BLOCK = 28;
/** Pixels that are kept around the lungs: half of training's largest patch is never far from a lung voxel. */
const MARGIN = 24;
/** Every n-th chest is held out. */
const HELD_OUT_EVERY = 6;

const [output, first = '0', last = '64'] = process.argv.slice(2);
if (!output) throw new Error('use: exportTextures.ts OUTPUT_FOLDER [FIRST LAST]');
mkdirSync(output, { recursive: true });

for (let index = Number(first); index < Number(last); index++) {
  const seed = `texture-${index}`;
  const random = createRandom(seed);
  const grid = chestGrid(lungsOf(seed), COLUMNS * PIXEL_MM, COLUMNS, SLICE_MM, 0);
  const disease = random.chance(0.2) ? {} : drawPlan(random, random.between(0.25, 1), 0.6);
  const anatomy = drawAnatomy({ seed }, grid);
  clearCentralAirways(anatomy);
  const textures = placeDisease(grid, anatomy.lobes, disease, random.fork('disease'));
  const window = lungWindow(anatomy);
  const size = [window.columns, window.rows, grid.size[2]];
  writeFileSync(join(output, `${index}.hu`), cut(paintBlocks(anatomy, textures, random), anatomy, window));
  writeFileSync(join(output, `${index}.labels`), cut(textures, anatomy, window));
  const entry = { name: String(index), size, block: BLOCK, heldOut: index % HELD_OUT_EVERY === 5 };
  appendFileSync(join(output, 'volumes.jsonl'), `${JSON.stringify(entry)}\n`);
  console.log(index, size.join('×'), JSON.stringify(disease));
}

function paintBlocks(anatomy: Anatomy, textures: Uint8Array, random: Random): Int16Array {
  const { spacing, origin } = boxOf(anatomy);
  const [nx, ny, nz] = anatomy.size;
  const hu = new Int16Array(textures.length);
  for (let from = 0; from < nz; from += BLOCK) {
    const slices = Math.min(BLOCK, nz - from);
    const part = <T extends Uint8Array>(voxels: T) => voxels.subarray(from * nx * ny, (from + slices) * nx * ny);
    const block: Anatomy = {
      size: [nx, ny, slices],
      affine: axisAlignedAffine(spacing, [origin[0], origin[1], origin[2] + from * spacing[2]]),
      tissues: part(anatomy.tissues),
      lobes: part(anatomy.lobes),
      vesselShare: part(anatomy.vesselShare),
    };
    hu.set(paintHu(block, part(textures), random.fork(`paint-${from}`)), from * nx * ny);
  }
  return hu;
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

function cut<T extends Int16Array | Uint8Array>(voxels: T, { size }: Anatomy, window: Window): T {
  const [nx, ny, nz] = size;
  const { left, top, columns, rows } = window;
  const part = new (voxels.constructor as new (length: number) => T)(columns * rows * nz);
  for (let k = 0, to = 0; k < nz; k++)
    for (let j = 0; j < rows; j++, to += columns) {
      const from = (k * ny + top + j) * nx + left;
      part.set(voxels.subarray(from, from + columns), to);
    }
  return part;
}
