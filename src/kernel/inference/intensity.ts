/** How Hounsfield units become the numbers that a network was trained on. */
import type { Intensity } from './manifest.ts';

/** Of a deviation of 0, as nnU-Net has it. */
const LEAST_DEVIATION = 1e-8;

/**
 * The input value of a density in HU: its place in the window, or its distance from the mean in standard deviations,
 * which are those of `ct` where the manifest asks for the CT's own.
 */
export function intensityScale(intensity: Intensity, ct: ArrayLike<number>): (hu: number) => number {
  if (intensity.scale === 'none') return (hu) => hu;
  if (intensity.scale === 'own-z-score') {
    const { mean, deviation } = spreadOf(ct);
    return (hu) => (hu - mean) / Math.max(deviation, LEAST_DEVIATION);
  }
  const [low, high] = intensity.clipHu;
  const clip = (hu: number) => Math.min(high, Math.max(low, hu));
  if (intensity.scale === 'z-score') {
    const { meanHu, sdHu } = intensity;
    return (hu) => (clip(hu) - meanHu) / sdHu;
  }
  const [first, last] = intensity.to;
  const perHu = (last - first) / (high - low);
  return (hu) => (clip(hu) - low) * perHu + first;
}

function spreadOf(ct: ArrayLike<number>): { readonly mean: number; readonly deviation: number } {
  let sum = 0;
  for (let v = 0; v < ct.length; v++) sum += ct[v]!;
  const mean = sum / ct.length;
  let squares = 0;
  for (let v = 0; v < ct.length; v++) squares += (ct[v]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / ct.length) };
}
