/** `quantify`: textures in five lobes of every CT, by two networks. */
import { from } from 'arquero';
import type { Device } from '../../../protocol/devices.ts';
import type { Remark, SeriesRemark } from '../../../protocol/remark.ts';
import { allOf } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { userErrorOf } from '../../base/plainCause.ts';
import { failure } from '../../base/remarks.ts';
import { SOFTWARE } from '../../base/software.ts';
import { subtask, type Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import type { Series } from '../../ct/cohort/cohort.ts';
import { usedSeries } from '../../ct/cohort/seriesChoice.ts';
import { deviceMissing } from '../../inference/device.ts';
import type { ModelFolder } from '../../inference/model.ts';
import { networkBytes } from '../../inference/networkMemory.ts';
import { name } from '../../language/clauses/name.ts';
import type { Decisions } from '../../lungs/decisions.ts';
import { masksOf } from '../../lungs/means.ts';
import type { FoundLevel } from '../../lungs/places/findLevels.ts';
import type { DensityRow, MeasuredTables, MeasurementRow, OverlapRow } from '../../lungs/quantification.ts';
import { selfChecks } from '../../lungs/selfChecks.ts';
import { eachCt } from '../../values/eachCt.ts';
import { editedByHand, recordsMeasured } from '../../values/editedByHand.ts';
import { flagsOf } from '../../values/flags.ts';
import type { CtOfPatient } from '../../values/masks.ts';
import {
  decidedTables,
  digestOf,
  type MeasuredBefore,
  measuredBefore,
  measuredTables,
  measurementKey,
} from '../../values/measuredSeries.ts';
import type { Named } from '../../values/named.ts';
import { withFlowTold } from '../../values/provenance.ts';
import { type StudyFlow, withStep } from '../../values/studyFlow.ts';
import type { MeasuredSeries, MeasurementsValue, PlacesAsked } from '../../values/value.ts';
import { tableView } from '../../views/tableView.ts';
import { VISIT_HEADINGS } from '../../views/visitHeadings.ts';
import { declareVerb, type VerbContext } from '../verb.ts';
import { DECIDING, decisionsInWords, decisionsOf } from './deciding.ts';
import { MEANS, type MeansOfCts, meansOfCts } from './means.ts';
import { measuredPlaces, PLACE_CLAUSES, placesAsked, placesNotes } from './places.ts';

/** The share of the progress that an engine takes; what is left takes its results from the cache. */
const AHEAD = 0.95;

/** Tables alone: the label maps of a whole cohort would not fit into memory, and wait in the cache. */
interface Measured
  extends MeasuredSeries,
    Pick<MeasuredTables, 'density' | 'structures' | 'geometry' | 'landmarks' | 'doubts' | 'device'> {
  /** Of the textures, then of their overlaps. */
  readonly measurements: readonly (MeasurementRow | OverlapRow)[];
  /** What only the pixels tell. */
  readonly problems: readonly Remark[];
  readonly levels: readonly FoundLevel[];
  readonly placeRemarks: readonly Remark[];
}

export const quantify = declareVerb({
  name: 'quantify',
  summary: 'Measures six textures in five lobes of every CT.',
  documentation:
    'Segments the lungs and lobes, gives every lung voxel one of six textures, and measures volume and percent of each texture per region (`patient, series, region, class, volume_ml, percent`), with the density of each region beside them. In a cohort with several visits of a patient, `visit` (1, 2 …) and `days` (since the first) follow `series`. Results are kept, so that running again is instant until the CT, a model or a parameter changes. Self-checks flag CTs whose segmentation or acquisition looks wrong; a flag asks you to look and excludes nothing, and `describe` lists them. A CT that fails is flagged and the others go on.',
  examples: [
    'quantify cohort with "lung-texture" as ai',
    'quantify cohort with "my-textures" lobes "my-lobes" as own',
    'quantify cohort lobes from edited as own',
    'quantify cohort lobes from edited textures from edited without vessels as given',
    'quantify cohort by zone, level as placed',
    'quantify cohort by zone peripheral 10 mm as ai',
    'quantify cohort deciding honeycombing at 0.6, emphysema below -950 HU, minimum 0.1 ml as strict',
  ],
  subject: {
    type: name('cohort'),
    noun: 'the name of a cohort',
    documentation: 'The CTs to measure.',
  },
  clauses: {
    ...MEANS,
    deciding: DECIDING,
    ...PLACE_CLAUSES,
  },
  gives: ['measurements'],
  columns: { only: ['patient', 'series', 'visit', 'days', 'region', 'class', 'volume_ml', 'percent'] },
  alwaysShown: false,
  async run({ subject, deciding, by, peripheral, ...asked }, context) {
    const cts = subject.value.cohort.patients.flatMap((patient) =>
      usedSeries(patient).map((series) => ({ patient: patient.id, series })),
    );
    const means = await meansOfCts(asked, cts, context);
    const decisions = decisionsOf(deciding);
    if (decisions) refuseUndecidable(decisions, means.textureModel);
    const places = placesAsked({ by, peripheral });
    const { measured, flags } = await measureAll(cts, { means, decisions, places }, context);
    const result = withFlow(subject, measurements(measured, flags, { means, decisions, places }), context.resultName);
    return {
      value: result,
      flags,
      remarks: [...means.remarks, ...deviceRemarks(measured, context.options.device)],
      view: () =>
        tableView(result.table, {
          title: `Measurements of ${counted(measured.length, 'CT')}`,
          columns: VISIT_HEADINGS,
          researchOnly: true,
          provenance: result.provenance,
          notes: [
            ...(decisions ? [`Voxels decided anew: ${decisionsInWords(decisions).join(', ')}.`] : []),
            ...structuresNote(result),
            ...placesNotes(places),
            'Percent is the share of the region’s volume. The density of each region is in the same result (export it with `density`).',
          ],
        }),
    };
  },
});

/** Which structures beside the lobes were measured, and where their numbers are. */
function structuresNote({ structures, provenance }: MeasurementsValue): string[] {
  if (!structures) return [];
  const names = [...new Set(Array.from(structures.array('region'), String))];
  const { without } = provenance.parameters;
  const away = Array.isArray(without) ? ` The lungs were measured without ${allOf(without.map(String))}.` : '';
  return [`Volume and density of ${allOf(names)} are in the same result (export them with \`structures\`).${away}`];
}

/** How CTs are measured. */
interface Plan {
  readonly means: MeansOfCts;
  readonly decisions: Decisions | undefined;
  readonly places: PlacesAsked | undefined;
}

/** What came of a CT. */
interface Outcome {
  /** Undefined where it could not be measured. */
  readonly measured: Measured | undefined;
  readonly flags: readonly SeriesRemark[];
}

/** Several CTs at once. Those that fail are flagged; throws a UserError where all do. */
async function measureAll(
  all: readonly CtOfPatient[],
  plan: Plan,
  context: VerbContext,
): Promise<{ readonly measured: readonly Measured[]; readonly flags: readonly SeriesRemark[] }> {
  const { of } = plan.means;
  const ahead = await context.engine?.measureAhead(all, of, subtask(context.task, 0, AHEAD));
  const known = async (ct: CtOfPatient) =>
    ahead?.has(ct.series) ? undefined : measuredBefore(ct.series, of(ct), context.measurements);
  const task = subtask(context.task, ahead ? AHEAD : 0, 1);
  const outcomes = await eachCt(all, {
    known,
    work(n, before, part) {
      const ct = all[n]!;
      const label = all.length > 1 ? `${ct.patient} (${n + 1} of ${all.length}): ` : `${ct.patient}: `;
      const progress: Task['progress'] = (fraction, message) => part.progress(fraction, label + message);
      const failed = ahead?.get(ct.series);
      return outcomeOf(ct, plan, { ...context, task: { ...part, progress }, before, failed });
    },
    task,
    networkBytes: await networkBytes(plan.means.models),
  });
  const measured = outcomes.flatMap((outcome) => outcome.measured ?? []);
  const flags = outcomes.flatMap((outcome) => outcome.flags);
  if (measured.length === 0)
    throw new UserError(
      'nothing-measured',
      `None of ${counted(all.length, 'CT')} could be measured:${flags.map((flag) => `\n• ${flag.patient}, ${flag.series}: ${flag.message}`).join('')}`,
    );
  return { measured, flags };
}

/** Of one CT: what the store has of it, and why it was not measured elsewhere. */
interface CtContext extends VerbContext {
  readonly before: MeasuredBefore | undefined;
  readonly failed: UserError | undefined;
}

async function outcomeOf({ patient, series }: CtOfPatient, plan: Plan, context: CtContext): Promise<Outcome> {
  try {
    if (context.failed) throw context.failed;
    const measured = await quantifyOne({ patient, series }, plan, context);
    // What was seen in a few slices when the series was found is not said again of all of them.
    const known = new Set(series.problems.map(({ code }) => code));
    const read = measured.problems.filter(({ code }) => !known.has(code));
    const remarks = [...series.problems, ...read, ...selfChecks(measured), ...measured.placeRemarks];
    return { measured, flags: flagsOf(patient, series, remarks) };
  } catch (error) {
    if (context.task.signal.aborted) throw error;
    // Whatever one CT ends in, the others go on; what is wrong with a model is wrong with it for all.
    const { code, message } = userErrorOf(error);
    if (code.startsWith('model-')) throw error;
    return { measured: undefined, flags: flagsOf(patient, series, [failure(code, `Not measured: ${message}`)]) };
  }
}

/** Says where networks did not run on what the user asked for. */
function deviceRemarks(measured: readonly Measured[], asked: Device | undefined): Remark[] {
  const missed = new Set(measured.flatMap(({ device }) => device?.missed ?? []));
  return [...missed].map((reason) => deviceMissing(asked, reason));
}

/** Models that only find the part of a CT that others are given. */
function findingParts(models: readonly ModelFolder[]): ModelFolder[] {
  const firsts = models.flatMap(({ first }) => first ?? []);
  const isNew = ({ folder }: ModelFolder, n: number) =>
    !models.some((model) => model.folder === folder) && firsts.findIndex((first) => first.folder === folder) === n;
  return firsts.filter(isNew);
}

/** A threshold of a class that the model does not know would change nothing, and nobody would know. */
function refuseUndecidable({ thresholds, overlaps }: Decisions, model: ModelFolder | undefined): void {
  if (!model)
    throw new UserError(
      'idle-clause',
      '`deciding` decides by the probabilities of a texture model, and masks have none. Leave it out.',
    );
  const { manifest } = model;
  const known = manifest.output.labels.filter((label) => label !== null);
  const asked = [...Object.keys(thresholds), ...overlaps.flatMap(({ classes }) => classes)];
  const unknown = asked.find((name) => !known.some((label) => label === name));
  if (unknown !== undefined)
    throw new UserError(
      'model-class',
      `The model \`${manifest.id}\` does not know ${unknown}; it knows ${[...new Set(known)].join(', ')}.`,
    );
}

/** Carries the cohort's flow on, with a step for patients of whom no CT could be measured. */
function withFlow(
  { name: from, value: { cohort, flow } }: Named<'cohort'>,
  result: MeasurementsValue,
  name: string | undefined,
): MeasurementsValue {
  const withTold = (known: StudyFlow | undefined): MeasurementsValue =>
    known ? { ...result, flow: known, provenance: withFlowTold(result.provenance, known) } : result;
  const known = new Set(result.measured.map(({ patient }) => patient));
  const failed = cohort.patients.map(({ id }) => id).filter((id) => !known.has(id));
  if (failed.length === 0) return withTold(flow);
  const start = { name: from, patients: cohort.patients.length };
  const remaining = cohort.patients.length - failed.length;
  const step = { reason: 'could not be measured', excluded: failed, name, remaining };
  return withTold(withStep(flow, start, step));
}

async function quantifyOne(
  { patient, series }: { readonly patient: string; readonly series: Series },
  { means, decisions, places }: Plan,
  context: CtContext,
): Promise<Measured> {
  const { task, before } = context;
  const models = means.of({ patient, series });
  const { sha256, problems } = before?.digest ?? (await digestOf(series, { ...context, task: subtask(task, 0, 0.15) }));
  const cacheKey = measurementKey(sha256, models);
  const measured = { patient, series, sha256, cacheKey, models, decisions, ...(places && { places }) };
  const tables = before?.tables ?? (await measuredTables(measured, { ...context, task: subtask(task, 0.15, 0.9) }));
  const {
    measurements,
    overlaps,
    remarks = [],
    ...decided
  } = await decidedTables(measured, tables, {
    ...context,
    task: subtask(task, 0.9, 0.92),
  });
  const placed = await measuredPlaces(measured, { ...context, task: subtask(task, 0.92, 1) });
  task.progress(1, 'measured');
  return {
    ...measured,
    ...decided,
    problems: [...problems, ...remarks],
    measurements: [...measurements, ...overlaps, ...placed.measurements],
    density: [...decided.density, ...placed.density],
    levels: placed.levels,
    placeRemarks: placed.remarks,
  };
}

/** Whose each CT is; its visit in a cohort that has several alone, so that other tables stay as they are. */
function labelsOf(measured: readonly Measured[]) {
  const hasVisits = measured.some(({ series }) => series.visit !== undefined);
  return measured.map(({ patient, series: { id, visit, days } }) => ({
    patient,
    series: id,
    ...(hasVisits && { visit, days }),
  }));
}

function measurements(
  measured: readonly Measured[],
  flags: readonly SeriesRemark[],
  { means, decisions, places }: Plan,
): MeasurementsValue {
  const labels = labelsOf(measured);
  const rows = measured.flatMap(({ measurements }, n) =>
    measurements.map((m) => ({
      ...labels[n]!,
      region: m.region,
      class: m.class,
      volume_ml: m.volumeMl,
      percent: m.percent,
    })),
  );
  const density = measured.flatMap(({ density }, n) =>
    density.map((d) => ({
      ...labels[n]!,
      region: d.region,
      ...densityColumns(d),
    })),
  );
  const structures = measured.flatMap(({ structures }, n) =>
    structures.map((s) => ({
      ...labels[n]!,
      region: s.region,
      ...densityColumns(s),
      in_lungs_ml: s.inLungsMl,
      subtracted: s.subtracted,
    })),
  );
  const levels = measured.flatMap(({ patient, series, levels: found }) =>
    found.map(({ level, slice, doubt }) => ({ patient, series: series.id, level, slice: slice + 1, doubt })),
  );
  const finding = findingParts(means.models);
  return {
    kind: 'measurements',
    table: from(rows),
    density: from(density),
    ...(structures.length > 0 && { structures: from(structures) }),
    ...(places?.levels && { levels: from(levels) }),
    measured: measured.map(({ patient, series, sha256, cacheKey, models }) => ({
      patient,
      series,
      sha256,
      cacheKey,
      models,
      decisions,
      ...(places && { places }),
    })),
    flags,
    cutPoints: undefined,
    provenance: {
      software: SOFTWARE,
      models: [...means.models, ...finding].map(({ manifest }) => {
        const { id, version, sha256, licence, externalData, ensemble } = manifest;
        const others = [...(externalData ?? []), ...(ensemble ?? [])];
        return { id, version, sha256, licence, ...(others.length && { externalData: others }) };
      }),
      inputs: Object.fromEntries(
        measured.flatMap(({ patient, series, sha256, models }) => [
          [`${patient}/${series.id}`, sha256],
          ...masksOf(models).map((masks) => [`${patient}/${series.id}, masks of ${masks.name}`, masks.digest]),
        ]),
      ),
      parameters: {
        ...means.parameters,
        ...editedByHand(measured.flatMap(({ models }) => recordsMeasured(models))),
        ...(finding.length && { partFoundBy: finding.map(({ manifest }) => manifest.id) }),
        ...(decisions && { deciding: decisionsInWords(decisions) }),
        ...(places?.zones && { zones: `peripheral within ${places.peripheralMm} mm of the pleura` }),
        ...(places?.levels && { levels: 'found by landmarks' }),
        ...(means.device && { device: [...new Set(measured.map((m) => m.device?.name ?? 'cpu'))] }),
      },
    },
  };
}

function densityColumns(row: Omit<DensityRow, 'region'>) {
  return {
    volume_ml: row.volumeMl,
    mean_hu: row.meanHu,
    sd_hu: row.sdHu,
    hu_p05: row.huP05,
    hu_p50: row.huP50,
    hu_p95: row.huP95,
    laa950_percent: row.laa950Percent,
    haa_percent: row.haaPercent,
    hu_p15: row.huP15,
    skewness: row.skewness,
    kurtosis: row.kurtosis,
  };
}
