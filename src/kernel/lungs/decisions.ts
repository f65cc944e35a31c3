/** Gives lung voxels their texture by thresholds of the user's instead of by the highest probability alone. */
import { TEXTURE_CLASSES, type TextureClass } from '../../protocol/names.ts';
import { ownValue } from '../base/plainKeys.ts';
import { voxelMl } from '../ct/geometry/volume.ts';
import type { LungVoxels } from './lungVoxels.ts';
import { smallComponents } from './smallComponents.ts';

export interface Decisions {
  /** Probability, above 0 and up to 1, from which a class is taken before all classes without a threshold. */
  readonly thresholds: Readonly<Partial<Record<TextureClass, number>>>;
  /** Emphysema is what is less dense than this, and the network's opinion of it does not count. */
  readonly emphysemaBelowHu?: number;
  /** Connected voxels of an abnormal class with less volume than this go to the next best class. */
  readonly minimumMl?: number;
  /** Voxels in which both probabilities reach `at`: measured beside the six classes, not instead of them. */
  readonly overlaps: readonly {
    readonly classes: readonly [TextureClass, TextureClass];
    readonly at: number;
  }[];
}

/** Every voxel has the class of the highest probability. */
export const NO_DECISIONS: Decisions = { thresholds: {}, overlaps: [] };

const NORMAL = TEXTURE_CLASSES.indexOf('normal');
const EMPHYSEMA = TEXTURE_CLASSES.indexOf('emphysema');
const FULL = 65535;
const BLOCK = 1 << 14;

export function overlapName([a, b]: readonly [TextureClass, TextureClass]): string {
  return `${a}-and-${b}`;
}

/**
 * The class of each voxel, from 1 on in the order of `voxels.classes`, 0 where none of them is most probable. Emphysema by density comes first; then, of the classes
 * that reach their thresholds, the one that does so by the largest factor; then the most probable of those without a
 * threshold, or where all have one, of all.
 */
export function decideVoxels(voxels: LungVoxels, decisions: Decisions): Uint8Array {
  const { thresholds, emphysemaBelowHu, minimumMl } = decisions;
  const { best, probabilities, hu, classes } = voxels;
  const count = best.length;
  /** Classes, from 1 on, that the highest probability alone does not decide on. */
  const isDecided = new Uint8Array(classes.length + 1);
  if (emphysemaBelowHu !== undefined) isDecided[EMPHYSEMA + 1] = 1;
  const limits: { readonly own: Uint16Array; readonly threshold: number }[] = [];
  for (const [c, name] of TEXTURE_CLASSES.entries()) {
    const threshold = (thresholds[name] ?? 0) * FULL;
    if (!threshold) continue;
    isDecided[c + 1] = 1;
    limits.push({ own: probabilities.subarray(c * count, (c + 1) * count), threshold });
  }
  const labels = best.slice();
  const decide = decider(voxels, decisions);
  /** Block by block, so that the processor still has what it marked when it decides. */
  const open = new Uint8Array(BLOCK);
  for (let from = 0; from < count; from += BLOCK) {
    const end = Math.min(count, from + BLOCK);
    for (let n = from; n < end; n++) open[n - from] = isDecided[best[n]!]!;
    for (const { own, threshold } of limits)
      for (let n = from; n < end; n++) if (own[n]! >= threshold) open[n - from] = 1;
    if (emphysemaBelowHu !== undefined)
      for (let n = from; n < end; n++) if (hu[n]! < emphysemaBelowHu) open[n - from] = 1;
    for (let n = from; n < end; n++) if (open[n - from]) labels[n] = decide(n, -1) + 1;
  }
  if (minimumMl) {
    // An island of just the smallest volume stays, whatever the division's last digit says.
    const fewest = Math.ceil(minimumMl / voxelMl(voxels) - 1e-6);
    const small = smallComponents(voxels, labels, fewest, NORMAL + 1);
    for (const n of small) labels[n] = decide(n, labels[n]! - 1) + 1;
  }
  return labels;
}

/** Decides one voxel, without the class `except` (−1 for none). */
function decider(
  { probabilities, hu, best, classes }: LungVoxels,
  { thresholds, emphysemaBelowHu }: Decisions,
): (voxel: number, except: number) => number {
  const byDensity = emphysemaBelowHu !== undefined;
  if (byDensity && hu.length === 0) throw new Error('a decision by density needs the CT');
  const thresholdOf = Float64Array.from(classes, (name) => (ownValue(thresholds, name) ?? 0) * FULL);
  const withThreshold = Int32Array.from(classes.flatMap((_, c) => (thresholdOf[c] ? [c] : [])));
  const isLeft = (c: number) => !byDensity || c !== EMPHYSEMA;
  const allHaveOne = classes.every((_, c) => thresholdOf[c] || !isLeft(c));
  /** Classes that the highest probability decides on. */
  const isRest = Uint8Array.from(classes, (_, c) => (isLeft(c) && (allHaveOne || !thresholdOf[c]) ? 1 : 0));
  const limit = emphysemaBelowHu ?? 0;
  const count = best.length;
  return (voxel, except) => {
    if (byDensity && hu[voxel]! < limit && except !== EMPHYSEMA) return EMPHYSEMA;
    let found = -1;
    let most = 0;
    for (let n = 0; n < withThreshold.length; n++) {
      const c = withThreshold[n]!;
      const p = probabilities[c * count + voxel]!;
      if (p < thresholdOf[c]! || c === except || p / thresholdOf[c]! <= most) continue;
      most = p / thresholdOf[c]!;
      found = c;
    }
    if (found >= 0) return found;
    most = -1;
    /** What "none of them" has. */
    let none = FULL;
    for (let c = 0; c < classes.length; c++) {
      const p = probabilities[c * count + voxel]!;
      none -= p;
      if (p <= most || !isRest[c] || c === except) continue;
      most = p;
      found = c;
    }
    return most >= none ? found : -1;
  };
}

/** Whether each voxel is in an overlap. */
export function inOverlap(
  { probabilities, lobes }: LungVoxels,
  { classes: [a, b], at }: Decisions['overlaps'][number],
): Uint8Array {
  const [first, second] = [TEXTURE_CLASSES.indexOf(a), TEXTURE_CLASSES.indexOf(b)];
  const threshold = at * FULL;
  const count = lobes.length;
  return Uint8Array.from(lobes, (_, n) =>
    probabilities[first * count + n]! >= threshold && probabilities[second * count + n]! >= threshold ? 1 : 0,
  );
}
