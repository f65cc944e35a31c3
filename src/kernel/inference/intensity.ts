/** How Hounsfield units become the numbers that a network was trained on. */
import type { Intensity } from './manifest.ts';

/** The input value of a density in HU: its place in the window, or its distance from the mean in standard deviations. */
export function intensityScale(intensity: Intensity): (hu: number) => number {
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
