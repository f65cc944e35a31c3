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
  const labels = new Uint8Array(best.length);
  const decide = decider(voxels, decisions);
  const limited = TEXTURE_CLASSES.flatMap((name, c) => (thresholds[name] ? [c] : []));
  const thresholdOf = limited.map((c) => thresholds[TEXTURE_CLASSES[c]!]! * FULL);
  /** Classes, 1–6, that the highest probability alone does not decide on. */
  const isDecided = new Uint8Array(CLASSES + 1);
  for (const c of limited) isDecided[c + 1] = 1;
  if (emphysemaBelowHu !== undefined) isDecided[EMPHYSEMA + 1] = 1;
  for (let n = 0; n < labels.length; n++) {
    let isOpen = isDecided[best[n]!]! === 1 || (emphysemaBelowHu !== undefined && hu[n]! < emphysemaBelowHu);
    for (let t = 0; t < limited.length; t++)
      if (probabilities[n * CLASSES + limited[t]!]! >= thresholdOf[t]!) isOpen = true;
    labels[n] = isOpen ? decide(n, -1) + 1 : best[n]!;
  }
  if (minimumMl) {
    const small = smallComponents(voxels, labels, minimumMl / voxelMl(voxels), NORMAL + 1);
    for (const n of small) labels[n] = decide(n, labels[n]! - 1) + 1;
  }
  return labels;
}

/** Decides one voxel, without the class `except` (−1 for none). */
function decider(
  { probabilities, hu }: LungVoxels,
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
  return (voxel, except) => {
    if (byDensity && hu[voxel]! < limit && except !== EMPHYSEMA) return EMPHYSEMA;
    const at = voxel * CLASSES;
    let best = -1;
    let most = 0;
    for (let n = 0; n < withThreshold.length; n++) {
      const c = withThreshold[n]!;
      const p = probabilities[at + c]!;
      if (p < thresholdOf[c]! || c === except || p / thresholdOf[c]! <= most) continue;
      most = p / thresholdOf[c]!;
      best = c;
    }
    if (best >= 0) return best;
    most = -1;
    for (let n = 0; n < rest.length; n++) {
      const c = rest[n]!;
      const p = probabilities[at + c]!;
      if (p <= most || c === except) continue;
      most = p;
      best = c;
    }
    // What is left for "none of the six" cannot be more than a class that has half.
    return most >= FULL / 2 || most >= remainder(at) ? best : -1;
  };

  function remainder(at: number): number {
    let left = FULL;
    for (let c = 0; c < CLASSES; c++) left -= probabilities[at + c]!;
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
  return Uint8Array.from(lobes, (_, n) =>
    probabilities[n * CLASSES + first]! >= threshold && probabilities[n * CLASSES + second]! >= threshold ? 1 : 0,
  );
}
