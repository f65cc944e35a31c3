/** Where a patient ends: what of a CT is body, and what is couch, blanket, foam and the air between them. */
import type { GridSize } from '../../src/kernel/ct/geometry/volume.ts';
import { connectedComponents, forNeighbours } from '../../src/kernel/lungs/components.ts';

/** Denser than this is tissue, or couch. */
const TISSUE_HU = -250;
/** Layers that are taken off tissue and put back: at voxels of 3 mm the shell of a couch and a blanket are gone with them, a chest wall stays. */
const LAYERS = 2;

/**
 * 1 in the body, for a CT of voxels of about 3 mm in z, y, x order: the largest part of tissue that is left when thin
 * layers are taken off, with what it and the lungs of the reference (not 0) enclose in each axial slice.
 */
export function bodyOf(hu: Int16Array, size: GridSize, lungs: Uint8Array): Uint8Array {
  let tissue: Uint8Array = Uint8Array.from(hu, (value) => (value > TISSUE_HU ? 1 : 0));
  for (let layer = 0; layer < LAYERS; layer++) tissue = without(tissue, size);
  const { numbers, sizes } = connectedComponents(tissue, size);
  const largest = sizes.reduce((best, voxels, n) => (n > 0 && voxels > (sizes[best] ?? 0) ? n : best), 0);
  let body: Uint8Array = tissue.map((_, v) => (largest > 0 && numbers[v] === largest ? 1 : 0));
  for (let layer = 0; layer < LAYERS; layer++) body = grown(body, size);
  const closed = body.map((inside, v) => inside || (lungs[v] ? 1 : 0));
  return filled(closed, size);
}

/** Without the voxels that lie at something else; the ends of the CT take nothing off. */
function without(mask: Uint8Array, size: GridSize): Uint8Array {
  return mask.map((inside, v) => {
    if (!inside) return 0;
    let kept = 1;
    forNeighbours(v, size, (near) => {
      if (!mask[near]) kept = 0;
    });
    return kept;
  });
}

function grown(mask: Uint8Array, size: GridSize): Uint8Array {
  const more = mask.slice();
  for (let v = 0; v < mask.length; v++)
    if (mask[v])
      forNeighbours(v, size, (near) => {
        more[near] = 1;
      });
  return more;
}

/** With all that cannot be reached from the sides of its axial slice. */
function filled(mask: Uint8Array, [nx, ny, nz]: GridSize): Uint8Array {
  const full = new Uint8Array(mask.length);
  for (let k = 0; k < nz; k++) {
    const from = k * nx * ny;
    const open = mask.subarray(from, from + nx * ny).map((inside) => (inside ? 0 : 1));
    const { numbers } = connectedComponents(open, [nx, ny, 1]);
    const outside = new Set<number>();
    for (let p = 0; p < numbers.length; p++) {
      const [x, y] = [p % nx, Math.floor(p / nx)];
      if (numbers[p] && (x === 0 || y === 0 || x === nx - 1 || y === ny - 1)) outside.add(numbers[p]!);
    }
    for (let p = 0; p < numbers.length; p++) full[from + p] = outside.has(numbers[p]!) ? 0 : 1;
  }
  return full;
}
