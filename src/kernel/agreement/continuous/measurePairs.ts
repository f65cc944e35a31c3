/** One place of two measured sides: a pair of values per patient, or several of each where patients were measured repeatedly. */
import { linkedLimits, type NestedLimits, type Replicates, unlinkedLimits } from './nestedLimits.ts';

export interface MeasuredPatient extends Replicates {
  readonly patient: string;
}

/** How the measurements of a patient belong together. */
export type Repetition = 'none' | 'linked' | 'unlinked';

export interface MeasureGroup {
  readonly region: string;
  /** Empty where the tables have no classes. */
  readonly class: string;
  readonly patients: readonly MeasuredPatient[];
  /** Patients without a value on one side or the other. */
  readonly missing: number;
  readonly repetition: Repetition;
}

/** Left and right, a value per patient: the mean of the patient's measurements where there are several. */
export function meansOfPatients({ patients }: MeasureGroup): [number[], number[]] {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return [patients.map(({ left }) => mean(left)), patients.map(({ right }) => mean(right))];
}

/** Undefined where no patient was measured repeatedly: then the usual limits hold. */
export function repeatedLimits({ patients, repetition }: MeasureGroup, confidence: number): NestedLimits | undefined {
  if (repetition === 'none') return undefined;
  return repetition === 'linked' ? linkedLimits(patients, confidence) : unlinkedLimits(patients, confidence);
}
