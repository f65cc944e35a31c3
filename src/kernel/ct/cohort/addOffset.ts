import { PADDING_HU } from '../geometry/volume.ts';

const MAX_HU = 32767;

/** Adds `offsetHu` in place, and gives the same array; padding stays, and nothing becomes less. */
export function addOffset(hu: Int16Array, offsetHu: number): Int16Array {
  if (offsetHu === 0) return hu;
  for (let p = 0; p < hu.length; p++)
    if (hu[p] !== PADDING_HU) hu[p] = Math.max(PADDING_HU, Math.min(MAX_HU, hu[p]! + offsetHu));
  return hu;
}
