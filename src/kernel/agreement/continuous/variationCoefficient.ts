/** Within-patient coefficient of variation of repeated measurements, by root mean square (Obuchowski & Bullen, Stat Methods Med Res 2018). */
import { defined, type Estimate, undefinedBecause } from '../estimate.ts';

/**
 * 100·√(mean of (SD/mean)² of the patients) of complete readings, [patient][reading], in percent. A patient whose mean is
 * not above 0 has none, and is passed over; undefined where nobody is left.
 */
export function variationCoefficient(readings: readonly (readonly number[])[]): Estimate {
  const squares = readings.flatMap((own) => {
    const mean = own.reduce((a, b) => a + b, 0) / own.length;
    if (own.length < 2 || !(mean > 0)) return [];
    const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (own.length - 1);
    return [variance / mean ** 2];
  });
  if (squares.length === 0) return undefinedBecause('no patient has a mean above 0');
  return defined(100 * Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length));
}
