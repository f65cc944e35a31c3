/**
 * Padding is no lung. Outside the round field of view a scanner reconstructs nothing, and loaders write −1024 HU there:
 * where the field of view cuts the lungs, that would count as emphysema. A bulla may hold the same value, but it is not
 * joined to the picture's edge.
 */
import { labelFinder } from '../ct/geometry/labelled.ts';
import { type LabelMap, PADDING_HU, type Volume } from '../ct/geometry/volume.ts';

/** The same map with 0 where padding, joined to the slice's edge in the axial plane, was labelled; changed in place. */
export function withoutPadding({ size: [nx, ny, nz], hu }: Volume, lobes: LabelMap): LabelMap {
  const perSlice = nx * ny;
  for (let k = 0; k < nz; k++) {
    const labels = lobes.labels.subarray(k * perSlice, (k + 1) * perSlice);
    const slice = hu.subarray(k * perSlice, (k + 1) * perSlice);
    if (!hasLabelledPadding(labels, slice)) continue;
    for (const p of joinedToEdge(slice, nx, ny)) labels[p] = 0;
  }
  return lobes;
}

function hasLabelledPadding(labels: Uint8Array, slice: Int16Array): boolean {
  const next = labelFinder(labels);
  for (let p = next(0, labels.length); p < labels.length; p = next(p, labels.length))
    for (; p < labels.length && labels[p]; p++) if (slice[p] === PADDING_HU) return true;
  return false;
}

/** Pixels of padding that are joined to the edge over sides. */
function joinedToEdge(slice: Int16Array, nx: number, ny: number): number[] {
  const seen = new Uint8Array(slice.length);
  const found: number[] = [];
  const visit = (x: number, y: number) => {
    if (x < 0 || y < 0 || x >= nx || y >= ny) return;
    const p = y * nx + x;
    if (seen[p] || slice[p] !== PADDING_HU) return;
    seen[p] = 1;
    found.push(p);
  };
  for (let x = 0; x < nx; x++) for (const y of [0, ny - 1]) visit(x, y);
  for (let y = 0; y < ny; y++) for (const x of [0, nx - 1]) visit(x, y);
  for (let n = 0; n < found.length; n++) {
    const [x, y] = [found[n]! % nx, Math.floor(found[n]! / nx)];
    visit(x - 1, y);
    visit(x + 1, y);
    visit(x, y - 1);
    visit(x, y + 1);
  }
  return found;
}
