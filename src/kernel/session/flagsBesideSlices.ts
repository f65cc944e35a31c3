/** A slice viewer has the flags of its CT above its slices: where it stands in the cell that measured the CT, they are not said before it too. */
import type { SeriesRemark } from '../../protocol/remark.ts';
import type { ViewModel } from '../../protocol/view.ts';

export interface FlagsBesideSlices {
  /** Keeps flags until it is known which of them stand in a viewer; gives those to say at once. */
  held(flags: readonly SeriesRemark[], isViewerToCome: boolean): readonly SeriesRemark[];
  /** Takes out those that a viewer shows. */
  shown(view: ViewModel): void;
  /** Those that no viewer has shown, once. */
  rest(): readonly SeriesRemark[];
}

export function flagsBesideSlices(): FlagsBesideSlices {
  let waiting: readonly SeriesRemark[] = [];
  return {
    held(flags, isViewerToCome) {
      if (!isViewerToCome) return flags;
      waiting = [...waiting, ...flags];
      return [];
    },
    shown(view) {
      if (view.type !== 'slices') return;
      const keys = new Set(view.flags?.map(keyOf));
      waiting = waiting.filter((flag) => !keys.has(keyOf(flag)));
    },
    rest() {
      const left = waiting;
      waiting = [];
      return left;
    },
  };
}

function keyOf({ patient, series, code, message }: SeriesRemark): string {
  return JSON.stringify([patient, series, code, message]);
}
