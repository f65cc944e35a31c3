/** What a slice viewer that is shown draws its slices from. */
import type { Series } from '../ct/cohort/cohort.ts';
import type { Grid, LabelMap } from '../ct/geometry/volume.ts';
import type { SliceQuestion } from './sliceQuestion.ts';

export interface ViewerSource {
  readonly series: Series;
  readonly grid: Grid & { readonly sha256: string };
  /** Label maps to lay over the slices, with the key of everything that they depend on. */
  readonly overlay: { readonly lobes: LabelMap; readonly textures: LabelMap; readonly key: string } | undefined;
  /** The patients before and after. */
  readonly among?: SliceQuestion['among'];
}

/** Keeps what a shown viewer needs to answer requests for further slices, by a handle of `imageHandle`. */
export type KeepViewer = (handle: string, source: ViewerSource) => void;
