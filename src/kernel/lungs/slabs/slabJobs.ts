/** What is done to the slices of one CT by several threads at once: no slice hangs on what becomes of another. */
import { type Resampling, resampler, type Stretch } from '../../ct/geometry/resample.ts';
import { type Drawing, lobeDrawer } from '../drawLobes.ts';
import { finishLobes } from '../finishLobes.ts';
import { type Classified, mostProbableDrawer } from '../mostProbable.ts';

/** By name, what each job is given. Arrays that it fills, and large ones that it reads, lie in shared memory. */
export interface SlabJobs {
  resample: { readonly plan: Resampling; readonly hu: Float32Array };
  /** `labels`: 0 before, on the CT's grid. */
  draw: { readonly drawing: Drawing; readonly labels: Uint8Array; readonly gapRadiusMm: number };
  classify: Classified;
}

export type SlabJobName = keyof SlabJobs;

/** Work on slices from one to another, once what it needs for all of them has been made ready. */
export type SlabWork = (slices: Stretch) => void;

export const SLAB_JOBS: { readonly [N in SlabJobName]: (given: SlabJobs[N]) => SlabWork } = {
  resample: ({ plan, hu }) => resampler(plan, hu),
  draw({ drawing, labels, gapRadiusMm }) {
    const draw = lobeDrawer(drawing, labels);
    return (slices) => {
      draw(slices);
      finishLobes(drawing.volume, labels, gapRadiusMm, slices);
    };
  },
  classify: mostProbableDrawer,
};
