/**
 * A simulated study after Kuzmanovic et al.: 402 patients of a registry, 277 of them with CT, 107 of these with
 * interstitial lung disease. No CT stands behind it: the true percentages are drawn from the distributions of the
 * study's Table 2, and what a program measures from the truth with errors of its own: classes taken for others as on
 * lung-texture's card, and a spread between chests.
 */
import { LOBES, type Lobe, REGIONS, TEXTURE_CLASSES, type TextureClass } from '../../src/protocol/names.ts';
import { createRandom, type Random } from '../phantom/random.ts';
import type { TruthRow } from '../phantom/truth.ts';

export const REGISTRY_PATIENTS = 402;
const WITH_CT = 277;
const WITH_DISEASE = 107;

export interface RegistryRow {
  readonly patient: string;
  readonly hrct: 'yes' | 'no';
  /** Empty without CT. */
  readonly ild: 'yes' | 'no' | '';
}

export type Abnormal = Exclude<TextureClass, 'normal'>;
type Shares = Readonly<Record<Abnormal, number>>;

/** Median percent of the whole lungs, and the spread of its logarithm ((ln Q3 − ln Q1) / 1.349), after Table 2. */
const WHOLE_LUNGS: Readonly<Record<Abnormal, readonly [median: number, spread: number]>> = {
  ggo: [5.4, 1.62],
  consolidation: [0.4, 1.71],
  reticulation: [1.8, 1.98],
  honeycombing: [0.02, 2.6],
  emphysema: [0.02, 2.4],
};

/** How much of a class each lobe has against the whole lungs. */
const LOBAR: Readonly<Record<Abnormal, Readonly<Record<Lobe, number>>>> = {
  ggo: { RUL: 0.25, RML: 0.4, RLL: 1.7, LUL: 0.3, LLL: 1.6 },
  consolidation: { RUL: 0.4, RML: 0.3, RLL: 1.5, LUL: 0.4, LLL: 1.7 },
  reticulation: { RUL: 0.3, RML: 0.7, RLL: 1.7, LUL: 0.4, LLL: 1.7 },
  honeycombing: { RUL: 0.2, RML: 0.3, RLL: 1.8, LUL: 0.2, LLL: 1.8 },
  emphysema: { RUL: 1.7, RML: 0.8, RLL: 0.5, LUL: 1.6, LLL: 0.5 },
};

const LOBE_SHARE: Readonly<Record<Lobe, number>> = { RUL: 0.2, RML: 0.09, RLL: 0.25, LUL: 0.23, LLL: 0.23 };

/** Share of a class that the program takes for another (the confusion table of lung-texture's card). */
const TAKEN_FOR: readonly (readonly [from: Abnormal, to: TextureClass, share: number])[] = [
  ['honeycombing', 'reticulation', 0.25],
  ['ggo', 'normal', 0.1],
  ['emphysema', 'normal', 0.2],
  ['reticulation', 'ggo', 0.05],
];

/** Spread of the logarithm of what is measured of one chest, between chests and between scans of the same chest. */
const MEASURING_SPREAD = 0.55;
const RESCAN_SPREAD = 0.05;
/** The patient whose left lung was half segmented, and the share of it that was found. */
export const HALF_SEGMENTED = 40;
const FOUND_SHARE = 0.45;
/** Of every class a little is found everywhere. */
const FLOOR_PERCENT = 0.05;

interface LungLobe {
  readonly lobe: Lobe;
  readonly volumeMl: number;
  readonly shares: Shares;
}

export interface StudyPatient {
  readonly id: string;
  /** Left lobes alone may be found in part. */
  readonly leftFound: number;
  readonly lobes: readonly LungLobe[];
}

/** The registry in the order of its labels, S001 and so on. */
export function registry(): RegistryRow[] {
  const random = createRandom('study-registry');
  const order = Array.from({ length: REGISTRY_PATIENTS }, (_, n) => ({ n, at: random() })).sort((a, b) => a.at - b.at);
  const rank = new Map(order.map(({ n }, at) => [n, at]));
  return order.map((_, n) => {
    const at = rank.get(n)!;
    const patient = `S${String(n + 1).padStart(3, '0')}`;
    if (at >= WITH_CT) return { patient, hrct: 'no', ild: '' } as const;
    return { patient, hrct: 'yes', ild: at < WITH_DISEASE ? 'yes' : 'no' } as const;
  });
}

/** The truth of every patient with disease. */
export function studyPatients(): StudyPatient[] {
  return registry()
    .filter(({ ild }) => ild === 'yes')
    .map(({ patient }, n) => drawPatient(patient, n === HALF_SEGMENTED ? FOUND_SHARE : 1));
}

function drawPatient(id: string, leftFound: number): StudyPatient {
  const random = createRandom(`study-${id}`);
  const totalMl = Math.min(6800, Math.max(1200, 3392 + 1257 * random.normal()));
  const severity = random.normal();
  const whole = Object.fromEntries(
    Object.entries(WHOLE_LUNGS).map(([name, [median, spread]]) => {
      // Inflammation and fibrosis go together: half of their variance is the patient's severity.
      const shared = name === 'emphysema' ? 0 : 0.7;
      const deviate = shared * severity + Math.sqrt(1 - shared ** 2) * random.normal();
      return [name, median * Math.exp(spread * deviate)];
    }),
  );
  const lobes = LOBES.map((lobe) => {
    const shares = Object.fromEntries(
      Object.keys(WHOLE_LUNGS).map((name) => {
        // SAFETY: the keys of WHOLE_LUNGS are the abnormal classes.
        const abnormal = name as Abnormal;
        return [name, whole[name]! * LOBAR[abnormal][lobe] * Math.exp(0.45 * random.normal())];
      }),
    ) as Shares;
    return { lobe, volumeMl: totalMl * LOBE_SHARE[lobe] * Math.exp(0.12 * random.normal()), shares: withRoom(shares) };
  });
  return { id, leftFound, lobes };
}

/** Shares scaled so that a little normal lung is left. */
function withRoom(shares: Shares): Shares {
  const sum = Object.values(shares).reduce((a, b) => a + b, 0);
  const scale = sum > 97 ? 97 / sum : 1;
  return Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, share * scale])) as Shares;
}

/** The same lungs with some classes multiplied, as by a year of disease or of treatment. */
export function changedPatient(patient: StudyPatient, factors: Partial<Record<Abnormal, number>>): StudyPatient {
  const changed = (shares: Shares) =>
    // SAFETY: the keys are those of `shares`.
    withRoom(
      Object.fromEntries(
        Object.entries(shares).map(([name, share]) => [name, share * (factors[name as Abnormal] ?? 1)]),
      ) as Shares,
    );
  return { ...patient, lobes: patient.lobes.map((lobe) => ({ ...lobe, shares: changed(lobe.shares) })) };
}

/** The exact percentages, a row per region and class. */
export function truthRows({ id, lobes }: StudyPatient): TruthRow[] {
  return rowsOf(
    id,
    lobes.map(({ lobe, volumeMl, shares }) => ({
      lobe,
      volumeMl,
      percents: { normal: 100 - total(shares), ...shares },
    })),
  );
}

/** What a program measures of a patient's `scan` (0, 1 …); scans of one chest share most of their error. */
export function measuredRows({ id, leftFound, lobes }: StudyPatient, scan: number): TruthRow[] {
  const ofChest = createRandom(`study-measure-${id}`);
  const ofScan = createRandom(`study-scan-${id}-${scan}`);
  return rowsOf(
    id,
    lobes.map(({ lobe, volumeMl, shares }) => ({
      lobe,
      volumeMl: volumeMl * (lobe.startsWith('L') ? leftFound : 1) * Math.exp(0.01 * ofScan.normal()),
      percents: measured(shares, ofChest, ofScan),
    })),
  );
}

function measured(shares: Shares, ofChest: Random, ofScan: Random): Record<TextureClass, number> {
  const moved: Record<TextureClass, number> = { normal: 100 - total(shares), ...shares };
  for (const [from, to, share] of TAKEN_FOR) {
    const amount = shares[from] * share * ofChest.between(0, 2);
    moved[from] -= amount;
    moved[to] += amount;
  }
  const seen = withRoom(
    Object.fromEntries(
      Object.keys(shares).map((name) => {
        // SAFETY: `moved` has every class of `shares`.
        const percent = moved[name as Abnormal] + FLOOR_PERCENT * ofChest();
        return [name, percent * Math.exp(MEASURING_SPREAD * ofChest.normal() + RESCAN_SPREAD * ofScan.normal())];
      }),
    ) as Shares,
  );
  return { normal: 100 - total(seen), ...seen };
}

function total(shares: Shares): number {
  return Object.values(shares).reduce((a, b) => a + b, 0);
}

interface MeasuredLobe {
  readonly lobe: Lobe;
  readonly volumeMl: number;
  readonly percents: Readonly<Record<TextureClass, number>>;
}

function rowsOf(patient: string, lobes: readonly MeasuredLobe[]): TruthRow[] {
  return REGIONS.flatMap((region) => {
    const parts = lobes.filter(({ lobe }) => region === 'total' || lobe === region);
    const regionMl = parts.reduce((sum, { volumeMl }) => sum + volumeMl, 0);
    return TEXTURE_CLASSES.map((name) => {
      const volumeMl = parts.reduce((sum, part) => sum + (part.volumeMl * part.percents[name]) / 100, 0);
      return { patient, region, class: name, volumeMl, percent: (volumeMl / regionMl) * 100 };
    });
  });
}
