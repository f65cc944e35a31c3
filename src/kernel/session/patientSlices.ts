/** Opens the slices of a patient who was chosen in a figure, at the slice with most of the figure's class in its region. */

import { HU_WINDOWS } from '../../protocol/hounsfield.ts';
import type { PatientSlicesReply, PatientSlicesRequest } from '../../protocol/kernelApi.ts';
import { REGIONS } from '../../protocol/names.ts';
import type { StackPlace } from '../../protocol/pageSlices.ts';
import { classInText } from '../../protocol/words/displayNames.ts';
import { unattended } from '../base/task.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import type { CtPair } from '../values/ctPairs.ts';
import type { MeasurementsValue } from '../values/value.ts';
import type { SliceOf } from '../verbs/verb.ts';
import { besideView } from '../views/besideView.ts';
import { type ComparedPairs, registeredView } from '../views/registeredView.ts';
import type { MostOf, SliceQuestion } from '../views/sliceQuestion.ts';
import { openingPlaces, overlayOf, sliceView, type ViewerContext } from '../views/sliceView.ts';
import { keptByHandle } from './keptByHandle.ts';
import { orProblem } from './orProblem.ts';

/** Measurements behind this many figures stay at hand; older figures ask for a re-run. */
const FIGURES_KEPT = 64;

/** Measurements, or pairs of CTs that were compared voxel by voxel. */
type Kept =
  | { readonly measurements: MeasurementsValue; readonly sliceOf: SliceOf | undefined }
  | { readonly compared: ComparedPairs };

interface LeadsTo {
  readonly patients: readonly {
    readonly patient: string;
    /** The CTs that open. */
    readonly series: readonly Series[];
  }[];
  readonly among?: SliceQuestion['among'];
}

export type PatientSlices = ReturnType<typeof createPatientSlices>;

export function createPatientSlices(context: Omit<ViewerContext, 'task'>) {
  const kept = keptByHandle<Kept>(FIGURES_KEPT);
  return {
    keep: (handle: string, measurements: MeasurementsValue, sliceOf?: SliceOf) =>
      kept.keep(handle, { measurements, sliceOf }),
    keepPairs: (handle: string, compared: ComparedPairs) => kept.keep(handle, { compared }),
    async open(request: PatientSlicesRequest): Promise<PatientSlicesReply> {
      const found = kept.get(request.handle);
      if (!found) return { problem: 'Run the cell of the figure again to see slices.' };
      const opened = { ...context, task: unattended };
      if ('compared' in found)
        return orProblem(async () => ({ view: await registeredView(found.compared, request.patient, {}, opened) }));
      const [first, second] = questionsOf(found, request);
      if (!first) return { problem: `No CT of ${request.patient} was measured.` };
      return orProblem(async () => ({
        view: await (second ? besideView(first, second, opened) : sliceView(first, opened)),
      }));
    },
    /** The patients whose slices the handle leads to, in order, and who can be leafed through from there. */
    leadsTo(handle: string): LeadsTo {
      const found = kept.get(handle);
      if (!found) return { patients: [] };
      if ('compared' in found) return { patients: found.compared.registered.pairs.map(ofPair) };
      const names = new Set(found.measurements.measured.map(({ patient }) => patient));
      const firsts = [...names].map((patient) => questionsOf(found, { patient, class: '', region: 'total' }));
      const patients = firsts.map((questions) => ({
        patient: questions[0]!.patient,
        series: questions.map(({ series }) => series),
      }));
      const among = firsts.map(([first]) => first?.among).find((one) => one !== undefined);
      return { patients, ...(among ? { among } : {}) };
    },
    /** Where `open` would open each of what is wanted of a patient; undefined for what it would refuse, and where it is always the same. */
    async places(
      handle: string,
      patient: string,
      wanted: readonly Pick<PatientSlicesRequest, 'class' | 'region'>[],
    ): Promise<(StackPlace | undefined)[]> {
      const found = kept.get(handle);
      if (!found || 'compared' in found) return wanted.map(() => undefined);
      const questions = wanted.flatMap((one) => questionsOf(found, { ...one, patient }).slice(0, 1));
      return openingPlaces(questions, { ...context, task: unattended });
    },
  };
}

function ofPair({ patient, first, second }: CtPair) {
  return { patient, series: [first.series, second.series] };
}

/** Of one CT, or of what changed between two: those of both visits, at the same level. None where none was measured. */
function questionsOf(
  { measurements, sliceOf }: Extract<Kept, { measurements: unknown }>,
  { patient, class: name, region: written }: Omit<PatientSlicesRequest, 'handle'>,
): SliceQuestion[] {
  const places = measurements.measured.flatMap((one, n) => (one.patient === patient ? [n] : []));
  const [place] = places;
  if (place === undefined) return [];
  const at = sliceOf
    ? { index: sliceOf({ patient, class: name, region: written }) }
    : { mostOf: mostOf(measurements, name, written) };
  const first = questionAt(measurements, at, place);
  const second = questionAt(measurements, at, places.at(-1)!);
  return first.series.visit === second.series.visit ? [first] : [withoutOthers(first), second];
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
