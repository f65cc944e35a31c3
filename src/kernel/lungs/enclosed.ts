/** Lungs are closed off from the air around the patient; what is drawn there by mistake lies open to it. */
import type { Resampled } from '../ct/geometry/resample.ts';
import { PADDING_HU } from '../ct/geometry/volume.ts';
import { type Components, connectedComponents, forNeighbours } from './components.ts';

/** Less dense than this is air. */
const AIR_HU = -900;

/** A component with more of its surface open to the air around the patient is no lung: of lungs on real CT it is 0.02 at most. */
const MAX_OPEN_SHARE = 0.1;

/**
 * The numbers of the components that are open to the air around the patient: air outside all of them that is joined to
 * the sides of the axial slices. Air in the trachea or in a pneumothorax is not; padding and the ends of the CT are no
 * surface of a component.
 */
export function openComponents({ numbers, sizes }: Components, coarse: Resampled): ReadonlySet<number> {
  const { size, hu } = coarse;
  const outside = airAround(numbers, coarse);
  /** Faces of voxels on each component's surface, and those of them that are open. */
  const faces = new Float64Array(sizes.length);
  const open = new Float64Array(sizes.length);
  for (let voxel = 0; voxel < numbers.length; voxel++) {
    const number = numbers[voxel]!;
    if (!number || isInside(numbers, voxel, size)) continue;
    forNeighbours(voxel, size, (beside) => {
      if (numbers[beside] || hu[beside]! <= PADDING_HU) return;
      faces[number]!++;
      open[number]! += outside[beside]!;
    });
  }
  return new Set([...sizes.keys()].filter((number) => open[number]! > MAX_OPEN_SHARE * faces[number]!));
}

/** Whether all voxels around one, seen along the array, belong to some component: most of a lung, and no surface. */
function isInside(numbers: Int32Array, voxel: number, [nx, ny]: Resampled['size']): boolean {
  const slice = nx * ny;
  return !!(
    numbers[voxel - 1] &&
    numbers[voxel + 1] &&
    numbers[voxel - nx] &&
    numbers[voxel + nx] &&
    numbers[voxel - slice] &&
    numbers[voxel + slice]
  );
}

/** 1 where air outside all components is joined to a side of the slices, over padding too. */
function airAround(numbers: Int32Array, { size, hu }: Resampled): Uint8Array {
  const [nx, ny, nz] = size;
  const air = new Uint8Array(numbers.length);
  for (let v = 0; v < air.length; v++) if (numbers[v] === 0 && hu[v]! < AIR_HU) air[v] = 1;
  const { numbers: bodies, sizes } = connectedComponents(air, size);
  const atSide = new Uint8Array(sizes.length);
  for (let k = 0; k < nz; k++) {
    const start = k * nx * ny;
    for (let x = 0; x < nx; x++) for (const y of [0, ny - 1]) atSide[bodies[start + y * nx + x]!] = 1;
    for (let y = 0; y < ny; y++) for (const x of [0, nx - 1]) atSide[bodies[start + y * nx + x]!] = 1;
  }
  // What is no air has the number 0.
  atSide[0] = 0;
  for (let v = 0; v < air.length; v++) air[v] = atSide[bodies[v]!]!;
  return air;
}
