/** Opens the slices of a patient who was chosen in a figure, at the slice with most of the figure's class in its region. */

import { HU_WINDOWS } from '../../protocol/hounsfield.ts';
import type { PatientSlicesReply, PatientSlicesRequest } from '../../protocol/kernelApi.ts';
import { REGIONS } from '../../protocol/names.ts';
import { classInText } from '../../protocol/words/displayNames.ts';
import { unattended } from '../base/task.ts';
import type { MeasurementsValue } from '../values/value.ts';
import type { SliceOf } from '../verbs/verb.ts';
import { overlayOf, sliceView, type ViewerContext } from '../views/sliceView.ts';
import { keptByHandle } from './keptByHandle.ts';
import { orProblem } from './orProblem.ts';

/** Measurements behind this many figures stay at hand; older figures ask for a re-run. */
const FIGURES_KEPT = 64;

export function createPatientSlices(context: Omit<ViewerContext, 'task'>) {
  const kept = keptByHandle<{ measurements: MeasurementsValue; sliceOf: SliceOf | undefined }>(FIGURES_KEPT);
  return {
    keep: (handle: string, measurements: MeasurementsValue, sliceOf?: SliceOf) =>
      kept.keep(handle, { measurements, sliceOf }),
    async open({ handle, patient, class: name, region: written }: PatientSlicesRequest): Promise<PatientSlicesReply> {
      const found = kept.get(handle);
      if (!found) return { problem: 'Run the cell of the figure again to see slices.' };
      const { measurements, sliceOf } = found;
      const region = REGIONS.find((one) => one === written) ?? 'total';
      const measured = measurements.measured.find((series) => series.patient === patient);
      if (!measured) return { problem: `No CT of ${patient} was measured.` };
      const classes = measurements.derivedFrom?.[name] ?? [name];
      const question = {
        patient,
        series: measured.series,
        overlay: overlayOf(measurements, measured),
        plane: 'axial',
        index: sliceOf?.({ patient, class: name, region: written }),
        window: HU_WINDOWS.lung,
        ...(sliceOf ? {} : { mostOf: { name: classInText(name), classes, region } }),
      } as const;
      return orProblem(async () => ({ view: await sliceView(question, { ...context, task: unattended }) }));
    },
  };
}
