/**
 * What the simulated registry says of its patients beside their CTs: age, sex, antibody, lung function, follow-up. It
 * follows from the true extents by the coefficients below, so that what an analysis finds can be held against the truth.
 */
import { TEXTURE_CLASSES, type TextureClass } from '../../src/protocol/names.ts';
import { createRandom, type Random } from '../phantom/random.ts';
import { type RegistryRow, registry, studyPatients, truthRows } from './patients.ts';

/** Per 1 % of the lungs, per year, for men; the spread is that of the rest. FVC and DLCO are in percent of predicted. */
export const TRUTH = {
  fvc: { intercept: 96, fibrosis: -0.9, ggo: -0.25, year: -0.15, spread: 8 },
  dlco: { intercept: 86, fibrosis: -1.1, ggo: -0.4, year: -0.2, spread: 10 },
  /** Deaths per month at 55 years without fibrosis, and the logarithms of hazard ratios. */
  death: { perMonth: 0.003, fibrosis: 0.05, year: 0.05 },
  /** Log odds of anti-MDA5 at the median of consolidation, and their rise per unit of its natural logarithm. */
  mda5: { intercept: -1.6, logConsolidation: 0.9 },
} as const;

const MEDIAN_CONSOLIDATION = 0.4;
const MIDDLE_AGE = 55;
/** Of patients without anti-MDA5. */
const ANTIBODIES = [
  ['Jo-1', 0.36],
  ['PL-7/PL-12', 0.18],
  ['other', 0.21],
  ['none', 0.25],
] as const;
const MISSING = { fvc: 0.04, dlco: 0.1 } as const;
/** Months of follow-up, without deaths. */
const FOLLOWED = [12, 84] as const;

export interface ClinicRow extends RegistryRow {
  readonly age: number;
  readonly sex: 'female' | 'male';
  readonly antibody: string;
  /** Percent of predicted; undefined where it was not measured. */
  readonly fvc: number | undefined;
  readonly dlco: number | undefined;
  readonly months: number;
  readonly died: boolean;
}

export type Extents = Readonly<Record<TextureClass, number>>;

const HEALTHY: Extents = { normal: 100, ggo: 0, consolidation: 0, reticulation: 0, honeycombing: 0, emphysema: 0 };

/** The registry with all that it knows, in the order of its labels. */
export function clinicRows(): ClinicRow[] {
  const extents = trueExtents();
  return registry().map((row) => ({ ...row, ...clinicOf(row.patient, extents.get(row.patient) ?? HEALTHY) }));
}

/** True percent of the whole lungs of every patient with disease. */
export function trueExtents(): Map<string, Extents> {
  return new Map(
    studyPatients().map((patient) => {
      const total = truthRows(patient).filter(({ region }) => region === 'total');
      const percents = TEXTURE_CLASSES.map((name) => [name, total.find((row) => row.class === name)!.percent]);
      // SAFETY: an entry for every class.
      return [patient.id, Object.fromEntries(percents) as Extents];
    }),
  );
}

function clinicOf(patient: string, extents: Extents): Omit<ClinicRow, keyof RegistryRow> {
  const random = createRandom(`study-clinic-${patient}`);
  const age = Math.round(Math.min(88, Math.max(19, MIDDLE_AGE + 13 * random.normal())));
  const sex = random() < 0.68 ? 'female' : 'male';
  const antibody = antibodyOf(random, extents);
  const years = age - MIDDLE_AGE;
  const fibrosis = extents.reticulation + extents.honeycombing;
  const percent = ({ intercept, fibrosis: perFibrosis, ggo, year, spread }: typeof TRUTH.fvc | typeof TRUTH.dlco) =>
    Math.max(15, intercept + perFibrosis * fibrosis + ggo * extents.ggo + year * years + spread * random.normal());
  const [fvc, dlco] = [percent(TRUTH.fvc), percent(TRUTH.dlco)];
  const hazard = TRUTH.death.perMonth * Math.exp(TRUTH.death.fibrosis * fibrosis + TRUTH.death.year * years);
  const [untilDeath, followed] = [-Math.log(1 - random()) / hazard, random.between(...FOLLOWED)];
  return {
    age,
    sex,
    antibody,
    fvc: random() < MISSING.fvc ? undefined : fvc,
    dlco: random() < MISSING.dlco ? undefined : dlco,
    months: Math.min(untilDeath, followed),
    died: untilDeath <= followed,
  };
}

function antibodyOf(random: Random, { consolidation }: Extents): string {
  const { intercept, logConsolidation } = TRUTH.mda5;
  const odds = Math.exp(intercept + logConsolidation * Math.log(Math.max(0.02, consolidation) / MEDIAN_CONSOLIDATION));
  if (random() < odds / (1 + odds)) return 'MDA5';
  let left = random();
  return (
    ANTIBODIES.find(([, share]) => {
      left -= share;
      return left < 0;
    })?.[0] ?? 'none'
  );
}
