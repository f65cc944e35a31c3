/** The confidence of the intervals that a view shows, as its provenance tells it. */
import type { Provenance } from '../../protocol/view.ts';

/** "95 %", or the level that was asked for. */
export function levelIn(provenance: Provenance | undefined): string {
  const level = provenance?.parameters.level;
  return `${typeof level === 'number' ? Number(level.toPrecision(6)) : 95} %`;
}
