/** Answers the slice viewers' requests for further slices, as long as the kernel lives. */
import type { SliceReply, SliceRequest } from '../../protocol/kernelApi.ts';
import { SLAB_LIMITS } from '../../protocol/view.ts';
import { sliceCounts } from '../ct/geometry/slice.ts';
import type { ImageService } from '../lungs/imageService.ts';
import { encodeSlice } from '../views/encodeSlice.ts';
import type { ViewerSource } from '../views/viewerSource.ts';
import { keptByHandle } from './keptByHandle.ts';
import { orProblem } from './orProblem.ts';

/** Label maps of this many viewers stay in memory; older viewers ask for a re-run. */
const VIEWERS_KEPT = 8;

export function createViewers(images: ImageService) {
  const sources = keptByHandle<ViewerSource>(VIEWERS_KEPT);
  return {
    keep: sources.keep,
    async slice({ handle, plane, index, coarse, slab }: SliceRequest): Promise<SliceReply> {
      const source = sources.get(handle);
      if (!source) return { problem: 'Run the cell again to see further slices.' };
      const slices = sliceCounts(source.grid.size)[plane];
      if (!Number.isInteger(index) || index < 0 || index >= slices)
        return { problem: `There is no slice ${index + 1}; this plane has ${slices}.` };
      const { least, most } = SLAB_LIMITS;
      if (slab && !(slab.mm >= least && slab.mm <= most))
        return { problem: `A slab of ${slab.mm} mm cannot be shown: it has ${least} to ${most} mm.` };
      return orProblem(async () => ({ slice: await encodeSlice(images, source, { plane, index, coarse, slab }) }));
    },
  };
}
