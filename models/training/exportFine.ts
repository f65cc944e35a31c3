/**
 * Writes the real lungs that lung-texture draws disease into: chests of native pixels and slices of about 3 mm, cropped
 * around the lungs, as bytes. What left this network's training for good (heldOut.json) is not written.
 * Use: node models/training/exportFine.ts DATA_FOLDER OUTPUT_FOLDER (DATA_FOLDER has chests/NAME.fine.nrrd and NAME.lungs.nrrd)
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { boxOf } from '../../samples/phantom/grid.ts';
import type { Grid, Volume } from '../../src/kernel/ct/geometry/volume.ts';
import { volumeWriter } from './exported.ts';
import { leftTraining, sourceName } from './heldOut.ts';
import { KNOWN } from './realChest.ts';
import { readCt, readLabels } from './volumes.ts';

/** Codes of the exported mask: a hilum is lung to a lung mask that closes over it, and no disease is drawn there. */
const MASK = { noLung: 0, lung: 1, hilum: 2 } as const;
/** A byte is (HU + 1024) / HU_STEP: a third of the noise of these lungs. fine_ct.py knows the same step. */
const HU_STEP = 12;
/** Beyond MARGIN pixels from the lungs densities are kept in steps of this many codes: a few bits of a chest wall. */
const COARSE_CODES = 8;
const MARGIN = 6;

const [data, output] = process.argv.slice(2);
if (!data || !output) throw new Error('use: exportFine.ts DATA_FOLDER OUTPUT_FOLDER');
const write = volumeWriter(output);
const files = readdirSync(join(data, 'chests')).filter((file) => file.endsWith('.fine.nrrd'));

for (const file of files.filter((name) => !leftTraining(name, 'textures')).sort()) {
  const name = sourceName(file);
  const ct = await readCt(join(data, 'chests', file));
  const known = await readLabels(join(data, 'chests', `${name}.lungs.nrrd`));
  const lungs = lungMask(ct, known);
  const pixelMm = boxOf(ct).spacing[0];
  write(
    { name: `fine-${name}`, source: name, kind: 'fine', size: ct.size, heldOut: false, pixelMm },
    { density: densityCodes(ct, lungs), lungs },
  );
}

/** The mask at 3 mm on the CT's own voxels: where the trilinear share of what it calls lung is over a half. */
function lungMask(ct: Volume, known: Grid & { readonly values: Int16Array }): Uint8Array {
  const [nx, ny, nz] = ct.size;
  const mask = new Uint8Array(nx * ny * nz);
  const axes = ([0, 1, 2] as const).map((axis) => places(ct, known, axis));
  const [mx, my] = known.size;
  for (let k = 0, voxel = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, voxel++) {
        let lung = 0;
        let hilum = 0;
        for (const [z, wz] of axes[2]![k]!)
          for (const [y, wy] of axes[1]![j]!)
            for (const [x, wx] of axes[0]![i]!) {
              const label = known.values[(z * my + y) * mx + x];
              if (label === KNOWN.right || label === KNOWN.left) lung += wx * wy * wz;
              else if (label === KNOWN.notKnown) hilum += wx * wy * wz;
            }
        mask[voxel] = lung > 0.5 ? MASK.lung : lung + hilum > 0.5 ? MASK.hilum : MASK.noLung;
      }
  return mask;
}

/** For each voxel of `to` along an axis, the two voxels of `from` beside it with their shares. */
function places(to: Grid, from: Grid, axis: 0 | 1 | 2): (readonly [number, number])[][] {
  const [target, source] = [boxOf(to), boxOf(from)];
  const last = from.size[axis] - 1;
  return Array.from({ length: to.size[axis] }, (_, index) => {
    const mm = target.origin[axis] + index * target.spacing[axis];
    const place = Math.min(last, Math.max(0, (mm - source.origin[axis]) / source.spacing[axis]));
    const low = Math.min(last - 1, Math.floor(place));
    return [
      [low, 1 - (place - low)],
      [low + 1, place - low],
    ];
  });
}

function densityCodes({ size, hu }: Volume, lungs: Uint8Array): Uint8Array {
  const near = grown(lungs, size[0], size[1], MARGIN);
  return Uint8Array.from(hu, (value, voxel) => {
    const code = Math.min(255, Math.max(0, Math.round((value + 1024) / HU_STEP)));
    return near[voxel] ? code : Math.min(255, Math.round(code / COARSE_CODES) * COARSE_CODES);
  });
}

/** 1 where the mask is set within `reach` voxels along a row and a column of the same slice. */
function grown(mask: Uint8Array, nx: number, ny: number, reach: number): Uint8Array {
  let from = Uint8Array.from(mask, (label) => (label ? 1 : 0));
  for (const [step, length] of [
    [1, nx],
    [nx, ny],
  ] as const) {
    const to = new Uint8Array(from.length);
    for (let voxel = 0; voxel < from.length; voxel++) {
      if (!from[voxel]) continue;
      const along = Math.floor(voxel / step) % length;
      for (let n = Math.max(-reach, -along); n <= Math.min(reach, length - 1 - along); n++) to[voxel + n * step] = 1;
    }
    from = to;
  }
  return from;
}
