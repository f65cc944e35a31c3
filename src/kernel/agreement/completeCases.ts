/** Complete-case analysis: the patients whom every reader has read, and how many fell out. */

/** A reading per patient and reader; undefined where there is none. Rows are patients. */
export type Readings = readonly (readonly (number | undefined)[])[];

export interface CompleteCases {
  /** Patients with every reading, in their order. */
  readonly rows: readonly (readonly number[])[];
  /** Their places in the readings given, e.g. to find their clusters. */
  readonly places: readonly number[];
  /** Patients left out because at least one reading is missing. */
  readonly missing: number;
  /** Missing readings of each reader, over all patients. */
  readonly missingByReader: readonly number[];
}

/** Leaves out each patient with a missing reading. A value that is not finite is no reading either. */
export function completeCases(readings: Readings): CompleteCases {
  const isReading = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value);
  const places = readings.flatMap((row, n) => (row.every(isReading) ? [n] : []));
  const readers = Math.max(0, ...new Set(readings.map((row) => row.length)));
  return {
    rows: places.map((n) => readings[n]!.filter(isReading)),
    places,
    missing: readings.length - places.length,
    missingByReader: Array.from(
      { length: readers },
      (_, reader) => readings.filter((row) => !isReading(row[reader])).length,
    ),
  };
}
