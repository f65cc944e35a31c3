/** The slice of a CT beside another one that shows the same level of the body. */
import type { LevelPair } from './view.ts';

/** From 0, within the `count` slices of the CT beside; `isBack` asks for the slice of the first CT instead. */
export function sameLevel(
  [[firstA, besideA], [firstB, besideB]]: readonly [LevelPair, LevelPair],
  index: number,
  count: number,
  isBack = false,
): number {
  const [fromA, fromB, toA, toB] = isBack ? [besideA, besideB, firstA, firstB] : [firstA, firstB, besideA, besideB];
  const place = fromA === fromB ? toA : toA + ((index - fromA) / (fromB - fromA)) * (toB - toA);
  return Math.min(count - 1, Math.max(0, Math.round(place)));
}
