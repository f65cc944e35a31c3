/** `show`: the slice viewer of one patient, or any table. */

import { HU_WINDOWS } from '../../protocol/hounsfield.ts';
import { type Level, REGIONS } from '../../protocol/names.ts';
import { PLANES, type Plane } from '../../protocol/view.ts';
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
import type { MeasuredSeries, MeasurementsValue } from '../values/value.ts';
import { labelledByVisit } from '../values/visits.ts';
import { besideView } from '../views/besideView.ts';
import { patientsOfAgreement, patientsView } from '../views/patientsView.ts';
import { registeredView } from '../views/registeredView.ts';
import { shownTable } from '../views/shownTable.ts';
import type { SliceQuestion } from '../views/sliceQuestion.ts';
import { overlayOf, sliceView } from '../views/sliceView.ts';
import { LEVEL_NAMES, REGION_NAMES } from './names.ts';
import { pointingAt } from './pointingAt.ts';
import { declareVerb } from './verb.ts';

export const show = declareVerb({
  name: 'show',
  summary: 'Shows a patient’s CT slices, plain or with textures, or a table.',
  documentation:
    'Opens the slice viewer. With `overlay`, every lung voxel has the colour of its texture, and the report beside it gives the percentages per lobe. Slices are counted from 1, from the feet up (axial), from front to back (coronal) and from the patient’s right to the left (sagittal). Without `slice`, the one with most abnormal lung is shown, or the middle one. Without a patient, the first one. Two CTs stand side by side with `beside`, and with two overlays, two series or two visits: they scroll together at the same level, from the lungs’ base to their apex. Of a table that compared two CTs of each patient `on voxels`, a patient’s label shows both side by side, the second moved to where the first has each voxel. A table is shown as the statement that made it shows it; `as patients` gives it a row per patient and a column per class, of one region.',
  examples: [
    'show cohort "P01" overlay ai plane axial slice 40 window lung',
    'show cohort "P01" beside cohort "P02" overlay ai',
    'show cohort "P01" overlay ai, strict',
    'show cohort "P01" overlay ai at level carina',
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
    at: optional(
      sequence(oneOf('level'), choice(LEVEL_NAMES)),
      'With `overlay`: `at level carina` shows the axial slice of a level of visual scores, and stays at it as one leafs through the patients.',
    ),
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
      clauses: ['overlay', 'series', 'visit', 'beside', 'plane', 'slice', 'at', 'window'],
    },
    pair: {
      of: 'of two CTs that were compared voxel by voxel',
      subject: ['table'],
      clauses: ['visit', 'plane', 'slice', 'window'],
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
      at,
      window,
      as,
      in: region,
    },
    context,
    takesForm,
  ) {
    const registered = label && value.kind === 'table' ? value.registered : undefined;
    takesForm(value.kind === 'cohort' ? 'cohort' : registered ? 'pair' : as ? 'patients' : 'table');
    if (registered && value.kind === 'table') {
      if (visit && visit.value.length > 1)
        throw new UserError(
          'idle-clause',
          'Both CTs of a comparison are shown together. Write one visit, or leave `visit` out.',
          visit.span,
        );
      const pair = { patient: label?.value, visit: visit?.value[0] };
      const look = { plane, index: slice && slice - 1, window: HU_WINDOWS[window] };
      return {
        view: () =>
          pointingAt(label, () => registeredView({ registered, provenance: value.provenance }, pair, look, context)),
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
    if (value.kind !== 'cohort') return { view: () => shownTable({ name, value }) };
    refuseThird('overlay', overlay);
    refuseThird('series', series);
    refuseThird('visit', visit?.value ?? []);
    const [firstVisit, secondVisit] = (visit?.value ?? []).map((one) => ({ value: one, span: visit?.span }));
    const look: Look = {
      plane,
      window: HU_WINDOWS[window],
      overlay: overlay[0],
      level: levelAsked(at?.[1], overlay, slice, plane),
    };
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
    const firsts = allShown(value, { shown, overlay: overlay[0], series: series[0], visit: firstVisit });
    const others = allShown(second.value, {
      shown: other.shown,
      overlay: otherOverlay,
      series: series[1],
      visit: secondVisit ?? firstVisit,
    });
    const pairs = pairsOf([shown, other.shown], firsts, others);
    const place = pairs.findIndex(([first]) => first === shown);
    const question = { ...pairAt(pairs, place, [look, { ...look, overlay: otherOverlay }]), index: slice && slice - 1 };
    return { view: () => besideView(question, question.beside, context) };
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

/** Levels are found between the lungs that were measured. Throws a UserError where nothing was, or a slice is named as well. */
function levelAsked(
  level: Level | undefined,
  overlay: readonly unknown[],
  slice: number | undefined,
  plane: Plane,
): Level | undefined {
  if (level === undefined) return undefined;
  if (overlay.length === 0)
    throw new UserError(
      'missing-clause',
      `\`at level ${level}\` is found in a measured CT: write \`overlay\` and the name of the measurements.`,
    );
  if (slice !== undefined || plane !== 'axial')
    throw new UserError(
      'idle-clause',
      `\`at level ${level}\` is an axial slice: leave \`${slice === undefined ? `plane ${plane}` : `slice ${slice}`}\` out.`,
    );
  return level;
}

/** Those of a cohort who can be shown as this CT is: measured where textures are laid over, with the series that is named. */
function allShown(
  { cohort }: Named<'cohort'>['value'],
  { shown, overlay, series, visit }: Pick<Asked, 'overlay' | 'series' | 'visit'> & { readonly shown: Shown },
): Shown[] {
  return cohort.patients.flatMap((patient) => {
    if (patient.id === shown.patient) return [shown];
    if (!series) {
      const own = firstSeries(patient, overlay?.value);
      return visit ? own.filter((one) => one.series.visit === visit.value) : own.slice(0, 1);
    }
    const named = patient.series.find(({ id }) => id === series.value);
    const measured = overlay?.value.measured.find((m) => m.patient === patient.id && m.series.id === series.value);
    return named && (measured || !overlay) ? [{ patient: patient.id, series: named, measured }] : [];
  });
}

type Pair = readonly [first: Shown, beside: Shown];

/** Of two CTs of one patient both go on to the next who has both; of two patients the first goes on, and the other stays. */
function pairsOf([first, beside]: Pair, firsts: readonly Shown[], others: readonly Shown[]): Pair[] {
  if (first.patient !== beside.patient)
    return firsts.filter(({ series }) => series !== beside.series).map((one) => [one, beside]);
  return firsts.flatMap((one): Pair[] => {
    const other = others.find(({ patient }) => patient === one.patient);
    return other ? [[one, other]] : [];
  });
}

interface Look extends Pick<SliceQuestion, 'plane' | 'window'> {
  readonly level: Level | undefined;
  readonly overlay: Named<'measurements'> | undefined;
}

/** The viewer of one of the CTs, from which one can leaf through the others. */
function questionAt(all: readonly Shown[], place: number, look: Look): SliceQuestion {
  return {
    ...questionOf(all[place]!, look),
    ...(all.length > 1 ? { among: { place, of: all.length, question: (other) => questionAt(all, other, look) } } : {}),
  };
}

/** Likewise of two CTs side by side. */
function pairAt(pairs: readonly Pair[], place: number, looks: readonly [Look, Look]) {
  const [first, beside] = pairs[place]!;
  const question = (other: number): SliceQuestion => pairAt(pairs, other, looks);
  return {
    ...questionOf(first, looks[0]),
    beside: questionOf(beside, looks[1]),
    ...(pairs.length > 1 ? { among: { place, of: pairs.length, question } } : {}),
  };
}

function questionOf({ patient, series, measured }: Shown, { plane, window, overlay, level }: Look): SliceQuestion {
  const laidOver = overlay && measured && { ...overlayOf(overlay.value, measured), name: overlay.name };
  return { patient, series, overlay: laidOver, plane, index: undefined, window, ...(level ? { level } : {}) };
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
