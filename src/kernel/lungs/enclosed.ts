/** Lungs are closed off from the air around the patient; what is drawn there by mistake lies open to it. */
import type { Grid, GridSize } from '../ct/volume.ts';
import { connectedComponents } from './components.ts';

/** Less dense than this is air. */
const AIR_HU = -900;
/** What loaders write where a scanner reconstructed nothing; a field of view that cuts the lungs ends at it. */
const PADDING_HU = -1024;

/** A part with more of its surface open to the air around the patient is no lung: of lungs on real CT it is 0.02 at most. */
const MOST_OPEN = 0.1;

/**
 * The connected parts of `inside` that are closed off from the air around the patient: air outside all parts that is
 * joined to the sides of the axial slices. Air in the windpipe or in a pneumothorax is not; padding and the ends of the
 * CT are no surface of a part.
 */
export function enclosedParts(inside: Uint8Array, { size, hu }: Grid & { readonly hu: ArrayLike<number> }): Uint8Array {
  const { numbers, sizes } = connectedComponents(inside, size);
  const outside = airAround(numbers, size, hu);
  /** Faces of voxels on each part's surface, and those of them that are open. */
  const faces = new Float64Array(sizes.length);
  const open = new Float64Array(sizes.length);
  forNeighbours(inside, size, (voxel, beside) => {
    if (numbers[beside] || hu[beside]! <= PADDING_HU) return;
    const part = numbers[voxel]!;
    faces[part]!++;
    open[part]! += outside[beside]!;
  });
  return inside.map((_, v) => (inside[v] && open[numbers[v]!]! <= MOST_OPEN * faces[numbers[v]!]! ? 1 : 0));
}

/** 1 where air outside all parts is joined to a side of the slices, over padding too. */
function airAround(numbers: Int32Array, size: GridSize, hu: ArrayLike<number>): Uint8Array {
  const [nx, ny] = size;
  const air = Uint8Array.from(numbers, (part, v) => (part === 0 && hu[v]! < AIR_HU ? 1 : 0));
  const { numbers: bodies } = connectedComponents(air, size);
  const atSide = new Set<number>();
  for (let v = 0; v < bodies.length; v++) {
    const [x, y] = [v % nx, Math.floor(v / nx) % ny];
    if (bodies[v] && (x === 0 || y === 0 || x === nx - 1 || y === ny - 1)) atSide.add(bodies[v]!);
  }
  return air.map((_, v) => (atSide.has(bodies[v]!) ? 1 : 0));
}

/** Every voxel inside with each of its neighbours over a face. */
function forNeighbours(
  inside: Uint8Array,
  [nx, ny, nz]: GridSize,
  visit: (voxel: number, beside: number) => void,
): void {
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) {
        if (!inside[v]) continue;
        if (i > 0) visit(v, v - 1);
        if (i < nx - 1) visit(v, v + 1);
        if (j > 0) visit(v, v - nx);
        if (j < ny - 1) visit(v, v + nx);
        if (k > 0) visit(v, v - nx * ny);
        if (k < nz - 1) visit(v, v + nx * ny);
      }
}
