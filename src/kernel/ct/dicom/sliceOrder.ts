/** Puts the slices of a series in order by their position along the normal, and says what is missing or doubled. */

import type { Remark } from '../../../protocol/remark.ts';
import { counted } from '../../base/counted.ts';
import { upperMedian } from '../../base/median.ts';
import { warning } from '../../base/remarks.ts';
import type { Source } from '../cohort/cohort.ts';
import { nameOfSource } from '../files/sources.ts';

export interface PlacedSlice {
  readonly source: Source;
  /** Position along the series' normal in mm. */
  readonly positionMm: number;
}

export interface SliceOrder<T extends PlacedSlice> {
  readonly slices: readonly T[];
  /** Median distance between neighbours in mm; 0 for a single slice. */
  readonly spacingMm: number;
  readonly problems: readonly Remark[];
}

/** Two slices closer than this in mm are at the same place. */
export const SAME_PLACE_MM = 0.01;
/** A distance of more than this many spacings is a gap. */
const GAP = 1.5;
/** A distance that differs from the usual one by more than this share is an odd one. */
const UNEVEN = 0.05;
/** Some programs write positions in tenths of a millimetre: each may be half of one off, and the ends of their line too. */
const TENTH_MM = 0.1;
const PLACES_SHOWN = 3;

/** Two neighbours, and how far they lie apart. */
interface Distance {
  readonly below: PlacedSlice;
  readonly above: PlacedSlice;
  readonly mm: number;
}

export function orderSlices<T extends PlacedSlice>(input: readonly T[]): SliceOrder<T> {
  const sorted = [...input].sort((a, b) => a.positionMm - b.positionMm);
  const slices = sorted.filter((s, n) => n === 0 || s.positionMm - sorted[n - 1]!.positionMm > SAME_PLACE_MM);
  const distances = slices
    .slice(1)
    .map((above, n): Distance => ({ below: slices[n]!, above, mm: above.positionMm - slices[n]!.positionMm }));
  const { spacingMm, isOdd } = usualDistance(slices.map(({ positionMm }) => positionMm));
  const isGap = ({ mm }: Distance) => mm > GAP * spacingMm;
  const problems = [
    ...doubled(sorted, slices),
    ...missing(distances.filter(isGap), slices.length, spacingMm),
    ...uneven(
      distances.filter((distance) => !isGap(distance)),
      spacingMm,
      isOdd,
    ),
  ];
  return { slices, spacingMm, problems };
}

export interface UsualDistance {
  /** Between neighbours, in mm; 0 for a single place. */
  readonly spacingMm: number;
  /** Whether a distance is another one. */
  readonly isOdd: (mm: number) => boolean;
}

/**
 * Of places in rising order, none twice: the median of their distances. Where all lie on an even line but for the last
 * digit of positions in tenths of a millimetre, it is that line's, and no distance is odd: 1.25 mm are then 1.2 or 1.3.
 */
export function usualDistance(places: readonly number[]): UsualDistance {
  const [first = 0, last = 0] = [places[0], places.at(-1)];
  const mean = (last - first) / Math.max(1, places.length - 1);
  const isInTenths = (mm: number) => Math.abs(mm / TENTH_MM - Math.round(mm / TENTH_MM)) < 1e-4;
  const isNearLine = (place: number, n: number) => Math.abs(place - first - n * mean) <= TENTH_MM + 1e-6;
  if (places.every(isInTenths) && places.every(isNearLine)) return { spacingMm: mean, isOdd: () => false };
  const spacingMm = upperMedian(places.slice(1).map((place, n) => place - places[n]!));
  return { spacingMm, isOdd: (mm) => Math.abs(mm - spacingMm) > UNEVEN * spacingMm };
}

function doubled(sorted: readonly PlacedSlice[], slices: readonly PlacedSlice[]): Remark[] {
  const used = new Set(slices);
  const spare = sorted.filter((slice) => !used.has(slice));
  if (spare.length === 0) return [];
  return [
    warning(
      'duplicate-slices',
      `${spare.length} of ${sorted.length} slices ${spare.length === 1 ? 'lies' : 'lie'} where another one is (${names(spare)}); one of each place is used.`,
    ),
  ];
}

function missing(gaps: readonly Distance[], found: number, spacingMm: number): Remark[] {
  if (gaps.length === 0) return [];
  const count = gaps.reduce((sum, { mm }) => sum + Math.round(mm / spacingMm) - 1, 0);
  return [
    warning(
      'missing-slices',
      `${counted(count, 'slice seems', 'slices seem')} to be missing: ${found} found where ${found + count} were expected every ${spacingMm.toFixed(2)} mm; ${places(gaps)}. The gaps are filled by interpolation, so measurements there are not real. Copy the series again if they were scanned.`,
    ),
  ];
}

function uneven(distances: readonly Distance[], spacingMm: number, isOdd: UsualDistance['isOdd']): Remark[] {
  const odd = distances.filter(({ mm }) => isOdd(mm));
  if (odd.length === 0) return [];
  return [
    warning(
      'uneven-slices',
      `${odd.length} of ${counted(distances.length, 'distance')} between slices ${odd.length === 1 ? 'is' : 'are'} not the usual ${spacingMm.toFixed(2)} mm; ${places(odd)}. Slices are interpolated every ${spacingMm.toFixed(2)} mm.`,
    ),
  ];
}

/** `5.0 mm after 110.0 mm, between P01/a.dcm and P01/b.dcm`, for the first few. */
function places(distances: readonly Distance[]): string {
  const more = distances.length - PLACES_SHOWN;
  const shown = distances
    .slice(0, PLACES_SHOWN)
    .map(
      ({ below, above, mm }) =>
        `${mm.toFixed(mm < 10 ? 2 : 1)} mm after ${below.positionMm.toFixed(1)} mm, between ${nameOfSource(below.source)} and ${nameOfSource(above.source)}`,
    );
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function names(slices: readonly PlacedSlice[]): string {
  const shown = slices.slice(0, PLACES_SHOWN).map(({ source }) => nameOfSource(source));
  return shown.join(', ') + (slices.length > PLACES_SHOWN ? ' …' : '');
}
