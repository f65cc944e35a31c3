/** Answers the slice viewers' requests for further slices and patients, as long as the kernel lives. */
import type { NeighbourRequest, PatientSlicesReply, SliceReply, SliceRequest } from '../../protocol/kernelApi.ts';
import { SLAB_LIMITS } from '../../protocol/view.ts';
import { unattended } from '../base/task.ts';
import { sliceCounts } from '../ct/geometry/slice.ts';
import { viewFor } from '../views/besideView.ts';
import { encodeSlice } from '../views/encodeSlice.ts';
import type { ViewerContext } from '../views/sliceView.ts';
import type { ViewerSource } from '../views/viewerSource.ts';
import { keptByHandle } from './keptByHandle.ts';
import { orProblem } from './orProblem.ts';

/** Label maps of this many viewers stay in memory; older viewers ask for a re-run. */
const VIEWERS_KEPT = 8;

const NOT_KEPT = { problem: 'Run the cell again to see further slices.' };

export function createViewers(context: Omit<ViewerContext, 'task' | 'keepViewer'>) {
  const sources = keptByHandle<ViewerSource>(VIEWERS_KEPT);
  return {
    keep: sources.keep,
    source: sources.get,
    async slice({ handle, plane, index, coarse, slab, further = [] }: SliceRequest): Promise<SliceReply> {
      const source = sources.get(handle);
      if (!source) return NOT_KEPT;
      const slices = sliceCounts(source.grid.size)[plane];
      const asked = [index, ...further];
      const missing = asked.find((one) => !Number.isInteger(one) || one < 0 || one >= slices);
      if (missing !== undefined) return { problem: `There is no slice ${missing + 1}; this plane has ${slices}.` };
      const { least, most } = SLAB_LIMITS;
      if (slab && !(slab.mm >= least && slab.mm <= most))
        return { problem: `A slab of ${slab.mm} mm cannot be shown: it has ${least} to ${most} mm.` };
      const encoded = (one: number) => encodeSlice(context.images, source, { plane, index: one, coarse, slab });
      return orProblem(async () => {
        const [slice, ...others] = await Promise.all(asked.map(encoded));
        return { slice: slice!, ...(others.length ? { further: others } : {}) };
      });
    },
    async neighbour({ handle, step, plane }: NeighbourRequest): Promise<PatientSlicesReply> {
      const source = sources.get(handle);
      if (!source) return NOT_KEPT;
      const place = (source.among?.place ?? 0) + step;
      if (!source.among || place < 0 || place >= source.among.of)
        return { problem: step > 0 ? 'This is the last patient.' : 'This is the first patient.' };
      const question = { ...source.among.question(place), plane };
      const own = { ...context, keepViewer: sources.keep, task: unattended };
      return orProblem(async () => ({ view: await viewFor(question, own) }));
    },
  };
}
