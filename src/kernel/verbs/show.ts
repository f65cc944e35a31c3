/** `show`: the slice viewer of one patient, or any table. */

import { HU_WINDOWS } from '../../protocol/hounsfield.ts';
import { REGIONS } from '../../protocol/names.ts';
import { PLANES } from '../../protocol/view.ts';
import { allOf } from '../../protocol/words/lists.ts';
import type { ComparedRegion } from '../agreement/agreementTable.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import type { Patient, Series } from '../ct/cohort/cohort.ts';
import { usedSeries } from '../ct/cohort/seriesChoice.ts';
import { visitsOf } from '../ct/visits/visits.ts';
import { choice, oneOf } from '../language/clauses/choice.ts';
import { list } from '../language/clauses/list.ts';
import { name } from '../language/clauses/name.ts';
import { number } from '../language/clauses/number.ts';
import { type Placed, placed } from '../language/clauses/placed.ts';
import { maybe, sequence } from '../language/clauses/sequence.ts';
import { text } from '../language/clauses/text.ts';
import { optional, withDefault } from '../language/declaration.ts';
import { hasSeveralVisits } from '../tables/visitColumn.ts';
import type { Named } from '../values/named.ts';
import { sentencesOf } from '../values/remarks.ts';
import type { MeasuredSeries, MeasurementsValue } from '../values/value.ts';
import { labelledByVisit } from '../values/visits.ts';
import { besideView } from '../views/besideView.ts';
import { patientsOfAgreement, patientsView } from '../views/patientsView.ts';
import { registeredView } from '../views/registeredView.ts';
import type { SliceQuestion } from '../views/sliceQuestion.ts';
import { overlayOf, sliceView } from '../views/sliceView.ts';
import { tableView } from '../views/tableView.ts';
import { REGION_NAMES } from './names.ts';
import { pointingAt } from './pointingAt.ts';
import { declareVerb } from './verb.ts';

export const show = declareVerb({
  name: 'show',
  summary: 'Shows a patient’s CT slices, plain or with textures, or a table.',
  documentation:
    'Opens the slice viewer. With `overlay`, every lung voxel has the colour of its texture, and the report beside it gives the percentages per lobe. Slices are counted from 1, from the feet up (axial), from front to back (coronal) and from the patient’s right to the left (sagittal). Without `slice`, the one with most abnormal lung is shown, or the middle one. Without a patient, the first one. Two CTs stand side by side with `beside`, and with two overlays, two series or two visits: they scroll together at the same level, from the lungs’ base to their apex. Of a table that compared two CTs of each patient `on voxels`, a patient’s label shows both side by side, the second moved to where the first has each voxel. A table is shown as it is; `as patients` gives it a row per patient and a column per class, of one region.',
  examples: [
    'show cohort "P01" overlay ai plane axial slice 40 window lung',
    'show cohort "P01" beside cohort "P02" overlay ai',
    'show cohort "P01" overlay ai, strict',
    'show cohort "P01" visit 1, 2 overlay ai',
    'show ai as patients in RLL',
  ],
  subject: {
    type: sequence(name('cohort', 'table', 'measurements', 'agreement'), maybe(placed(text('patient')))),
    noun: 'the name of a cohort or table',
    documentation:
      'A cohort, with the patient’s label in double quotes; or a table, with the label where it compared two CTs of each patient.',
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
    visit: optional(
      placed(list(number({ integer: true, minimum: 1 }))),
      'Which visit of the patient, else the first; of two, the second stands beside the first.',
    ),
    beside: optional(
      sequence(name('cohort'), maybe(placed(text('patient')))),
      'A second CT to the right, scrolled at the same level: a cohort, and the patient’s label where it is another one; of one patient alone, that one.',
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
    cohort: {
      of: 'of a cohort',
      subject: ['cohort'],
      clauses: ['overlay', 'series', 'visit', 'beside', 'plane', 'slice', 'window'],
    },
    pair: {
      of: 'of two CTs that were compared voxel by voxel',
      subject: ['table'],
      clauses: ['plane', 'slice', 'window'],
    },
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
    {
      subject: [{ name, value }, label],
      overlay = [],
      series = [],
      visit,
      beside,
      plane,
      slice,
      window,
      as,
      in: region,
    },
    context,
    takesForm,
  ) {
    const pairs = label && value.kind === 'table' ? value.registered : undefined;
    takesForm(value.kind === 'cohort' ? 'cohort' : pairs ? 'pair' : as ? 'patients' : 'table');
    if (pairs && value.kind === 'table') {
      const look = { plane, index: slice && slice - 1, window: HU_WINDOWS[window] };
      return {
        view: () =>
          pointingAt(label, () =>
            registeredView({ registered: pairs, provenance: value.provenance }, label?.value, look, context),
          ),
      };
    }
    if (value.kind !== 'cohort' && label)
      throw new UserError(
        'wrong-kind',
        `\`${name}\` is a table; slices are shown of a cohort, with \`overlay ${name}\` where it holds measurements.`,
        label.span,
      );
    if (value.kind === 'agreement' && as) return { view: () => patientsOfAgreement(name, value, region) };
    if (value.kind !== 'cohort' && value.kind !== 'agreement' && as) {
      const rows = hasSeveralVisits(value.table) ? labelledByVisit({ name, value }).value : value;
      return { view: () => patientsView(name, rows, region ?? 'total') };
    }
    if (value.kind !== 'cohort')
      return {
        view: () =>
          tableView(value.table, {
            title: name,
            notes: value.kind === 'agreement' ? [...sentencesOf(value.remarks), ...value.notes(value.pairs)] : [],
            researchOnly: value.kind !== 'table',
            provenance: value.provenance,
            ...(value.kind === 'table' && value.headings && { columns: value.headings }),
          }),
      };
    refuseThird('overlay', overlay);
    refuseThird('series', series);
    refuseThird('visit', visit?.value ?? []);
    const [firstVisit, secondVisit] = (visit?.value ?? []).map((one) => ({ value: one, span: visit?.span }));
    const look: Look = { plane, window: HU_WINDOWS[window], overlay: overlay[0] };
    const asked = { name, value, label, overlay: overlay[0], series: series[0], visit: firstVisit };
    const { patient, shown } = await shownOf(asked);
    if (!beside && overlay.length < 2 && series.length < 2 && !secondVisit) {
      const question = { ...questionAmong(value.cohort.patients, shown, look), index: slice && slice - 1 };
      return { view: () => sliceView(question, context) };
    }
    const [second, otherLabel] = beside ?? [{ name, value }, undefined];
    const otherOverlay = overlay[1] ?? overlay[0];
    const other = await shownOf({
      ...second,
      label: otherLabel ?? samePatient(patient, second.value.cohort.patients),
      overlay: otherOverlay,
      series: series[1],
      visit: secondVisit ?? firstVisit,
    });
    const question = { ...questionAt([shown], 0, look), index: slice && slice - 1 };
    const besideIt = questionAt([other.shown], 0, { ...look, overlay: otherOverlay });
    return { view: () => besideView(question, besideIt, context) };
  },
});

/** What a statement says of one of the CTs that it shows. */
interface Asked extends Named<'cohort'> {
  readonly label: Placed<string> | undefined;
  readonly overlay: Named<'measurements'> | undefined;
  readonly series: Placed<string> | undefined;
  readonly visit: Placed<number> | undefined;
}

/** Throws a UserError where there is no such patient or series, or it was not measured. */
async function shownOf({
  name,
  value,
  label,
  overlay,
  series: wanted,
  visit,
}: Asked): Promise<{ readonly patient: Patient; readonly shown: Shown }> {
  const patient = await pointingAt(label, () => patientOf(value.cohort.patients, label?.value, name));
  const ofVisit = await pointingAt(visit, () => seriesOfVisit(patient, visit?.value));
  const series = await pointingAt(wanted, () => seriesOf(ofVisit, wanted?.value));
  const measured = overlay && measuredOf(overlay.value, overlay.name, patient, series);
  return { patient, shown: { patient: patient.id, series, measured } };
}

/** The patient of the same label, or the only one. */
function samePatient({ id }: Patient, patients: readonly Patient[]): Placed<string> {
  const isThere = patients.some((other) => other.id === id);
  return { value: isThere || patients.length > 1 ? id : patients[0]!.id, span: undefined };
}

function refuseThird(clause: string, items: readonly unknown[]): void {
  if (items.length > 2)
    throw new UserError(
      'out-of-range',
      `Two CTs stand side by side at most: \`${clause}\` takes one or two, and has ${items.length}.`,
    );
}

/** One CT that can be shown. */
interface Shown {
  readonly patient: string;
  readonly series: Series;
  readonly measured: MeasuredSeries | undefined;
}

/** The CTs that are shown of a patient who was not asked for, one of each visit: the measured ones where textures are laid over. */
function firstSeries(patient: Patient, overlay: MeasurementsValue | undefined): Shown[] {
  const all = overlay
    ? overlay.measured.flatMap((measured) =>
        measured.patient === patient.id ? [{ patient: patient.id, series: measured.series, measured }] : [],
      )
    : usedSeries(patient).map((series) => ({ patient: patient.id, series, measured: undefined }));
  return all.filter(({ series: { visit } }, n) => all.findIndex((one) => one.series.visit === visit) === n);
}

/** The viewer of a CT, from which one can leaf through the others of the cohort. */
function questionAmong(patients: readonly Patient[], shown: Shown, look: Look): SliceQuestion {
  const isPlace = ({ patient, series: { visit } }: Shown) => patient === shown.patient && visit === shown.series.visit;
  const all = patients.flatMap((patient) => {
    const own = firstSeries(patient, look.overlay?.value);
    if (patient.id !== shown.patient || own.some(isPlace)) return own.map((one) => (isPlace(one) ? shown : one));
    return [shown, ...own];
  });
  return questionAt(all, all.indexOf(shown), look);
}

interface Look extends Pick<SliceQuestion, 'plane' | 'window'> {
  readonly overlay: Named<'measurements'> | undefined;
}

/** The viewer of one of the CTs, from which one can leaf through the others. */
function questionAt(all: readonly Shown[], place: number, look: Look): SliceQuestion {
  const { patient, series, measured } = all[place]!;
  const { plane, window, overlay } = look;
  return {
    patient,
    series,
    overlay: overlay && measured && { ...overlayOf(overlay.value, measured), name: overlay.name },
    plane,
    index: undefined,
    window,
    ...(all.length > 1 ? { among: { place, of: all.length, question: (other) => questionAt(all, other, look) } } : {}),
  };
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

/** The patient with the series of one visit alone. Throws a UserError where there is no such visit. */
function seriesOfVisit(patient: Patient, visit: number | undefined): Patient {
  if (visit === undefined) return patient;
  const series = patient.series.filter((one) => one.visit === visit);
  if (series.length > 0) return { ...patient, series };
  const known = visitsOf(patient);
  throw new UserError(
    'unknown-visit',
    `${patient.id} has no visit ${visit}: ${known.length ? `there ${known.length === 1 ? 'is' : 'are'} ${allOf(known.map(String))}` : 'the cohort has no visits'}.`,
  );
}

function seriesOf(patient: Patient, id: string | undefined): Series {
  if (id === undefined) return usedSeries(patient)[0]!;
  // Within a visit a series may be called as it was before the visits were put together.
  const found =
    patient.series.find((s) => s.id === id) ??
    patient.series.find(({ visit, name }) => visit !== undefined && name === id);
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
