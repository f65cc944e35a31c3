/** What can be asked for as a slice viewer. */
import type { Level, Region } from '../../protocol/names.ts';
import type { SeriesRemark } from '../../protocol/remark.ts';
import type { HuWindow, Plane, Provenance } from '../../protocol/view.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import type { MeasuredSeries } from '../values/value.ts';

/** What is laid over the slices. */
export interface SliceOverlay {
  /** What the notebook calls the measurements, where it is known. */
  readonly name?: string;
  readonly measured: MeasuredSeries;
  /** Of this series. */
  readonly flags: readonly SeriesRemark[];
  readonly provenance: Provenance;
}

/** What the axial slice should show most of. */
export interface MostOf {
  /** In words, such as "fibrosis". */
  readonly name: string;
  /** The classes and overlaps that count. */
  readonly classes: readonly string[];
  readonly region: Region;
}

export interface SliceQuestion {
  readonly patient: string;
  readonly series: Series;
  readonly overlay: SliceOverlay | undefined;
  readonly plane: Plane;
  /** Counted from 0; undefined for the axial one with most of `mostOf` or of all abnormal lung, else the one with most lung. */
  readonly index: number | undefined;
  readonly mostOf?: MostOf;
  /** Shows the axial slice of a level instead; there is an overlay then. */
  readonly level?: Level;
  readonly window: HuWindow;
  /** The CT that is shown beside it. */
  readonly beside?: Pick<SliceQuestion, 'patient' | 'series' | 'overlay'>;
  /** Names the pair in which the CT is shown, since what the viewer of it alone goes on to is another. */
  readonly pair?: string;
  /** Its place among the patients whose slices can be leafed through, and the question of each. */
  readonly among?: { readonly place: number; readonly of: number; readonly question: (place: number) => SliceQuestion };
}
