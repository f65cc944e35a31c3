/** A LUNA16 lobe label map, whose values are in its authors' coding, as lobes on a coarser grid. */
import { boxOf, gridAround } from '../../samples/phantom/grid.ts';
import { CENTRAL_AIRWAY } from '../../samples/phantom/tissues.ts';
import type { Grid } from '../../src/kernel/ct/volume.ts';
import type { NrrdMap } from './nrrd.ts';

/** Lobe 1–5 in the order of LOBES, CENTRAL_AIRWAY, or 0, from the map's own values; airways inside a lobe belong to the lobe. */
export function lobeOfValue(value: number): number {
  if (value >= 4 && value <= 8) return value - 3;
  if (value === 512) return CENTRAL_AIRWAY;
  return value >= 516 && value <= 520 ? value - 515 : 0;
}

/** The map at `spacingMm` isotropic, by majority of the fine voxels, with `margin` mm below and above the map's lungs. */
export function coarsenLobeMap(
  map: NrrdMap,
  spacing: number,
  size: readonly [number, number],
  marginMm: readonly [number, number],
) {
  const from = boxOf(map);
  const [nx, ny, nz] = map.size;
  let [x0, x1, y0, y1, z0, z1] = [nx, 0, ny, 0, nz, 0];
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const lobe = lobeOfValue(map.values[(k * ny + j) * nx + i]!);
        if (lobe === 0 || lobe === CENTRAL_AIRWAY) continue;
        [x0, x1] = [Math.min(x0, i), Math.max(x1, i)];
        [y0, y1] = [Math.min(y0, j), Math.max(y1, j)];
        [z0, z1] = [Math.min(z0, k), Math.max(z1, k)];
      }
  const at = (axis: 0 | 1 | 2, index: number) => from.origin[axis] + index * from.spacing[axis];
  const bottom = at(2, z0) - marginMm[0];
  const slices = Math.ceil((at(2, z1) + marginMm[1] - bottom) / spacing);
  const centreZ = bottom + ((slices - 1) * spacing) / 2;
  const grid = gridAround(
    [(at(0, x0) + at(0, x1)) / 2, (at(1, y0) + at(1, y1)) / 2, centreZ],
    [...size, slices],
    [spacing, spacing, spacing],
  );
  return { grid, lobes: resampleLobes(map, grid) };
}

function resampleLobes(map: NrrdMap, grid: Grid): Uint8Array {
  const from = boxOf(map);
  const to = boxOf(grid);
  const [nx, ny, nz] = grid.size;
  const target = (axis: 0 | 1 | 2) =>
    Array.from({ length: map.size[axis] }, (_, index) => {
      const position = Math.round(
        (from.origin[axis] + index * from.spacing[axis] - to.origin[axis]) / to.spacing[axis],
      );
      return position >= 0 && position < grid.size[axis] ? position : -1;
    });
  const [xs, ys] = [target(0), target(1)];
  const lobes = new Uint8Array(nx * ny * nz);
  const votes = new Uint16Array(nx * ny * 7);
  for (let k = 0; k < nz; k++) {
    const z = to.origin[2] + k * to.spacing[2];
    const low = Math.ceil((z - to.spacing[2] / 2 - from.origin[2]) / from.spacing[2]);
    const high = Math.floor((z + to.spacing[2] / 2 - from.origin[2]) / from.spacing[2]);
    const nearest = Math.round((z - from.origin[2]) / from.spacing[2]);
    votes.fill(0);
    for (let s = Math.max(0, Math.min(low, nearest)); s <= Math.min(map.size[2] - 1, Math.max(high, nearest)); s++)
      for (let j = 0; j < map.size[1]; j++) {
        if (ys[j]! < 0) continue;
        for (let i = 0; i < map.size[0]; i++) {
          if (xs[i]! < 0) continue;
          const lobe = lobeOfValue(map.values[(s * map.size[1] + j) * map.size[0] + i]!);
          votes[(ys[j]! * nx + xs[i]!) * 7 + lobe]!++;
        }
      }
    for (let p = 0; p < nx * ny; p++) {
      let best = 0;
      for (let lobe = 1; lobe < 7; lobe++) if (votes[p * 7 + lobe]! > votes[p * 7 + best]!) best = lobe;
      lobes[k * nx * ny + p] = best;
    }
  }
  return lobes;
}
