/** All that answers for the slices of a session: its viewers, the patients of its figures, and the stacks of its page. */
import type { KeepViewer } from '../views/viewerSource.ts';
import { createPatientSlices } from './patientSlices.ts';
import { createSliceStacks } from './stacks/sliceStacks.ts';
import type { StackContext } from './stacks/stackParts.ts';
import { createViewers } from './viewers.ts';

export function createShownSlices(context: StackContext) {
  const viewers = createViewers(context);
  const keepViewer: KeepViewer = (handle, source) => {
    viewers.keep(handle, source);
    stacks.keep(handle, source);
  };
  const patientSlices = createPatientSlices({ ...context, keepViewer });
  const stacks = createSliceStacks(context, patientSlices);
  return { viewers, keepViewer, patientSlices, stacks };
}
