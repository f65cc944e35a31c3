/** The chest of a patient of the sample cohort. */
import { chestGrid, lungsOf } from './anatomy.ts';
import { drawChest } from './chest.ts';
import { COLUMNS, FIELD_OF_VIEW_MM, type SamplePatient, THIN_SLICES } from './patients.ts';

export function drawPatient({ seed, disease, scanner, sliceSpacingMm }: SamplePatient) {
  const grid = chestGrid(lungsOf(seed), FIELD_OF_VIEW_MM, COLUMNS, sliceSpacingMm);
  return drawChest({ seed, grid, disease, scanner, thinSlices: THIN_SLICES });
}
