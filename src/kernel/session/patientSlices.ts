/** Opens the slices of a patient who was chosen in a figure, at the slice with most of the figure's class in its region. */
import { HU_WINDOWS } from '../../protocol/hounsfield.ts';
import type { PatientSlicesReply, PatientSlicesRequest } from '../../protocol/kernelApi.ts';
import { classLabel } from '../base/labels.ts';
import { unattended } from '../base/task.ts';
import type { MeasurementsValue } from '../values/value.ts';
import type { MostOf, SliceQuestion } from '../views/sliceQuestion.ts';
import { overlayOf, sliceView, type ViewerContext } from '../views/sliceView.ts';
import { keptByHandle } from './keptByHandle.ts';
import { orProblem } from './orProblem.ts';

/** Measurements behind this many figures stay at hand; older figures ask for a re-run. */
const FIGURES_KEPT = 64;

export function createPatientSlices(context: Omit<ViewerContext, 'task'>) {
  const kept = keptByHandle<MeasurementsValue>(FIGURES_KEPT);
  return {
    keep: kept.keep,
    async open({ handle, patient, class: name, region }: PatientSlicesRequest): Promise<PatientSlicesReply> {
      const measurements = kept.get(handle);
      if (!measurements) return { problem: 'Run the cell of the figure again to see slices.' };
      const place = measurements.measured.findIndex((series) => series.patient === patient);
      if (place < 0) return { problem: `No CT of ${patient} was measured.` };
      const classes = measurements.derivedFrom?.[name] ?? [name];
      const mostOf = { name: inText(name), classes, region };
      return orProblem(async () => ({
        view: await sliceView(questionAt(measurements, mostOf, place), { ...context, task: unattended }),
      }));
    },
  };
}

function questionAt(measurements: MeasurementsValue, mostOf: MostOf, place: number): SliceQuestion {
  const measured = measurements.measured[place]!;
  return {
    patient: measured.patient,
    series: measured.series,
    overlay: overlayOf(measurements, measured),
    plane: 'axial',
    index: undefined,
    window: HU_WINDOWS.lung,
    mostOf,
    among: {
      place,
      of: measurements.measured.length,
      question: (other) => questionAt(measurements, mostOf, other),
    },
  };
}

/** A class's name within a sentence. */
function inText(name: string): string {
  const label = classLabel(name);
  return label.charAt(0).toLowerCase() + label.slice(1);
}
