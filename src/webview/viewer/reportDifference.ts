/** What the report of one CT has more or less than that of another. */
import { TEXTURE_CLASSES, type TextureClass } from '../../protocol/names.ts';
import type { LobarReport } from '../../protocol/view.ts';

/** Of each region the second less the first, in percentage points and ml. */
export function reportDifference(first: LobarReport, second: LobarReport): LobarReport {
  return {
    rows: first.rows.flatMap((row) => {
      const other = second.rows.find(({ region }) => region === row.region);
      if (!other) return [];
      const less = (name: TextureClass) => {
        const [a, b] = [row.percent[name], other.percent[name]];
        return typeof a === 'number' && typeof b === 'number' ? b - a : null;
      };
      // SAFETY: the keys are all classes.
      const percent = Object.fromEntries(TEXTURE_CLASSES.map((name) => [name, less(name)])) as Record<
        TextureClass,
        number | null
      >;
      return [{ region: row.region, volumeMl: other.volumeMl - row.volumeMl, percent }];
    }),
  };
}
