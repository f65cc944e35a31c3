/** Opens the slices of a patient who was chosen in a figure, at the slice with most of the figure's class in its region. */

import { HU_WINDOWS } from '../../protocol/hounsfield.ts';
import type { PatientSlicesReply, PatientSlicesRequest } from '../../protocol/kernelApi.ts';
import { REGIONS, TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { StackPlace } from '../../protocol/pageSlices.ts';
import { classInText } from '../../protocol/words/displayNames.ts';
import { unattended } from '../base/task.ts';
import type { Series } from '../ct/cohort/cohort.ts';
import type { MeasurementsValue } from '../values/value.ts';
import { besideView } from '../views/besideView.ts';
import { type ComparedPairs, pairOf, registeredView } from '../views/registeredView.ts';
import type { MostOf, SliceQuestion } from '../views/sliceQuestion.ts';
import { openingPlaces, overlayOf, sliceView, type ViewerContext } from '../views/sliceView.ts';
import { keptByHandle } from './keptByHandle.ts';
import { orProblem } from './orProblem.ts';

/** Measurements behind this many figures stay at hand; older figures ask for a re-run. */
const FIGURES_KEPT = 64;

/** Measurements, or pairs of CTs that were compared voxel by voxel. */
type Kept = { readonly measurements: MeasurementsValue } | { readonly compared: ComparedPairs };

interface LeadsTo {
  /** In order. */
  readonly patients: readonly string[];
  readonly among?: SliceQuestion['among'];
}

export type PatientSlices = ReturnType<typeof createPatientSlices>;

export function createPatientSlices(context: Omit<ViewerContext, 'task'>) {
  const kept = keptByHandle<Kept>(FIGURES_KEPT);
  return {
    keep: (handle: string, measurements: MeasurementsValue) => kept.keep(handle, { measurements }),
    keepPairs: (handle: string, compared: ComparedPairs) => kept.keep(handle, { compared }),
    async open(request: PatientSlicesRequest): Promise<PatientSlicesReply> {
      const found = kept.get(request.handle);
      if (!found) return { problem: 'Run the cell of the figure again to see slices.' };
      const opened = { ...context, task: unattended };
      if ('compared' in found)
        return orProblem(async () => ({
          view: await registeredView(found.compared, request, indexOf(request.slice), opened),
        }));
      const [first, second] = questionsOf(found, request);
      if (!first) return { problem: `No CT of ${request.patient} was measured.` };
      return orProblem(async () => ({
        view: await (second ? besideView(first, second, opened) : sliceView(first, opened)),
      }));
    },
    /** The patients whose slices the handle leads to, and who can be leafed through from there. */
    leadsTo(handle: string): LeadsTo {
      const found = kept.get(handle);
      if (!found) return { patients: [] };
      if ('compared' in found) return { patients: patientsOf(found.compared.registered.pairs) };
      const patients = patientsOf(found.measurements.measured);
      const firsts = patients.flatMap((patient) => questionsOf(found, { patient, class: '', region: 'total' }));
      const among = firsts.find((question) => question.among !== undefined)?.among;
      return { patients, ...(among ? { among } : {}) };
    },
    /** The CTs that `open` would open; none where it would refuse. */
    ctsOf({ handle, ...request }: PatientSlicesRequest): readonly Series[] {
      const found = kept.get(handle);
      if (!found) return [];
      if (!('compared' in found)) return questionsOf(found, request).map(({ series }) => series);
      const pair = pairOf(found.compared.registered, request);
      return pair ? [pair.first.series, pair.second.series] : [];
    },
    /** Where `open` would open each of what is wanted of a patient; undefined for what it would refuse, and where it is always the same. */
    async places(
      handle: string,
      ct: Pick<PatientSlicesRequest, 'patient' | 'series'>,
      wanted: readonly Pick<PatientSlicesRequest, 'class' | 'region'>[],
    ): Promise<(StackPlace | undefined)[]> {
      const found = kept.get(handle);
      if (!found || 'compared' in found) return wanted.map(() => undefined);
      const questions = wanted.flatMap((one) => questionsOf(found, { ...one, ...ct }).slice(0, 1));
      return openingPlaces(questions, { ...context, task: unattended });
    },
  };
}

function patientsOf(all: readonly { readonly patient: string }[]): string[] {
  return [...new Set(all.map(({ patient }) => patient))];
}

/**
 * Where the CT of a row is among those that were measured. Of a point that stands for a patient it is the first CT of the
 * first visit, and that of the last visit, which show what changed.
 */
function placesOf(
  { measured }: MeasurementsValue,
  { patient, series }: Pick<PatientSlicesRequest, 'patient' | 'series'>,
): readonly number[] {
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

/** Of one CT, or of what changed between two: those of both visits, at the same level. None where none was measured. */
function questionsOf(
  { measurements }: Extract<Kept, { measurements: unknown }>,
  request: Omit<PatientSlicesRequest, 'handle'>,
): SliceQuestion[] {
  const at = request.slice === undefined ? { mostOf: mostOf(measurements, request) } : indexOf(request.slice);
  const [first, second] = placesOf(measurements, request).map((place) => questionAt(measurements, at, place));
  return first && second ? [withoutOthers(first), second] : first ? [first] : [];
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
