/** What a registration is: where each place of one CT is in another, and how well that is known. */
import type { Affine, Grid } from '../ct/geometry/volume.ts';
import { inverseOf, productOf } from '../masks/fileGrid.ts';
import type { Field } from './field.ts';

/** Where each place of the fixed CT is in the moving one: of its grid, first by the displacement, then by the affine map. */
export interface Registration extends Grid {
  /** From places of the fixed CT to those of the moving one, in mm (LPS). */
  readonly toMoving: Affine;
  /** Displacements on the grid: those along i of all voxels in z, y, x order, then j, then k; 256 to a voxel. */
  readonly steps: Int16Array;
  readonly quality: RegistrationQuality;
}

export const STEPS_PER_VOXEL = 256;

export interface RegistrationQuality {
  /** 2 · |A ∩ B| / (|A| + |B|) of the lungs, before and after. */
  readonly diceBefore: number;
  readonly dice: number;
  /** Mean of moving − fixed where both are lung, in HU: more than breath or disease explains is a poor fit. */
  readonly meanHuDifference: number;
  /** Percent of the fixed lungs in which space is folded: the determinant of the deformation is 0 or less. */
  readonly foldedPercent: number;
  /** Correlation of the densities where both are lung. */
  readonly correlation: number;
  /** Volume of the moving lungs for one of the fixed, by the deformation: the mean determinant within the fixed lungs. */
  readonly expansion: number;
}

/** From indices of one grid to those of another. */
export function indexMap(from: Grid, to: Grid, between: Affine): number[] {
  return productOf(inverseOf(to.affine), productOf(between, from.affine));
}

const LARGEST = 32767;

export function packed(field: Field): Int16Array {
  const voxels = field[0].length;
  const steps = new Int16Array(3 * voxels);
  for (let a = 0; a < 3; a++)
    for (let v = 0; v < voxels; v++)
      steps[a * voxels + v] = Math.max(-LARGEST, Math.min(LARGEST, Math.round(field[a]![v]! * STEPS_PER_VOXEL)));
  return steps;
}

/** The displacements in voxels of the registration's grid. */
export function fieldOf({ size, steps }: Pick<Registration, 'size' | 'steps'>): Field {
  const voxels = size[0] * size[1] * size[2];
  const plane = (a: number) => {
    const values = new Float32Array(voxels);
    for (let v = 0; v < voxels; v++) values[v] = steps[a * voxels + v]! / STEPS_PER_VOXEL;
    return values;
  };
  return [plane(0), plane(1), plane(2)];
}
