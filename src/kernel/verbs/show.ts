/** `show`: the slice viewer of one patient, or any table. */

import { TEXTURE_CLASSES, type TextureClass } from '../../protocol/names.ts';
import { type Flag, type HuWindow, type LobarReport, PLANES, type Plane, type SliceView } from '../../protocol/view.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { UserError } from '../base/userError.ts';
import type { Patient, Series } from '../ct/cohort.ts';
import { usedSeries } from '../ct/seriesChoice.ts';
import { sliceCounts } from '../ct/slice.ts';
import type { Quantification } from '../lungs/quantification.ts';
import { type Arguments, named, numberOf, partsOf, textOf, wordOf } from './arguments.ts';
import { oneOf } from './clauseTypes.ts';
import { encodeSlice } from './encodeSlice.ts';
import { flagsOf } from './flags.ts';
import { tableView } from './tableView.ts';
import type { MeasuredSeries, MeasurementsValue } from './value.ts';
import type { Verb, VerbContext } from './verb.ts';

const WINDOWS: Readonly<Record<string, HuWindow>> = {
  lung: { centre: -600, width: 1500 },
  mediastinum: { centre: 40, width: 400 },
  bone: { centre: 400, width: 1800 },
};

export const show: Verb = {
  name: 'show',
  summary: 'Shows a patient’s CT slices, plain or with textures, or a table.',
  documentation:
    'Opens the slice viewer. With `overlay`, every lung voxel has the colour of its texture, and the report beside it gives the percentages per lobe. Slices are counted from 1, from the feet up (axial), from front to back (coronal) and from the patient’s right to the left (sagittal). Without `slice`, the one with most abnormal lung is shown, or the middle one. Without a patient, the first one.',
  examples: ['show cohort "P01" overlay ai plane axial slice 40 window lung'],
  subject: {
    type: {
      kind: 'sequence',
      parts: [
        { type: { kind: 'name', of: ['cohort', 'table', 'measurements', 'agreement'] } },
        { type: { kind: 'text' }, optional: true },
      ],
    },
    noun: 'the name of a cohort or table',
    documentation: 'A cohort, with the patient’s label in double quotes; or a table.',
  },
  clauses: {
    overlay: {
      type: { kind: 'name', of: ['measurements'] },
      documentation: 'Measurements whose textures are laid over the slices.',
    },
    series: {
      type: { kind: 'text' },
      documentation: 'The series, where a patient has several; else the one that `load` chose.',
    },
    plane: { type: oneOf(...PLANES), default: 'axial', documentation: 'The plane that is shown first.' },
    slice: {
      type: { kind: 'number', integer: true, minimum: 1 },
      documentation: 'The slice that is shown first, counted from 1.',
    },
    window: {
      type: oneOf(...Object.keys(WINDOWS)),
      default: 'lung',
      documentation: 'Lung: −1350 to 150 HU; mediastinum: −160 to 240 HU; bone: −500 to 1300 HU.',
    },
  },
  gives: [],
  alwaysShown: true,
  async run(values, context) {
    const [subject, label] = partsOf(values.subject);
    const { name, value } = named(subject!, 'cohort', 'table', 'measurements', 'agreement');
    if (value.kind !== 'cohort')
      return {
        view: () =>
          tableView(value.table, { title: name, researchOnly: value.kind !== 'table', provenance: value.provenance }),
      };
    const patient = patientOf(value.cohort.patients, label && textOf(label), name);
    const series = seriesOf(patient, values.clauses.series && textOf(values.clauses.series));
    const overlay = values.clauses.overlay && named(values.clauses.overlay, 'measurements');
    const measured = overlay && measuredOf(overlay.value, overlay.name, patient, series);
    return { view: () => sliceView(patient, series, overlay?.value, measured, values, context) };
  },
};

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

async function sliceView(
  patient: Patient,
  series: Series,
  overlay: MeasurementsValue | undefined,
  measured: MeasuredSeries | undefined,
  values: Arguments,
  context: VerbContext,
): Promise<SliceView> {
  const grid = await context.images.run('open', { series }, context.task);
  const quantification = measured && (await context.quantifications.get(measured.cacheKey));
  if (measured && !quantification)
    throw new UserError(
      'cache-lost',
      `The textures of ${patient.id} are no longer in the cache. Run the cell with \`quantify\` again.`,
    );
  const source = {
    series,
    grid,
    overlay: quantification && { lobes: quantification.lobes, textures: quantification.textures },
  };
  const counts = sliceCounts(grid.size);
  const plane = (values.clauses.plane ? wordOf(values.clauses.plane) : 'axial') as Plane;
  const index = values.clauses.slice
    ? numberOf(values.clauses.slice) - 1
    : firstSlice(plane, counts[plane], quantification);
  if (index >= counts[plane])
    throw new UserError(
      'slice-out-of-range',
      `Slice ${index + 1} does not exist: the ${plane} plane of ${patient.id} has ${counts[plane]} slices.`,
    );
  const flags = overlay
    ? overlay.flags.filter((f) => f.patient === patient.id && f.series === series.id)
    : fileFlags(patient, series);
  const starts = PLANES.map((p) => ({
    plane: p,
    index: p === plane ? index : firstSlice(p, counts[p], p === 'axial' ? quantification : undefined),
  }));
  const slices = await Promise.all(
    starts.map((start) => encodeSlice(context.images, source, start.plane, start.index)),
  );
  return {
    type: 'slices',
    title: `${patient.id}, ${series.id}`,
    patient: patient.id,
    series: series.id,
    handle: context.keepViewer(source),
    sliceCounts: counts,
    plane,
    index,
    window: WINDOWS[values.clauses.window ? wordOf(values.clauses.window) : 'lung']!,
    overlay: quantification !== undefined,
    facts: factsOf(series),
    slices,
    ...(flags ? { flags } : {}),
    ...(quantification ? { report: reportOf(quantification), axialPercent: quantification.axialPercent } : {}),
    ...(overlay ? { provenance: overlay.provenance } : {}),
  };
}

/** What the files of a series that was not measured say; undefined where they say nothing. */
function fileFlags(patient: Patient, series: Series): Flag[] | undefined {
  return series.problems.length ? flagsOf(patient.id, series, series.problems) : undefined;
}

/** The axial slice with most abnormal lung; else the middle. */
function firstSlice(plane: Plane, count: number, quantification: Quantification | undefined): number {
  const middle = Math.floor(count / 2);
  if (plane !== 'axial' || !quantification) return middle;
  const diseases = TEXTURE_CLASSES.filter((c) => c !== 'normal').map((c) => quantification.axialPercent[c]);
  const areas = Array.from({ length: count }, (_, k) => diseases.reduce((sum, area) => sum + area[k]!, 0));
  const most = Math.max(...areas);
  return most > 0 ? areas.indexOf(most) : middle;
}

function factsOf(series: Series): SliceView['facts'] {
  const mm = (value: number) => `${Number(value.toFixed(2))} mm`;
  const facts: [string, string | undefined][] = [
    ['Scanner', series.scanner],
    ['Kernel', series.kernel],
    ['Pixel', mm(series.spacingMm[0])],
    ['Slice spacing', mm(series.spacingMm[2])],
    ['Slice thickness', series.sliceThicknessMm === undefined ? undefined : mm(series.sliceThicknessMm)],
    ['Position', series.patientPosition],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

function reportOf(quantification: Quantification): LobarReport {
  return {
    rows: quantification.density.map(({ region, volumeMl }) => ({
      region,
      volumeMl,
      percent: Object.fromEntries(
        TEXTURE_CLASSES.map((name) => [
          name,
          quantification.measurements.find((m) => m.region === region && m.class === name)?.percent ?? null,
        ]),
      ) as Record<TextureClass, number | null>,
    })),
  };
}
