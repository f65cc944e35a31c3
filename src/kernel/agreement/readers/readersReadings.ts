/** What several readers gave of one class in one region: as values, which α and the intraclass correlation compare, and as categories, which κ does. */
import { completeCases, type Readings } from '../completeCases.ts';
import { type KrippendorffAlpha, krippendorffAlpha, type MeasurementLevel } from './krippendorff.ts';

export interface ReadersReadings {
  /** The readers, in the order of each row. */
  readonly names: readonly string[];
  /** Percentages where all readers gave some, else categories from 0. */
  readonly ofValues: Readings;
  readonly ofCategories: Readings;
  readonly unit: 'percent' | 'category';
  /** Categories of the scale. */
  readonly categories: number;
  /** What they are called, where it is not 0, 1, 2 and so on. */
  readonly categoryNames?: readonly string[] | undefined;
}

/** The patients whom all have read. */
export function completeIn({ ofValues, ofCategories }: ReadersReadings) {
  const values = completeCases(ofValues);
  return { values: values.rows, categories: completeCases(ofCategories).rows, missing: values.missing };
}

/** Patients with two readings or more. */
export function pairedIn({ ofValues }: ReadersReadings): number {
  return ofValues.filter((row) => row.filter((value) => value !== undefined).length > 1).length;
}

export interface Alpha {
  readonly level: MeasurementLevel;
  readonly alpha: KrippendorffAlpha;
  readonly source: Readings;
  readonly isPercent: boolean;
}

/** Nominal α is of categories, as percentages are hardly ever the same; order and distance are those of the values. */
export function alphasOf({ ofValues, ofCategories, unit }: ReadersReadings): Alpha[] {
  return (['nominal', 'ordinal', 'interval'] as const).map((level) => {
    const source = level === 'nominal' ? ofCategories : ofValues;
    return {
      level,
      source,
      alpha: krippendorffAlpha(source, level),
      isPercent: unit === 'percent' && level !== 'nominal',
    };
  });
}
