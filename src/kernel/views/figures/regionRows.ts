/** Where lobes, zones and levels stand in one figure, they are rows with their whole names: as columns their names would overlap. */
import type { Region } from '../../../protocol/names.ts';

/** As many columns as whole lungs, lobes, and the lobes pooled make. */
const MOST_COLUMNS = 7;
export const REGION_ROW_PIXELS = 20;
/** The names of the regions, at least. */
export const REGION_LABELS_PIXELS = 170;

export function areRows(regions: readonly (Region | 'lobes')[]): boolean {
  return regions.length > MOST_COLUMNS;
}
