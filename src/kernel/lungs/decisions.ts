/** Gives lung voxels their texture by thresholds of the user's instead of by the highest probability alone. */
import { TEXTURE_CLASSES, type TextureClass } from '../../protocol/names.ts';
import { voxelMl } from '../ct/volume.ts';
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

const CLASSES = TEXTURE_CLASSES.length;
const NORMAL = TEXTURE_CLASSES.indexOf('normal');
const EMPHYSEMA = TEXTURE_CLASSES.indexOf('emphysema');
const FULL = 65535;

export function overlapName([a, b]: readonly [TextureClass, TextureClass]): string {
  return `${a}-and-${b}`;
}

/**
 * The class of each voxel, 1–6 in the order of TEXTURE_CLASSES, 0 where none of the six is most probable. Emphysema by density comes first; then, of the classes
 * that reach their thresholds, the one that does so by the largest factor; then the most probable of those without a
 * threshold, or where all have one, of all.
 */
export function decideVoxels(voxels: LungVoxels, decisions: Decisions): Uint8Array {
  const { thresholds, emphysemaBelowHu, minimumMl } = decisions;
  const { best, probabilities, hu } = voxels;
  const count = best.length;
  /** Classes, 1–6, that the highest probability alone does not decide on. */
  const isDecided = new Uint8Array(CLASSES + 1);
  if (emphysemaBelowHu !== undefined) isDecided[EMPHYSEMA + 1] = 1;
  const open = new Uint8Array(count);
  for (const [c, name] of TEXTURE_CLASSES.entries()) {
    const threshold = (thresholds[name] ?? 0) * FULL;
    if (!threshold) continue;
    isDecided[c + 1] = 1;
    const own = probabilities.subarray(c * count, (c + 1) * count);
    for (let n = 0; n < count; n++) if (own[n]! >= threshold) open[n] = 1;
  }
  if (emphysemaBelowHu !== undefined) for (let n = 0; n < hu.length; n++) if (hu[n]! < emphysemaBelowHu) open[n] = 1;
  const labels = best.slice();
  const decide = decider(voxels, decisions);
  for (let n = 0; n < count; n++) if (open[n] || isDecided[best[n]!]) labels[n] = decide(n, -1) + 1;
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
  { probabilities, hu, best }: LungVoxels,
  { thresholds, emphysemaBelowHu }: Decisions,
): (voxel: number, except: number) => number {
  const byDensity = emphysemaBelowHu !== undefined;
  if (byDensity && hu.length === 0) throw new Error('a decision by density needs the CT');
  const thresholdOf = Float64Array.from(TEXTURE_CLASSES, (name) => (thresholds[name] ?? 0) * FULL);
  const withThreshold = Int32Array.from(TEXTURE_CLASSES.flatMap((_, c) => (thresholdOf[c] ? [c] : [])));
  const withoutThreshold = TEXTURE_CLASSES.map((_, c) => c).filter(
    (c) => !thresholdOf[c] && !(byDensity && c === EMPHYSEMA),
  );
  const rest = Int32Array.from(
    withoutThreshold.length
      ? withoutThreshold
      : TEXTURE_CLASSES.map((_, c) => c).filter((c) => !byDensity || c !== EMPHYSEMA),
  );
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
    for (let n = 0; n < rest.length; n++) {
      const c = rest[n]!;
      const p = probabilities[c * count + voxel]!;
      if (p <= most || c === except) continue;
      most = p;
      found = c;
    }
    // What is left for "none of the six" cannot be more than a class that has half.
    return most >= FULL / 2 || most >= remainder(voxel) ? found : -1;
  };

  function remainder(voxel: number): number {
    let left = FULL;
    for (let c = 0; c < CLASSES; c++) left -= probabilities[c * count + voxel]!;
    return left;
  }
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
