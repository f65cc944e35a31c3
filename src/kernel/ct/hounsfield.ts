/** Whether a volume's numbers can be Hounsfield units of a chest: air is there, near −1000, and not everything is alike. */
import { UserError } from '../base/userError.ts';
import { type Problem, warning } from './cohort.ts';
import type { Volume } from './volume.ts';

/** Every so many voxels are looked at. */
const STRIDE = 97;
/** Lung and air around the body lie below. */
const AIR_BELOW_HU = -500;
/** Air itself, with noise. */
const NEAR_AIR_HU = [-1100, -880] as const;
const LEAST_AIR_SHARE = 0.01;
const LEAST_RANGE_HU = 200;
const PADDING_HU = -1024;

/** Throws a UserError, naming `label`, where no lung could be found in such numbers; else what looks wrong with them. */
export function hounsfieldChecks({ hu }: Volume, label: string): Problem[] {
  let [least, most, air, nearAir, counted] = [Infinity, -Infinity, 0, 0, 0];
  for (let p = 0; p < hu.length; p += STRIDE) {
    const value = hu[p]!;
    if (value < least) least = value;
    if (value > most) most = value;
    counted++;
    if (value < AIR_BELOW_HU) air++;
    if (value >= NEAR_AIR_HU[0] && value <= NEAR_AIR_HU[1]) nearAir++;
  }
  if (most - least < LEAST_RANGE_HU || air === 0)
    throw new UserError(
      'not-hounsfield',
      `The values of ${label} run from ${least} to ${most}${air === 0 ? ', and none is that of air' : ''}: they are no Hounsfield units of a chest. The rescale slope and intercept may have been lost; export the series again from its archive.`,
    );
  if (nearAir / counted >= LEAST_AIR_SHARE) return [];
  return [
    warning(
      'hu-implausible',
      `Hardly any voxel is near ${PADDING_HU + 24} HU, where air belongs (values run from ${least} to ${most}). If the scale is shifted, every measurement is wrong: look at the air around the body, and export the series again if it is not black.`,
    ),
  ];
}
