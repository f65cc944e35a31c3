/** Confidence interval of a correlation by Fisher's z transformation (Metron 1921). */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { type Interval, interval, noInterval } from '../estimate.ts';

/** tanh(atanh r ± z·√variance), with the variance of atanh r. Undefined at r = ±1, where the transformation has no end. */
export function fisherInterval(r: number, variance: number, confidence: number): Interval {
  if (Math.abs(r) >= 1) return noInterval('the correlation is exactly ±1, where Fisher’s z has no interval');
  const half = normalQuantile(0.5 + confidence / 2, 0, 1) * Math.sqrt(variance);
  return interval(Math.tanh(Math.atanh(r) - half), Math.tanh(Math.atanh(r) + half));
}
