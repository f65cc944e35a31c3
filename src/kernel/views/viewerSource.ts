/** What a slice viewer that is shown draws its slices from. */
import type { Task } from '../base/task.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import type { Grid, LabelMap } from '../ct/geometry/volume.ts';
import type { MeasuredTables } from '../lungs/quantification.ts';
import type { MeasuredSeries } from '../values/value.ts';
import type { SliceQuestion } from './sliceQuestion.ts';

export interface ViewerSource {
  readonly series: Series;
  readonly grid: Grid & { readonly sha256: string };
  readonly overlay: ViewerOverlay | undefined;
  /** The patients before and after. */
  readonly among?: SliceQuestion['among'];
}

/** Label maps to lay over the slices. */
export interface ViewerOverlay {
  readonly measured: MeasuredSeries;
  /** Of everything that they depend on. */
  readonly key: string;
  /** Read when they are first wanted; by who waits for them with a task that ends with the wait. */
  maps(task: Task): Promise<{
    readonly lobes: LabelMap;
    readonly textures: LabelMap;
    readonly tables: Pick<MeasuredTables, 'measurements'>;
  }>;
}

/** Keeps what a shown viewer needs to answer requests for further slices, by a handle of `imageHandle`. */
export type KeepViewer = (handle: string, source: ViewerSource) => void;
