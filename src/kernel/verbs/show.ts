/** `show`: the slice viewer of one patient, or any table. */

import { HU_WINDOWS } from '../../protocol/hounsfield.ts';
import { PLANES } from '../../protocol/view.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import type { Patient, Series } from '../ct/cohort/cohort.ts';
import { usedSeries } from '../ct/cohort/seriesChoice.ts';
import { oneOf } from '../language/clauses/choice.ts';
import { list } from '../language/clauses/list.ts';
import { name } from '../language/clauses/name.ts';
import { number } from '../language/clauses/number.ts';
import { type Placed, placed } from '../language/clauses/placed.ts';
import { maybe, sequence } from '../language/clauses/sequence.ts';
import { text } from '../language/clauses/text.ts';
import { optional, withDefault } from '../language/declaration.ts';
import type { Named } from '../values/named.ts';
import { sentencesOf } from '../values/remarks.ts';
import type { MeasuredSeries, MeasurementsValue } from '../values/value.ts';
import { besideView } from '../views/besideView.ts';
import { overlayOf, type SliceQuestion, sliceView } from '../views/sliceView.ts';
import { tableView } from '../views/tableView.ts';
import { pointingAt } from './pointingAt.ts';
import { declareVerb } from './verb.ts';

export const show = declareVerb({
  name: 'show',
  summary: 'Shows a patient’s CT slices, plain or with textures, or a table.',
  documentation:
    'Opens the slice viewer. With `overlay`, every lung voxel has the colour of its texture, and the report beside it gives the percentages per lobe. Slices are counted from 1, from the feet up (axial), from front to back (coronal) and from the patient’s right to the left (sagittal). Without `slice`, the one with most abnormal lung is shown, or the middle one. Without a patient, the first one. Two CTs stand side by side with `beside`, and with two overlays or two series: they scroll together at the same level, from the lungs’ base to their apex.',
  examples: [
    'show cohort "P01" overlay ai plane axial slice 40 window lung',
    'show cohort "P01" beside cohort "P02" overlay ai',
    'show cohort "P01" overlay ai, strict',
  ],
  subject: {
    type: sequence(name('cohort', 'table', 'measurements', 'agreement'), maybe(placed(text('patient')))),
    noun: 'the name of a cohort or table',
    documentation: 'A cohort, with the patient’s label in double quotes; or a table.',
  },
  clauses: {
    overlay: optional(
      list(name('measurements')),
      'Measurements whose textures are laid over the slices; of two, the second over those beside.',
    ),
    series: optional(
      list(placed(text('series'))),
      'The series, where a patient has several, else the one that `load` chose; of two, the second is that beside.',
    ),
    beside: optional(
      sequence(name('cohort'), maybe(placed(text('patient')))),
      'A second CT to the right, scrolled at the same level: a cohort, and the patient’s label where it is another one.',
    ),
    plane: withDefault(oneOf(...PLANES), 'axial', 'The plane that is shown first.'),
    slice: optional(number({ integer: true, minimum: 1 }), 'The slice that is shown first, counted from 1.'),
    window: withDefault(
      oneOf('lung', 'mediastinum', 'bone'),
      'lung',
      'Lung: −1350 to 150 HU; mediastinum: −160 to 240 HU; bone: −500 to 1300 HU.',
    ),
  },
  forms: {
    cohort: {
      of: 'of a cohort',
      subject: ['cohort'],
      clauses: ['overlay', 'series', 'beside', 'plane', 'slice', 'window'],
    },
    table: { of: 'of a table', subject: ['table', 'measurements', 'agreement'], clauses: [] },
  },
  gives: [],
  alwaysShown: true,
  async run(
    { subject: [{ name, value }, label], overlay = [], series = [], beside, plane, slice, window },
    context,
    takesForm,
  ) {
    takesForm(value.kind === 'cohort' ? 'cohort' : 'table');
    if (value.kind !== 'cohort' && label)
      throw new UserError(
        'wrong-kind',
        `\`${name}\` is a table; slices are shown of a cohort, with \`overlay ${name}\` where it holds measurements.`,
        label.span,
      );
    if (value.kind !== 'cohort')
      return {
        view: () =>
          tableView(value.table, {
            title: name,
            notes: value.kind === 'agreement' ? [...sentencesOf(value.remarks), ...value.notes(value.pairs)] : [],
            researchOnly: value.kind !== 'table',
            provenance: value.provenance,
          }),
      };
    refuseThird('overlay', overlay);
    refuseThird('series', series);
    const first = await ctOf({ name, value, label, overlay: overlay[0], series: series[0] });
    const question = { ...first, plane, index: slice && slice - 1, window: HU_WINDOWS[window] };
    if (!beside && overlay.length < 2 && series.length < 2) return { view: () => sliceView(question, context) };
    const [second, otherLabel] = beside ?? [{ name, value }, undefined];
    const other = await ctOf({
      ...second,
      label: otherLabel ?? { value: first.patient, span: undefined },
      overlay: overlay[1] ?? overlay[0],
      series: series[1],
    });
    return { view: () => besideView(question, other, context) };
  },
});

/** What a statement says of one of the CTs that it shows. */
interface ShownCt extends Named<'cohort'> {
  readonly label: Placed<string> | undefined;
  readonly overlay: Named<'measurements'> | undefined;
  readonly series: Placed<string> | undefined;
}

/** Throws a UserError where there is no such patient or series, or it was not measured. */
async function ctOf({
  name,
  value,
  label,
  overlay,
  series: wanted,
}: ShownCt): Promise<Pick<SliceQuestion, 'patient' | 'series' | 'overlay'>> {
  const patient = await pointingAt(label, () => patientOf(value.cohort.patients, label?.value, name));
  const series = await pointingAt(wanted, () => seriesOf(patient, wanted?.value));
  const measured = overlay && measuredOf(overlay.value, overlay.name, patient, series);
  return {
    patient: patient.id,
    series,
    overlay: overlay && measured && { ...overlayOf(overlay.value, measured), name: overlay.name },
  };
}

function refuseThird(clause: string, items: readonly unknown[]): void {
  if (items.length > 2)
    throw new UserError(
      'out-of-range',
      `Two CTs stand side by side at most: \`${clause}\` takes one or two, and has ${items.length}.`,
    );
}

function patientOf(patients: readonly Patient[], label: string | undefined, cohort: string): Patient {
  if (label === undefined) return patients[0]!;
  const found = patients.find((p) => p.id === label);
  if (found) return found;
  throw new UserError(
    'unknown-patient',
    `There is no patient "${label}" in \`${cohort}\`: ${suggestionFor(
      label,
      patients.map((p) => p.id),
    )}`,
  );
}

function seriesOf(patient: Patient, id: string | undefined): Series {
  if (id === undefined) return usedSeries(patient)[0]!;
  const found = patient.series.find((s) => s.id === id);
  if (found) return found;
  throw new UserError(
    'unknown-series',
    `${patient.id} has no series "${id}": ${suggestionFor(
      id,
      patient.series.map((s) => s.id),
    )}`,
  );
}

function measuredOf(overlay: MeasurementsValue, name: string, patient: Patient, series: Series): MeasuredSeries {
  const found = overlay.measured.find((m) => m.patient === patient.id && m.series.id === series.id);
  if (found) return found;
  throw new UserError(
    'not-measured',
    `\`${name}\` holds no measurement of ${patient.id}, ${series.id}. Measure it with \`quantify\` first, or leave \`overlay\` away.`,
  );
}
