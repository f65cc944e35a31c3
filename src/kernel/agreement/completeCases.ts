/** Complete-case analysis: the patients whom every reader has read, and how many fell out. */

/** A reading per patient and reader; undefined where there is none. Rows are patients. */
export type Readings = readonly (readonly (number | undefined)[])[];

export interface CompleteCases {
  /** Patients with every reading, in their order. */
  readonly rows: readonly (readonly number[])[];
  /** Patients left out because at least one reading is missing. */
  readonly missing: number;
}

/** Leaves out each patient with a missing reading. A value that is not finite is no reading either. */
export function completeCases(readings: Readings): CompleteCases {
  const isReading = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value);
  const rows = readings.filter((row): row is readonly number[] => row.every(isReading));
  return { rows, missing: readings.length - rows.length };
}
