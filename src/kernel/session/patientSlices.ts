/** Opens the slices of a patient who was chosen in a figure, at the slice with most of the figure's class in its region. */

import { HU_WINDOWS } from '../../protocol/hounsfield.ts';
import type { PatientSlicesReply, PatientSlicesRequest } from '../../protocol/kernelApi.ts';
import { REGIONS } from '../../protocol/names.ts';
import { classInText } from '../../protocol/words/displayNames.ts';
import { unattended } from '../base/task.ts';
import type { MeasurementsValue } from '../values/value.ts';
import type { SliceOf } from '../verbs/verb.ts';
import { besideView } from '../views/besideView.ts';
import { type ComparedPairs, registeredView } from '../views/registeredView.ts';
import type { MostOf, SliceQuestion } from '../views/sliceQuestion.ts';
import { overlayOf, sliceView, type ViewerContext } from '../views/sliceView.ts';
import { keptByHandle } from './keptByHandle.ts';
import { orProblem } from './orProblem.ts';

/** Measurements behind this many figures stay at hand; older figures ask for a re-run. */
const FIGURES_KEPT = 64;

/** Measurements, or pairs of CTs that were compared voxel by voxel. */
type Kept =
  | { readonly measurements: MeasurementsValue; readonly sliceOf: SliceOf | undefined }
  | { readonly compared: ComparedPairs };

export function createPatientSlices(context: Omit<ViewerContext, 'task'>) {
  const kept = keptByHandle<Kept>(FIGURES_KEPT);
  return {
    keep: (handle: string, measurements: MeasurementsValue, sliceOf?: SliceOf) =>
      kept.keep(handle, { measurements, sliceOf }),
    keepPairs: (handle: string, compared: ComparedPairs) => kept.keep(handle, { compared }),
    async open({ handle, patient, class: name, region: written }: PatientSlicesRequest): Promise<PatientSlicesReply> {
      const found = kept.get(handle);
      if (!found) return { problem: 'Run the cell of the figure again to see slices.' };
      if ('compared' in found)
        return orProblem(async () => ({
          view: await registeredView(found.compared, patient, {}, { ...context, task: unattended }),
        }));
      const { measurements, sliceOf } = found;
      const places = measurements.measured.flatMap((one, n) => (one.patient === patient ? [n] : []));
      const [place, ...others] = places;
      if (place === undefined) return { problem: `No CT of ${patient} was measured.` };
      const at = sliceOf
        ? { index: sliceOf({ patient, class: name, region: written }) }
        : { mostOf: mostOf(measurements, name, written) };
      const opened = { ...context, task: unattended };
      const last = others.at(-1);
      const [first, second] = [place, last].map((one) => one !== undefined && questionAt(measurements, at, one));
      // A point that stands for what changed is opened at both visits, at the same level.
      const isChange = first && second && first.series.visit !== second.series.visit;
      return orProblem(async () => ({
        view: isChange
          ? await besideView(withoutOthers(first), second, opened)
          : await sliceView(questionAt(measurements, at, place), opened),
      }));
    },
  };
}

/** Two CTs side by side are not leafed through. */
function withoutOthers({ among: _, ...question }: SliceQuestion): SliceQuestion {
  return question;
}

function mostOf({ derivedFrom }: MeasurementsValue, name: string, written: string): MostOf {
  const region = REGIONS.find((one) => one === written) ?? 'total';
  return { name: classInText(name), classes: derivedFrom?.[name] ?? [name], region };
}

/** Where a patient's slices open: of another patient, such an index would mean nothing. */
type At = { readonly index: number | undefined } | { readonly mostOf: MostOf };

function questionAt(measurements: MeasurementsValue, at: At, place: number): SliceQuestion {
  const measured = measurements.measured[place]!;
  return {
    patient: measured.patient,
    series: measured.series,
    overlay: overlayOf(measurements, measured),
    plane: 'axial',
    index: undefined,
    ...at,
    window: HU_WINDOWS.lung,
    among: {
      place,
      of: measurements.measured.length,
      question: (other) => questionAt(measurements, 'mostOf' in at ? at : { index: undefined }, other),
    },
  };
}
