/** The scanner's couch under the patient: a shell around foam or air, flat or curved, and a mattress on it. */
import type { Random } from './random.ts';
import { TISSUE } from './tissues.ts';

/** Tissue of the couch at a point in mm, x from the couch's middle; undefined beside it. */
export type Couch = (x: number, y: number) => number | undefined;

/** A carbon-fibre shell is 1–3 mm thick; a voxel of 3 mm must not lose it. */
const SHELL_MM = [2.4, 4.5] as const;

/** A couch whose highest part lies `backY` or a little below it. */
export function drawCouch(random: Random, backY: number): Couch {
  const hasCouch = random.chance(0.88);
  const curved = random.chance(0.6);
  // y of a point of the couch is higher towards its sides by this times x².
  const curve = curved ? random.between(0.0006, 0.0019) : 0;
  const halfWidth = random.between(185, curved ? 225 : 265);
  const shellMm = random.between(...SHELL_MM);
  const coreMm = curved ? random.between(8, 45) : random.between(15, 60);
  const core = random.chance(0.75) ? TISSUE.foam : TISSUE.outside;
  const mattressMm = random.chance(0.6) ? random.between(6, 32) : 0;
  const airGapMm = random.chance(0.5) ? random.between(0, 3) : random.between(3, 26);
  // The frame that carries the couch lies below it, or is not in the field of view.
  const frameMm = random.chance(0.35) ? random.between(40, 110) : Infinity;
  const frameCurve = random.between(0.5, 1.6);
  return (x, y) => {
    if (!hasCouch || Math.abs(x) > halfWidth) return undefined;
    const depth = y - backY - airGapMm + curve * x * x;
    if (depth < 0) return undefined;
    if (depth < mattressMm) return Math.abs(x) < halfWidth - 12 ? TISSUE.mattress : undefined;
    const inCouch = depth - mattressMm;
    const thickness = coreMm + 2 * shellMm;
    if (inCouch < thickness)
      return inCouch < shellMm || inCouch > thickness - shellMm || Math.abs(x) > halfWidth - shellMm
        ? TISSUE.table
        : core;
    const inFrame = inCouch - thickness - frameMm + curve * frameCurve * x * x;
    return inFrame > 0 && inFrame < shellMm ? TISSUE.table : undefined;
  };
}
