/** `export … labels`: the lobes and textures of every measured CT as files, in a folder for each patient. */
import { TEXTURE_CLASSES } from '../../../protocol/names.ts';
import type { Layer } from '../../../protocol/painting/brush.ts';
import type { SeriesRemark } from '../../../protocol/remark.ts';
import { allOf } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { userErrorOf } from '../../base/plainCause.ts';
import { failure, info } from '../../base/remarks.ts';
import { SOFTWARE_VERSION } from '../../base/software.ts';
import { subtask, type Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import type { ModelFolder } from '../../inference/model.ts';
import type { Placed } from '../../language/clauses/placed.ts';
import { classesBrought, isModel } from '../../lungs/means.ts';
import { fileNameOf, fileNamesOf } from '../../masks/fileNames.ts';
import type { GivenMasks } from '../../masks/givenMasks.ts';
import type { Maker } from '../../masks/mask.ts';
import { readSourceVoxels } from '../../masks/sourceImages.ts';
import { contentTime, contentTimesIn } from '../../masks/write/dicom/contentTimes.ts';
import type { MaskFormat } from '../../masks/write/formats.ts';
import { makeMaskFiles } from '../../masks/write/makeMaskFiles.ts';
import type { MaskFiles } from '../../masks/write/maskFiles.ts';
import { flagsOf } from '../../values/flags.ts';
import { overlayMaps } from '../../values/measuredSeries.ts';
import type { Named } from '../../values/named.ts';
import type { MeasuredSeries, MeasurementsValue } from '../../values/value.ts';
import type { VerbContext, VerbResult, WriteGroup } from '../verb.ts';

export interface MasksAsked {
  /** The folder. */
  readonly to: Placed<string>;
  readonly formats: readonly MaskFormat[];
}

/** One CT after the other. Those that fail are flagged; throws a UserError where nothing could be written. */
export async function exportMasks(
  { value }: Named<'measurements'>,
  asked: MasksAsked,
  context: VerbContext,
): Promise<VerbResult> {
  const folder = folderOf(asked.to);
  const group: WriteGroup = { folder, answers: new Map() };
  const folders = fileNamesOf(value.measured.map(({ patient }) => patient));
  const flags: SeriesRemark[] = [];
  let files = 0;
  for (const [n, measured] of value.measured.entries()) {
    const { patient, series } = measured;
    const own = { ...context, task: partOf(context.task, n, value.measured) };
    const path = `${folder}/${folders.get(patient)!}`;
    try {
      const { files: made, problems } = await masksOf(measured, { ...asked, value, path }, own);
      const start = isOnlyOf(patient, value) ? '' : `${fileNameOf(series.id)}_`;
      flags.push(...flagsOf(patient, series, problems));
      for (const { name, bytes } of made) {
        await context.writeFile(`${path}/${start}${name}`, bytes, group);
        files++;
      }
    } catch (error) {
      if (context.task.signal.aborted) throw error;
      const { code, message } = userErrorOf(error);
      // Nothing can be written there for the others either.
      if (code === 'outside-folder') throw error;
      flags.push(...flagsOf(patient, series, [failure(code, `Masks were not written: ${message}`)]));
    }
  }
  if (files === 0) throw nothingWritten(flags, asked.to);
  const message = `Wrote lobes and textures of ${counted(value.measured.length, 'CT')} to ${asked.to.value} (${counted(files, 'file')}: ${allOf(asked.formats)}).`;
  return { remarks: [info('masks-written', message)], flags };
}

/** Without the slash at its end. Throws a UserError for what is the name of a file. */
function folderOf({ value, span }: Placed<string>): string {
  if (/\.(nii|nii\.gz|nrrd|mha|mhd|dcm|csv|zip)$/i.test(value))
    throw new UserError(
      'no-file',
      `Labels are written into a folder, with a folder for each patient in it, and "${value}" is a file’s name. Name a folder, and the form by \`format\`: to "masks/" format nrrd.`,
      span,
    );
  return value.replace(/[\\/]+$/, '') || value;
}

function partOf(task: Task, n: number, all: readonly MeasuredSeries[]): Task {
  const part = subtask(task, n / all.length, (n + 1) / all.length);
  const { patient } = all[n]!;
  const label = all.length > 1 ? `${patient} (${n + 1} of ${all.length}): ` : `${patient}: `;
  return { signal: part.signal, progress: (fraction, message) => part.progress(fraction, label + message) };
}

function isOnlyOf(patient: string, { measured }: MeasurementsValue): boolean {
  return measured.filter((one) => one.patient === patient).length === 1;
}

interface MasksPlan extends MasksAsked {
  readonly value: MeasurementsValue;
  /** The patient's folder, as it would be written in a cell. */
  readonly path: string;
}

async function masksOf(measured: MeasuredSeries, plan: MasksPlan, context: VerbContext): Promise<MaskFiles> {
  const { task } = context;
  const { lobes, textures, tables } = await overlayMaps(measured, { ...context, task: subtask(task, 0, 0.6) });
  const voxels = await readSourceVoxels(measured.series, subtask(task, 0.6, 0.8));
  task.progress(0.8, 'writing masks');
  const known = new Set<string>(tables.measurements.map((row) => row.class));
  const own = classesBrought(measured.models);
  const request = {
    patient: measured.patient,
    lobes,
    textures,
    ownClasses: own,
    knownClasses: [...TEXTURE_CLASSES, ...own.map(({ name }) => name)].filter((name) => known.has(name)),
    makers: makersOf(measured, plan.value),
    measurements: tables.measurements,
    density: tables.density,
    voxels,
    formats: plan.formats,
    now: contentTime(context.now()),
    before: await contentTimesIn(context.resolvePath(plan.path)),
  };
  return makeMaskFiles(request, subtask(task, 0.8, 1));
}

function makersOf(
  { models }: MeasuredSeries,
  { provenance }: MeasurementsValue,
): { readonly lobes: Maker; readonly textures: Maker } {
  const { deciding } = provenance.parameters;
  const decisions = Array.isArray(deciding) ? deciding.map(String) : [];
  const maker = (by: ModelFolder | GivenMasks, layer: Layer, own: readonly string[]): Maker => ({
    software: 'LungNB',
    version: SOFTWARE_VERSION,
    ...(isModel(by) ? { model: modelOf(by) } : makerOfMasks(by, layer)),
    decisions: own,
  });
  return { lobes: maker(models.lobes, 'lobes', []), textures: maker(models.textures, 'textures', decisions) };
}

/** Of a map that was edited in LungNB the model that drew it, and how it was edited. */
function makerOfMasks({ files, digest }: GivenMasks, layer: Layer): Pick<Maker, 'model' | 'edited'> {
  const record = files.find(({ edited }) => edited?.layer === layer)?.edited;
  if (record) return { model: record.since, edited: { record } };
  return { model: { id: 'masks', version: 'given', sha256: digest, licence: 'that of the masks' } };
}

function modelOf({ manifest: { id, version, sha256, licence } }: ModelFolder): Maker['model'] {
  return { id, version, sha256, licence };
}

function nothingWritten(flags: readonly SeriesRemark[], { span }: Placed<string>): UserError {
  const [first] = flags;
  const reasons = flags.map(({ patient, series, message }) => `\n• ${patient}, ${series}: ${message}`).join('');
  return new UserError(
    first?.code ?? 'no-rows',
    `No masks were written:${reasons || ' there is no measured CT.'}`,
    span,
  );
}
