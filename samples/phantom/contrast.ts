/** Contrast phases: how dense blood, heart, liver and kidneys are in a chest, with or without contrast agent. */
import type { Random } from './random.ts';
import { TISSUE } from './tissues.ts';

type Range = readonly [low: number, high: number];

/**
 * HU of each tissue that takes up contrast agent, by phase: none; pulmonary (10–20 s after the injection, the vena cava
 * full of it), aortic (25–35 s), venous (60–80 s). After Bae, Radiology 2010, and the real CTs at hand.
 */
export const PHASES: readonly Readonly<Record<ContrastTissue, Range>>[] = [
  {
    ...{ cavalBlood: [36, 46], pulmonaryBlood: [36, 46], aorticBlood: [36, 46], systemicVein: [36, 46] },
    ...{ heart: [40, 52], node: [25, 50], liver: [45, 68], kidney: [28, 38] },
  },
  {
    ...{ cavalBlood: [220, 900], pulmonaryBlood: [200, 520], aorticBlood: [70, 260], systemicVein: [35, 70] },
    ...{ heart: [55, 110], node: [28, 60], liver: [48, 75], kidney: [35, 80] },
  },
  {
    ...{ cavalBlood: [90, 450], pulmonaryBlood: [120, 320], aorticBlood: [220, 460], systemicVein: [40, 110] },
    ...{ heart: [85, 140], node: [35, 90], liver: [55, 90], kidney: [110, 210] },
  },
  {
    ...{ cavalBlood: [95, 190], pulmonaryBlood: [95, 190], aorticBlood: [100, 200], systemicVein: [90, 180] },
    ...{ heart: [80, 130], node: [50, 110], liver: [85, 135], kidney: [140, 230] },
  },
];

/** In the order in which they are drawn. */
export const CONTRAST_TISSUES = [
  'cavalBlood',
  'pulmonaryBlood',
  'aorticBlood',
  'systemicVein',
  'heart',
  'node',
  'liver',
  'kidney',
] as const;
type ContrastTissue = (typeof CONTRAST_TISSUES)[number];

/** Vessels of the lung, most of which are narrower than a voxel's neighbourhood, show this much of what blood gains. */
export const LUNG_VESSEL_SHARE = 0.6;
/** Blood without contrast agent. */
export const PLAIN_BLOOD_HU = 41;

export interface Contrast {
  /** HU by tissue code. */
  readonly density: Readonly<Record<number, number>>;
  /** What the vessels of the lung gain, in HU. */
  readonly lungVesselHu: number;
}

export function drawContrast(random: Random): Contrast {
  const plain = random.chance(0.5);
  const injected = 1 + Math.min(2, Math.floor(random.between(0, 3)));
  const phase = PHASES[plain ? 0 : injected]!;
  const hu = (name: ContrastTissue): number => {
    const [low, high] = phase[name];
    return low + (high - low) * random.between(0, 1);
  };
  const drawn = CONTRAST_TISSUES.map((name) => [TISSUE[name], hu(name)] as const);
  const density = Object.fromEntries(drawn);
  const blood = (density[TISSUE.pulmonaryBlood]! + density[TISSUE.aorticBlood]!) / 2;
  return { density, lungVesselHu: LUNG_VESSEL_SHARE * Math.max(0, blood - PLAIN_BLOOD_HU) };
}
