/** What the report of one CT has more or less than that of another. */
import type { LobarReport } from '../../protocol/view.ts';

/** Of each region the second less the first, in percentage points and ml. */
export function reportDifference(first: LobarReport, second: LobarReport): LobarReport {
  return {
    rows: first.rows.flatMap((row) => {
      const other = second.rows.find(({ region }) => region === row.region);
      if (!other) return [];
      const less = (name: string) => {
        const [a, b] = [row.percent[name], other.percent[name]];
        return typeof a === 'number' && typeof b === 'number' ? b - a : null;
      };
      const names = new Set([...Object.keys(row.percent), ...Object.keys(other.percent)]);
      const percent = Object.fromEntries([...names].map((name) => [name, less(name)]));
      return [{ region: row.region, volumeMl: other.volumeMl - row.volumeMl, percent }];
    }),
  };
}
