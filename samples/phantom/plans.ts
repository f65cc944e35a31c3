/** Random disease plans: mixtures as interstitial lung disease shows them, from healthy to severe. */
import { LOBES, type Lobe, type TextureClass } from '../../src/protocol/names.ts';
import type { DiseasePlan } from './disease.ts';
import type { Random } from './random.ts';

type Abnormal = Exclude<TextureClass, 'normal'>;

/** Which lobes a class prefers (upper, middle, lower). */
const PREFERENCE: Readonly<Record<Abnormal, readonly [upper: number, middle: number, lower: number]>> = {
  ggo: [0.5, 0.7, 1],
  consolidation: [0.5, 0.5, 1],
  reticulation: [0.4, 0.6, 1],
  honeycombing: [0.3, 0.4, 1],
  emphysema: [1, 0.6, 0.4],
};

/** The most that a class takes of its preferred lobe at full severity. */
const GREATEST_SHARE: Readonly<Record<Abnormal, number>> = {
  ggo: 0.75,
  consolidation: 0.45,
  reticulation: 0.65,
  honeycombing: 0.5,
  emphysema: 0.75,
};

/** A plan with up to `severity` (0–1) of the most affected lobe per chosen class; each class is present with `presence`. */
export function drawPlan(random: Random, severity: number, presence = 0.5): DiseasePlan {
  const plan: Partial<Record<Lobe, Partial<Record<Abnormal, number>>>> = {};
  for (const name of Object.keys(PREFERENCE) as Abnormal[]) {
    if (!random.chance(presence)) continue;
    const most = severity * random.between(0.05, 1) * GREATEST_SHARE[name];
    for (const lobe of LOBES) {
      const height = lobe === 'RML' ? 1 : lobe.endsWith('UL') ? 0 : 2;
      const share = most * PREFERENCE[name][height] * random.between(0.3, 1);
      if (share > 0.002) plan[lobe] = { ...plan[lobe], [name]: share };
    }
  }
  return plan;
}
