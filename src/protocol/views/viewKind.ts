/** What every kind of view has to answer, and the parts that several kinds have in common. */
import type { Annotations } from '../annotations/annotation.ts';
import type { CellRemark } from '../kernelApi.ts';
import type { KeptRemark, SeriesRemark } from '../remark.ts';
import type { ModelProvenance, Provenance, ViewModel } from '../view.ts';
import { type LabelReplacement, labelsIn, type PlacesOf, textsIn, withLabelsIn } from './places.ts';

export interface ViewKind<V extends ViewModel> {
  /** For terminals, for notebooks without the renderer, for screen readers. */
  readonly plainText: (view: V) => string;
  /** Labels of patients, where they stand as such and not within a sentence. */
  readonly patientLabels: (view: V) => readonly string[];
  readonly withLabels: (view: V, labels: LabelReplacement) => V;
  /** Everything that can be read in it, for a check that looks for identifiers. */
  readonly texts: (view: V) => readonly string[];
  /** Pictures of patients that are kept in it. */
  readonly pictures: (view: V) => number;
}

/** The answers that follow from where labels may stand. */
export function answersOf<V extends ViewModel>(
  places: PlacesOf<V>,
): Pick<ViewKind<V>, 'patientLabels' | 'withLabels' | 'texts' | 'pictures'> {
  return {
    patientLabels: (view) => labelsIn(view, places),
    // SAFETY: texts are replaced by texts, and the names of inputs by names; the shape stays.
    withLabels: (view, labels) => withLabelsIn(view, places, labels) as V,
    texts: (view) => textsIn(view, places),
    pictures: () => 0,
  };
}

const MODEL: PlacesOf<ModelProvenance> = {
  id: 'fixed',
  version: 'fixed',
  sha256: 'fixed',
  licence: 'fixed',
  externalData: 'fixed',
};
export const PROVENANCE: PlacesOf<Provenance> = {
  software: 'fixed',
  models: MODEL,
  inputs: 'inputs',
  parameters: 'words',
};
export const MESSAGE: PlacesOf<KeptRemark> = { severity: 'fixed', text: 'words', patients: 'patient' };
export const FLAG: PlacesOf<SeriesRemark> = {
  patient: 'patient',
  series: 'words',
  severity: 'fixed',
  code: 'fixed',
  message: 'words',
  patients: 'patient',
};
export const PROBLEM: PlacesOf<CellRemark> = {
  code: 'fixed',
  message: 'words',
  patients: 'patient',
  span: 'fixed',
  details: 'words',
  fixes: { title: 'words', span: 'fixed', text: 'words' },
};

/** What is drawn on the slices of a notebook. */
export const ANNOTATIONS: PlacesOf<Annotations> = {
  drawn: { id: 'fixed', patient: 'patient', series: 'words', name: 'words', shape: 'fixed', plane: 'fixed' },
  slices: {
    patient: 'patient',
    series: 'words',
    slice: { plane: 'fixed', slab: 'fixed', hu: 'picture', lobes: 'picture', textures: 'picture', zones: 'picture' },
  },
};

export const RESEARCH_ONLY = 'Research only: not a medical device.';

/** Lines, without those that say nothing. */
export function joined(...lines: readonly (string | undefined)[]): string {
  return lines.filter((line) => line !== undefined && line !== '').join('\n');
}

export function flagText({ severity, patient, series, code, message }: SeriesRemark): string {
  return `${severity}: ${patient}, ${series} [${code}]: ${message}`;
}
