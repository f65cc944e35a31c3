/** Puts the slices of a series in order by their position along the normal, and says what is missing or doubled. */
import { counted } from '../base/counted.ts';
import type { Problem } from './cohort.ts';

export interface PlacedSlice {
  /** Position along the series' normal in mm. */
  readonly positionMm: number;
}

export interface SliceOrder<T extends PlacedSlice> {
  readonly slices: readonly T[];
  /** Median distance between neighbours in mm; 0 for a single slice. */
  readonly spacingMm: number;
  readonly problems: readonly Problem[];
}

/** Two slices closer than this in mm are at the same place. */
const SAME_PLACE_MM = 0.01;
/** A distance of more than this many spacings is a gap. */
const GAP = 1.5;
const UNEVEN = 0.05;

export function orderSlices<T extends PlacedSlice>(input: readonly T[]): SliceOrder<T> {
  const sorted = [...input].sort((a, b) => a.positionMm - b.positionMm);
  const slices = sorted.filter((s, n) => n === 0 || s.positionMm - sorted[n - 1]!.positionMm > SAME_PLACE_MM);
  const problems: Problem[] = [];
  if (slices.length < sorted.length)
    problems.push({
      severity: 'warning',
      code: 'duplicate-slices',
      message: `${sorted.length - slices.length} of ${sorted.length} slices lie where another one is; the first of each place is used.`,
    });
  const distances = slices.slice(1).map((s, n) => s.positionMm - slices[n]!.positionMm);
  const spacingMm = distances.length ? [...distances].sort((a, b) => a - b)[distances.length >> 1]! : 0;
  const gaps = distances.flatMap((distance, n) =>
    distance > GAP * spacingMm
      ? [{ at: slices[n]!.positionMm, distance, missing: Math.round(distance / spacingMm) - 1 }]
      : [],
  );
  if (gaps.length) {
    const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0);
    const places = gaps
      .slice(0, 3)
      .map((gap) => `after ${gap.at.toFixed(1)} mm (${gap.distance.toFixed(1)} mm wide)`)
      .join(', ');
    problems.push({
      severity: 'warning',
      code: 'missing-slices',
      message: `${counted(missing, 'slice seems', 'slices seem')} to be missing: ${slices.length} found where ${slices.length + missing} were expected every ${spacingMm.toFixed(2)} mm; ${places}${gaps.length > 3 ? ` and ${gaps.length - 3} more` : ''}. The gaps are filled by interpolation, so measurements there are not real.`,
    });
  } else if (distances.some((d) => Math.abs(d - spacingMm) > UNEVEN * spacingMm))
    problems.push({
      severity: 'warning',
      code: 'uneven-slices',
      message: `The distance between slices varies from ${Math.min(...distances).toFixed(2)} to ${Math.max(...distances).toFixed(2)} mm; slices are interpolated every ${spacingMm.toFixed(2)} mm.`,
    });
  return { slices, spacingMm, problems };
}
