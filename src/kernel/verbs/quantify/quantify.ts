/** `quantify`: textures in five lobes of every CT, by two networks. */
import { from } from 'arquero';
import type { Device } from '../../../protocol/devices.ts';
import type { Remark, SeriesRemark } from '../../../protocol/remark.ts';
import { counted } from '../../base/counted.ts';
import { userErrorOf } from '../../base/plainCause.ts';
import { failure, info } from '../../base/remarks.ts';
import { SOFTWARE } from '../../base/software.ts';
import { subtask, type Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import type { Cohort, Series } from '../../ct/cohort/cohort.ts';
import { usedSeries } from '../../ct/cohort/seriesChoice.ts';
import { checkWeights, findModel, type ModelFolder } from '../../inference/model.ts';
import { name } from '../../language/clauses/name.ts';
import { type Placed, placed, unwritten } from '../../language/clauses/placed.ts';
import { text } from '../../language/clauses/text.ts';
import { withDefault } from '../../language/declaration.ts';
import type { Decisions } from '../../lungs/decisions.ts';
import type { MeasuredTables, MeasurementRow, OverlapRow } from '../../lungs/quantification.ts';
import { selfChecks } from '../../lungs/selfChecks.ts';
import { flagsOf } from '../../values/flags.ts';
import { decidedTables, digestOf, measuredTables, measurementKey } from '../../values/measuredSeries.ts';
import type { Named } from '../../values/named.ts';
import { withFlowTold } from '../../values/provenance.ts';
import { type StudyFlow, withStep } from '../../values/studyFlow.ts';
import type { MeasuredSeries, MeasurementsValue, MeasuringModels } from '../../values/value.ts';
import { tableView } from '../../views/tableView.ts';
import { pointingAt } from '../pointingAt.ts';
import { declareVerb, type VerbContext } from '../verb.ts';
import { DECIDING, decisionsInWords, decisionsOf } from './deciding.ts';

const LOBE_MODEL = 'lung-lobes';
const TEXTURE_MODEL = 'lung-texture';

/** Tables alone: the label maps of a whole cohort would not fit into memory, and wait in the cache. */
interface Measured
  extends MeasuredSeries,
    Pick<MeasuredTables, 'density' | 'geometry' | 'landmarks' | 'doubts' | 'device'> {
  /** Of the textures, then of their overlaps. */
  readonly measurements: readonly (MeasurementRow | OverlapRow)[];
  /** What only the pixels tell. */
  readonly problems: readonly Remark[];
}

export const quantify = declareVerb({
  name: 'quantify',
  summary: 'Measures six textures in five lobes of every CT.',
  documentation:
    'Segments the lungs and lobes, gives every lung voxel one of six textures, and measures volume and percent of each texture per region (`patient, series, region, class, volume_ml, percent`), with the density of each region beside them. Results are kept, so that running again is instant until the CT, a model or a parameter changes. Self-checks flag CTs whose segmentation or acquisition looks wrong; a flag asks you to look and excludes nothing, and `describe` lists them. A CT that fails is flagged and the others go on.',
  examples: [
    'quantify cohort with "lung-texture" as ai',
    'quantify cohort with "my-textures" lobes "my-lobes" as own',
    'quantify cohort deciding honeycombing at 0.6, emphysema below -950 HU, minimum 0.1 ml as strict',
  ],
  subject: {
    type: name('cohort'),
    noun: 'the name of a cohort',
    documentation: 'The CTs to measure.',
  },
  clauses: {
    with: withDefault(
      placed(text('texture model')),
      unwritten(TEXTURE_MODEL),
      'The texture model: the name of its folder in `models` beside the notebook, in a folder of the setting `lungnb.modelFolders` (`--models` on the command line), or among those that come with LungNB. Of a class that it does not know there is no row.',
    ),
    lobes: withDefault(
      placed(text('lobe model')),
      unwritten(LOBE_MODEL),
      'The lobe model: the name of its folder, found in the same places.',
    ),
    deciding: DECIDING,
  },
  gives: ['measurements'],
  alwaysShown: false,
  async run({ subject, with: textures, lobes, deciding }, context) {
    const models = await modelsOf(lobes, textures, context);
    const decisions = decisionsOf(deciding);
    if (decisions) refuseUnknownClasses(decisions, models.textures);
    const { measured, flags } = await measureAll(subject.value.cohort, { models, decisions }, context);
    const result = withFlow(subject, measurements(measured, flags, models, decisions), context.resultName);
    return {
      value: result,
      flags,
      remarks: deviceRemarks(measured, context.options.device),
      view: () =>
        tableView(result.table, {
          title: `Measurements of ${counted(measured.length, 'CT')}`,
          researchOnly: true,
          provenance: result.provenance,
          notes: [
            ...(decisions ? [`Voxels decided anew: ${decisionsInWords(decisions).join(', ')}.`] : []),
            'Percent is the share of the region’s volume. The density of each region is in the same result (export it with `density`).',
          ],
        }),
    };
  },
});

/** Throws a UserError at the name of a model that is not there, or does not fit its manifest. */
async function modelsOf(
  lobes: Placed<string>,
  textures: Placed<string>,
  { options }: VerbContext,
): Promise<MeasuringModels> {
  const find = (written: Placed<string>, task: 'lobes' | 'textures') =>
    pointingAt(written, () => findModel(options.modelFolders, written.value, task));
  const models: MeasuringModels = {
    lobes: await find(lobes, 'lobes'),
    textures: await find(textures, 'textures'),
    ...(options.device && options.device !== 'cpu' && { device: options.device }),
  };
  await Promise.all([checkWeights(models.lobes), checkWeights(models.textures)]);
  return models;
}

/** How CTs are measured. */
interface Plan {
  readonly models: MeasuringModels;
  readonly decisions: Decisions | undefined;
}

/** One CT after the other. Those that fail are flagged; throws a UserError where all do. */
async function measureAll(
  { patients }: Cohort,
  plan: Plan,
  context: VerbContext,
): Promise<{ readonly measured: readonly Measured[]; readonly flags: readonly SeriesRemark[] }> {
  const all = patients.flatMap((patient) => usedSeries(patient).map((series) => ({ patient: patient.id, series })));
  const measured: Measured[] = [];
  const flags: SeriesRemark[] = [];
  for (const [n, { patient, series }] of all.entries()) {
    const label = all.length > 1 ? `${patient} (${n + 1} of ${all.length}): ` : `${patient}: `;
    const part = subtask(context.task, n / all.length, (n + 1) / all.length);
    const task: Task = {
      signal: part.signal,
      progress: (fraction, message) => part.progress(fraction, label + message),
    };
    try {
      const result = await quantifyOne({ patient, series }, plan, { ...context, task });
      measured.push(result);
      // What was seen in a few slices when the series was found is not said again of all of them.
      const known = new Set(series.problems.map(({ code }) => code));
      const read = result.problems.filter(({ code }) => !known.has(code));
      flags.push(...flagsOf(patient, series, [...series.problems, ...read, ...selfChecks(result)]));
    } catch (error) {
      if (context.task.signal.aborted) throw error;
      // Whatever one CT ends in, the others go on; what is wrong with a model is wrong with it for all.
      const { code, message } = userErrorOf(error);
      if (code.startsWith('model-')) throw error;
      flags.push(...flagsOf(patient, series, [failure(code, `Not measured: ${message}`)]));
    }
  }
  if (measured.length === 0)
    throw new UserError(
      'nothing-measured',
      `None of ${counted(all.length, 'CT')} could be measured:${flags.map((flag) => `\n• ${flag.patient}, ${flag.series}: ${flag.message}`).join('')}`,
    );
  return { measured, flags };
}

/** Says where networks did not run on what the user asked for. */
function deviceRemarks(measured: readonly Measured[], asked: Device = 'cpu'): Remark[] {
  const missed = new Set(measured.flatMap(({ device }) => device?.missed ?? []));
  return [...missed].map((reason) => info('device-missing', `The networks ran on the processor: ${asked} ${reason}.`));
}

/** A model, after the one that it asks for. */
function withFirst(model: ModelFolder): ModelFolder[] {
  return [...(model.first ? [model.first] : []), model];
}

/** A threshold of a class that the model does not know would change nothing, and nobody would know. */
function refuseUnknownClasses({ thresholds, overlaps }: Decisions, { manifest }: ModelFolder): void {
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
  const failed = cohort.patients.map(({ id }) => id).filter((id) => !result.measured.some((m) => m.patient === id));
  if (failed.length === 0) return withTold(flow);
  const start = { name: from, patients: cohort.patients.length };
  const remaining = cohort.patients.length - failed.length;
  const step = { reason: 'could not be measured', excluded: failed, name, remaining };
  return withTold(withStep(flow, start, step));
}

async function quantifyOne(
  { patient, series }: { readonly patient: string; readonly series: Series },
  { models, decisions }: Plan,
  context: VerbContext,
): Promise<Measured> {
  const { task } = context;
  const { sha256, problems } = await digestOf(series, { ...context, task: subtask(task, 0, 0.15) });
  const cacheKey = measurementKey(sha256, models);
  const measured = { patient, series, sha256, cacheKey, models, decisions };
  const tables = await measuredTables(measured, { ...context, task: subtask(task, 0.15, 0.98) });
  const { geometry, landmarks, doubts, device, measurements, density, overlaps } = await decidedTables(
    measured,
    tables,
    {
      ...context,
      task: subtask(task, 0.98, 1),
    },
  );
  task.progress(1, 'measured');
  return {
    ...measured,
    problems,
    geometry,
    landmarks,
    doubts,
    ...(device && { device }),
    measurements: [...measurements, ...overlaps],
    density,
  };
}

function measurements(
  measured: readonly Measured[],
  flags: readonly SeriesRemark[],
  { lobes, textures, device }: MeasuringModels,
  decisions: Decisions | undefined,
): MeasurementsValue {
  const rows = measured.flatMap(({ patient, series, measurements }) =>
    measurements.map((m) => ({
      patient,
      series: series.id,
      region: m.region,
      class: m.class,
      volume_ml: m.volumeMl,
      percent: m.percent,
    })),
  );
  const density = measured.flatMap(({ patient, series, density }) =>
    density.map((d) => ({
      patient,
      series: series.id,
      region: d.region,
      volume_ml: d.volumeMl,
      mean_hu: d.meanHu,
      sd_hu: d.sdHu,
      hu_p05: d.huP05,
      hu_p50: d.huP50,
      hu_p95: d.huP95,
      laa950_percent: d.laa950Percent,
      haa_percent: d.haaPercent,
    })),
  );
  return {
    kind: 'measurements',
    table: from(rows),
    density: from(density),
    measured: measured.map(({ patient, series, sha256, cacheKey, models }) => ({
      patient,
      series,
      sha256,
      cacheKey,
      models,
      decisions,
    })),
    flags,
    cutPoints: undefined,
    provenance: {
      software: SOFTWARE,
      models: [lobes, textures].flatMap(withFirst).map(({ manifest }) => {
        const { id, version, sha256, licence, externalData, ensemble } = manifest;
        const others = [...(externalData ?? []), ...(ensemble ?? [])];
        return { id, version, sha256, licence, ...(others.length && { externalData: others }) };
      }),
      inputs: Object.fromEntries(measured.map((m) => [`${m.patient}/${m.series.id}`, m.sha256])),
      parameters: {
        ...(decisions && { deciding: decisionsInWords(decisions) }),
        ...(device && { device: [...new Set(measured.map((m) => m.device?.name ?? 'cpu'))] }),
      },
    },
  };
}
