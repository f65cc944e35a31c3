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
    if (!number) continue;
    forNeighbours(voxel, size, (beside) => {
      if (numbers[beside] || hu[beside]! <= PADDING_HU) return;
      faces[number]!++;
      open[number]! += outside[beside]!;
    });
  }
  return new Set([...sizes.keys()].filter((number) => open[number]! > MAX_OPEN_SHARE * faces[number]!));
}

/** 1 where air outside all components is joined to a side of the slices, over padding too. */
function airAround(numbers: Int32Array, { size, hu }: Resampled): Uint8Array {
  const [nx, ny] = size;
  const air = new Uint8Array(numbers.length);
  for (let v = 0; v < air.length; v++) if (numbers[v] === 0 && hu[v]! < AIR_HU) air[v] = 1;
  const { numbers: bodies } = connectedComponents(air, size);
  const atSide = new Set<number>();
  for (let v = 0; v < bodies.length; v++) {
    const [x, y] = [v % nx, Math.floor(v / nx) % ny];
    if (bodies[v] && (x === 0 || y === 0 || x === nx - 1 || y === ny - 1)) atSide.add(bodies[v]!);
  }
  return air.map((_, v) => (atSide.has(bodies[v]!) ? 1 : 0));
}
