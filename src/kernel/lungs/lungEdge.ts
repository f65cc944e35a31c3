/** The density at which lung ends and soft tissue begins: about half-way between both, so that it follows the lung nearby. */
import { type Resampled, respacedGrid } from '../ct/geometry/resample.ts';
import { spacingMm } from '../ct/geometry/volume.ts';

/** Side of the blocks whose lung is averaged: a few voxels of the network, and less than a patch of disease. */
const BLOCK_MM = 15;
/** Muscle and liver are at about 50 HU; drawn and real lungs are met best a little above the middle. */
const SOFT_TISSUE_HU = 100;
/** Where no lung is found nearby. */
const HEALTHY_LUNG_HU = -850;
/** Soft tissue stays soft tissue, however dense the lung beside it is. */
const MAX_EDGE_HU = -150;

/** Densities of the lung's edge in blocks of 15 mm; `coarse` is the grid of the lobes' probabilities. */
export function edgeDensity(lobes: readonly Float32Array[], coarse: Resampled): Resampled {
  const grid = respacedGrid(coarse, [BLOCK_MM, BLOCK_MM, BLOCK_MM]);
  const [nx, ny, nz] = coarse.size;
  const [mx, my, mz] = grid.size;
  const [sx, sy, sz] = spacingMm(coarse);
  const blockOf = (index: number, spacing: number, blocks: number) =>
    Math.min(blocks - 1, Math.floor(((index + 0.5) * spacing) / BLOCK_MM));
  const columns = Int32Array.from({ length: nx }, (_, i) => blockOf(i, sx, mx));
  const hu = new Float32Array(mx * my * mz);
  const lung = new Float32Array(hu.length);
  for (let k = 0, voxel = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) {
      const row = (blockOf(k, sz, mz) * my + blockOf(j, sy, my)) * mx;
      for (let i = 0; i < nx; i++, voxel++) {
        let probability = 0;
        for (let l = 0; l < lobes.length; l++) probability += lobes[l]![voxel]!;
        if (probability <= 0.5) continue;
        const block = row + columns[i]!;
        hu[block]! += probability * coarse.hu[voxel]!;
        lung[block]! += probability;
      }
    }
  for (let block = 0; block < hu.length; block++) {
    const mean = lung[block]! > 0 ? hu[block]! / lung[block]! : HEALTHY_LUNG_HU;
    hu[block] = Math.min(MAX_EDGE_HU, (mean + SOFT_TISSUE_HU) / 2);
  }
  return { ...grid, hu };
}
