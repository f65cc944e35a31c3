/** Opens the slices of a patient who was chosen in a figure, at the slice with most of the figure's class in its region. */

import { HU_WINDOWS } from '../../protocol/hounsfield.ts';
import type { PatientSlicesReply, PatientSlicesRequest } from '../../protocol/kernelApi.ts';
import { REGIONS, TEXTURE_CLASSES } from '../../protocol/names.ts';
import { classInText } from '../../protocol/words/displayNames.ts';
import { unattended } from '../base/task.ts';
import type { MeasurementsValue } from '../values/value.ts';
import { besideView } from '../views/besideView.ts';
import { type ComparedPairs, registeredView } from '../views/registeredView.ts';
import type { MostOf, SliceQuestion } from '../views/sliceQuestion.ts';
import { overlayOf, sliceView, type ViewerContext } from '../views/sliceView.ts';
import { keptByHandle } from './keptByHandle.ts';
import { orProblem } from './orProblem.ts';

/** Measurements behind this many figures stay at hand; older figures ask for a re-run. */
const FIGURES_KEPT = 64;

/** Measurements, or pairs of CTs that were compared voxel by voxel. */
type Kept = { readonly measurements: MeasurementsValue } | { readonly compared: ComparedPairs };

export function createPatientSlices(context: Omit<ViewerContext, 'task'>) {
  const kept = keptByHandle<Kept>(FIGURES_KEPT);
  return {
    keep: (handle: string, measurements: MeasurementsValue) => kept.keep(handle, { measurements }),
    keepPairs: (handle: string, compared: ComparedPairs) => kept.keep(handle, { compared }),
    async open(request: PatientSlicesRequest): Promise<PatientSlicesReply> {
      const { handle, patient, slice } = request;
      const found = kept.get(handle);
      if (!found) return { problem: 'Run the cell of the figure again to see slices.' };
      if ('compared' in found)
        return orProblem(async () => ({
          view: await registeredView(found.compared, request, indexOf(slice), { ...context, task: unattended }),
        }));
      const { measurements } = found;
      const [place, last] = placesOf(measurements, request);
      if (place === undefined) return { problem: `No CT of ${patient} was measured.` };
      const at = slice === undefined ? { mostOf: mostOf(measurements, request) } : indexOf(slice);
      const [first, second] = [place, last].map((one) => one !== undefined && questionAt(measurements, at, one));
      const opened = { ...context, task: unattended };
      return orProblem(async () => ({
        view:
          first && second
            ? await besideView(withoutOthers(first), second, opened)
            : await sliceView(questionAt(measurements, at, place), opened),
      }));
    },
  };
}

/**
 * Where the CT of a row is among those that were measured. Of a point that stands for a patient it is the first CT of the
 * first visit, and that of the last visit, which show what changed.
 */
function placesOf({ measured }: MeasurementsValue, { patient, series }: PatientSlicesRequest): readonly number[] {
  const own = measured.flatMap((one, n) =>
    one.patient === patient && (series === undefined || one.series.id === series) ? [n] : [],
  );
  const [first, last] = [own[0], own.at(-1)].map((n) => (n === undefined ? undefined : measured[n]!.series.visit));
  if (first === last) return own.slice(0, 1);
  return [own[0]!, own.find((n) => measured[n]!.series.visit === last)!];
}

/** From a slice as rows count them, from 1. */
function indexOf(slice: number | undefined): { readonly index: number | undefined } {
  return { index: slice === undefined ? undefined : slice - 1 };
}

/** Two CTs side by side are not leafed through. */
function withoutOthers({ among: _, ...question }: SliceQuestion): SliceQuestion {
  return question;
}

/** Of a row that names no class, all that is in its region. */
function mostOf(
  { derivedFrom }: MeasurementsValue,
  { class: name, region: written }: Pick<PatientSlicesRequest, 'class' | 'region'>,
): MostOf {
  const region = REGIONS.find((one) => one === written) ?? 'total';
  if (name === '') return { name: 'lung', classes: TEXTURE_CLASSES, region };
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
