/** What a slice viewer that is shown draws its slices from. */
import type { Task } from '../base/task.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import type { Grid, LabelMap } from '../ct/geometry/volume.ts';
import type { MeasuredTables } from '../lungs/quantification.ts';
import type { Moved } from '../registration/movedSlice.ts';
import type { MeasuredSeries } from '../values/value.ts';
import type { SliceQuestion } from './sliceQuestion.ts';

export interface ViewerSource {
  readonly series: Series;
  readonly grid: Grid & { readonly sha256: string };
  readonly overlay: ViewerOverlay | undefined;
  /** Where the series is another than the one whose grid it is shown on: how it is moved there, by a key of all that says so. */
  readonly moved?: Moved & { readonly key: string };
  /** The patients before and after. */
  readonly among?: SliceQuestion['among'];
}

export interface OverlayMaps {
  readonly lobes: LabelMap;
  readonly textures: LabelMap;
  readonly zones?: LabelMap;
  /** Of what was measured. */
  readonly tables?: Pick<MeasuredTables, 'measurements'>;
}

/** Label maps to lay over the slices. */
export interface ViewerOverlay {
  /** What they were measured as; absent where they are not its own maps, and cannot be edited. */
  readonly measured?: MeasuredSeries;
  /** Of everything that they depend on. */
  readonly key: string;
  /** Read when they are first wanted; by who waits for them with a task that ends with the wait. */
  maps(task: Task): Promise<OverlayMaps>;
}

/** Keeps what a shown viewer needs to answer requests for further slices, by a handle of `imageHandle`. */
export type KeepViewer = (handle: string, source: ViewerSource) => void;
