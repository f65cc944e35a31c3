/** How well two CTs lie upon each other after registration, and when that is too little to count voxels by it. */
import type { Remark } from '../../protocol/remark.ts';
import { besideLimit } from '../../protocol/words/besideLimit.ts';
import { warning } from '../base/remarks.ts';
import { warpedValues } from './demons.ts';
import { determinantAt } from './field.ts';
import type { LungImage } from './lungImage.ts';
import { determinant3 } from './moved.ts';
import { fieldOf, indexMap, type Registration, type RegistrationQuality } from './registration.ts';

/** Manual contours of the same lungs by two people overlap by 0.95 and more; below this they are not the same places. */
export const LEAST_DICE = 0.9;
/** More folded space than this is no deformation that tissue can have. */
export const MOST_FOLDED_PERCENT = 1;

export function qualityOf(
  fixed: LungImage,
  moving: LungImage,
  registration: Pick<Registration, 'size' | 'affine' | 'toMoving' | 'steps'>,
): RegistrationQuality {
  const field = fieldOf(registration);
  const { size } = fixed;
  const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const still = field.map((plane) => new Float32Array(plane.length));
  const map = indexMap(fixed, moving, registration.toMoving);
  const unmoved = warpedLung(moving, [still[0]!, still[1]!, still[2]!], indexMap(fixed, moving, identity), size);
  const lung = warpedLung(moving, field, map, size);
  const hu = warpedValues(moving, field, map, size);
  const [nx, ny, nz] = size;
  const scale = Math.abs(determinant3(registration.toMoving));
  let [inFixed, folded, expansion, n] = [0, 0, 0, 0];
  let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) {
        if (fixed.lung[v]! <= 0.5) continue;
        const determinant = determinantAt(field, size, i, j, k);
        inFixed++;
        expansion += determinant * scale;
        if (determinant <= 0) folded++;
        if (lung[v]! <= 0.5) continue;
        const [a, b] = [fixed.values[v]!, hu[v]!];
        n++;
        sa += a;
        sb += b;
        saa += a * a;
        sbb += b * b;
        sab += a * b;
      }
  const spread = Math.sqrt((saa - (sa * sa) / n) * (sbb - (sb * sb) / n));
  return {
    diceBefore: diceOf(fixed.lung, unmoved),
    dice: diceOf(fixed.lung, lung),
    meanHuDifference: n ? (sb - sa) / n : 0,
    foldedPercent: inFixed ? (100 * folded) / inFixed : 0,
    correlation: n && spread > 0 ? (sab - (sa * sb) / n) / spread : 0,
    expansion: inFixed ? expansion / inFixed : 0,
  };
}

function warpedLung(
  moving: LungImage,
  field: Parameters<typeof warpedValues>[1],
  map: readonly number[],
  size: LungImage['size'],
) {
  return warpedValues({ values: moving.lung, size: moving.size }, field, map, size);
}

function diceOf(a: Float32Array, b: Float32Array): number {
  let [both, sum] = [0, 0];
  for (let v = 0; v < a.length; v++) {
    const [inA, inB] = [a[v]! > 0.5, b[v]! > 0.5];
    if (inA && inB) both++;
    sum += Number(inA) + Number(inB);
  }
  return sum ? (2 * both) / sum : 0;
}

/** What is to be said where voxels should not be counted by it; empty where it is good. */
export function doubtsOf({ dice, foldedPercent }: RegistrationQuality): Remark[] {
  const doubts: string[] = [];
  if (dice < LEAST_DICE)
    doubts.push(
      `the lungs overlap by a Dice of ${besideLimit(dice, LEAST_DICE, 2)} alone, where ${LEAST_DICE} is the least`,
    );
  if (foldedPercent > MOST_FOLDED_PERCENT)
    doubts.push(
      `${besideLimit(foldedPercent, MOST_FOLDED_PERCENT, 1)} % of the lungs are folded, where ${MOST_FOLDED_PERCENT} % is the most`,
    );
  if (doubts.length === 0) return [];
  return [
    warning(
      'registration-poor',
      `The two CTs do not lie upon each other well: ${doubts.join(', and ')}. Look at them side by side before you trust what was counted voxel by voxel: one may show a part of the lungs only, lie otherwise, or be of another patient.`,
    ),
  ];
}
