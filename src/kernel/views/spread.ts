/** Numbers as papers print their middle and their spread. */
import { formatNumber } from '../../protocol/words/formatCell.ts';
import { quantile } from '../agreement/resampling/quantile.ts';

export function medianAndQuartiles(values: readonly number[], digits: number): string | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => formatNumber(quantile(sorted, share), digits);
  // One value has no quartiles.
  return values.length === 1 ? at(0.5) : `${at(0.5)} [${at(0.25)}; ${at(0.75)}]`;
}

export function meanAndSd(values: readonly number[], digits: number): string | null {
  if (values.length === 0) return null;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  if (values.length === 1) return formatNumber(mean, digits);
  const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
  return `${formatNumber(mean, digits)} ± ${formatNumber(sd, digits)}`;
}
