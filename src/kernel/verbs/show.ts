/** `show`: the slice viewer of one patient, or any table. */

import { HU_WINDOWS } from '../../protocol/hounsfield.ts';
import { REGIONS } from '../../protocol/names.ts';
import { PLANES } from '../../protocol/view.ts';
import type { ComparedRegion } from '../agreement/agreementTable.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import type { Patient, Series } from '../ct/cohort/cohort.ts';
import { usedSeries } from '../ct/cohort/seriesChoice.ts';
import { choice, oneOf } from '../language/clauses/choice.ts';
import { name } from '../language/clauses/name.ts';
import { number } from '../language/clauses/number.ts';
import { placed } from '../language/clauses/placed.ts';
import { maybe, sequence } from '../language/clauses/sequence.ts';
import { text } from '../language/clauses/text.ts';
import { optional, withDefault } from '../language/declaration.ts';
import { sentencesOf } from '../values/remarks.ts';
import type { MeasuredSeries, MeasurementsValue } from '../values/value.ts';
import { patientsOfAgreement, patientsView } from '../views/patientsView.ts';
import { overlayOf, sliceView } from '../views/sliceView.ts';
import { tableView } from '../views/tableView.ts';
import { REGION_NAMES } from './names.ts';
import { pointingAt } from './pointingAt.ts';
import { declareVerb } from './verb.ts';

export const show = declareVerb({
  name: 'show',
  summary: 'Shows a patient’s CT slices, plain or with textures, or a table.',
  documentation:
    'Opens the slice viewer. With `overlay`, every lung voxel has the colour of its texture, and the report beside it gives the percentages per lobe. Slices are counted from 1, from the feet up (axial), from front to back (coronal) and from the patient’s right to the left (sagittal). Without `slice`, the one with most abnormal lung is shown, or the middle one. Without a patient, the first one. A table is shown as it is; `as patients` gives it a row per patient and a column per class, of one region.',
  examples: ['show cohort "P01" overlay ai plane axial slice 40 window lung', 'show ai as patients in RLL'],
  subject: {
    type: sequence(name('cohort', 'table', 'measurements', 'agreement'), maybe(placed(text('patient')))),
    noun: 'the name of a cohort or table',
    documentation: 'A cohort, with the patient’s label in double quotes; or a table.',
  },
  clauses: {
    overlay: optional(name('measurements'), 'Measurements whose textures are laid over the slices.'),
    series: optional(
      placed(text('series')),
      'The series, where a patient has several; else the one that `load` chose.',
    ),
    plane: withDefault(oneOf(...PLANES), 'axial', 'The plane that is shown first.'),
    slice: optional(number({ integer: true, minimum: 1 }), 'The slice that is shown first, counted from 1.'),
    window: withDefault(
      oneOf('lung', 'mediastinum', 'bone'),
      'lung',
      'Lung: −1350 to 150 HU; mediastinum: −160 to 240 HU; bone: −500 to 1300 HU.',
    ),
    as: optional(oneOf('patients'), 'A row per patient.', 'as it is'),
    in: optional(
      choice<ComparedRegion>({ ...REGION_NAMES, options: [...REGIONS, 'lobes'] }),
      'The region whose readings `as patients` shows; `lobes` where they were pooled.',
      'total',
    ),
  },
  forms: {
    cohort: { of: 'of a cohort', subject: ['cohort'], clauses: ['overlay', 'series', 'plane', 'slice', 'window'] },
    table: {
      of: 'of a table',
      subject: ['table', 'measurements', 'agreement'],
      unwritten: ['as'],
      clauses: ['as'],
      instead: { in: 'A table has all its regions: write `as patients in RLL`, or `filter … where region == "RLL"`.' },
    },
    patients: {
      of: 'as patients',
      subject: ['table', 'measurements', 'agreement'],
      written: ['as'],
      clauses: ['as', 'in'],
    },
  },
  gives: [],
  alwaysShown: true,
  async run(
    { subject: [{ name, value }, label], overlay, series: wanted, plane, slice, window, as, in: region },
    context,
    takesForm,
  ) {
    takesForm(value.kind === 'cohort' ? 'cohort' : as ? 'patients' : 'table');
    if (value.kind !== 'cohort' && label)
      throw new UserError(
        'wrong-kind',
        `\`${name}\` is a table; slices are shown of a cohort, with \`overlay ${name}\` where it holds measurements.`,
        label.span,
      );
    if (value.kind === 'agreement' && as) return { view: () => patientsOfAgreement(name, value, region) };
    if (value.kind !== 'cohort' && value.kind !== 'agreement' && as)
      return { view: () => patientsView(name, value, region ?? 'total') };
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
    const patient = await pointingAt(label, () => patientOf(value.cohort.patients, label?.value, name));
    const series = await pointingAt(wanted, () => seriesOf(patient, wanted?.value));
    const measured = overlay && measuredOf(overlay.value, overlay.name, patient, series);
    const question = {
      patient: patient.id,
      series,
      overlay: overlay && measured && overlayOf(overlay.value, measured),
      plane,
      index: slice && slice - 1,
      window: HU_WINDOWS[window],
    };
    return { view: () => sliceView(question, context) };
  },
});

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
