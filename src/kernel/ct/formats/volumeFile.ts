/** Volume files of all formats: told apart by content, described from their header, and read into Hounsfield units. */
import { dirname, isAbsolute, join, posix } from 'node:path';
import { systemErrorOf } from '../../../files/systemError.ts';
import type { Remark } from '../../../protocol/remark.ts';
import { anyOf } from '../../../protocol/words/lists.ts';
import { counted } from '../../base/counted.ts';
import { reasonOf } from '../../base/plainErrors.ts';
import { failure, warning } from '../../base/remarks.ts';
import type { Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import { addOffset } from '../cohort/addOffset.ts';
import type { Series, Source } from '../cohort/cohort.ts';
import { hounsfieldChecks, hounsfieldRange } from '../cohort/hounsfield.ts';
import { seriesChecks, tiltProblem } from '../cohort/seriesChecks.ts';
import { endsAsPromised } from '../files/gzip.ts';
import { nameOfSource, type SourceReader } from '../files/sources.ts';
import { uprightGrid } from '../geometry/gantryTilt.ts';
import { lpsOrder, reorderGrid } from '../geometry/orientation.ts';
import { type Grid, PADDING_HU, spacingMm } from '../geometry/volume.ts';
import { formatOf, VOLUME_FORMAT_NAMES, VOLUME_FORMATS, type VolumeFormatId, volumeFormatOf } from './formats.ts';
import { refusalOf, type VolumeHeader } from './volumeHeader.ts';
import { mayHold, type VoxelBlock, voxelBlocks } from './voxelStream.ts';

/** Enough for every header; one that lists its files may go on to the second limit. */
const HEADER_BYTES = 32 * 1024;
const MAX_HEADER_BYTES = 1024 * 1024;
/** Label maps hold whole numbers below this (LUNA16's lobes go up to 520), and no more different ones than this. */
const LABELS_BELOW = 1024;
const MAX_LABELS = 64;
/** Of a packed file whose end is as it should be no more than this is unpacked before it is measured: 16 slices of 512². */
const VOXELS_LOOKED_AT = 2 ** 22;

const NO_ORIENTATION = warning(
  'no-orientation',
  `The file does not say how its axes lie in the patient (${VOLUME_FORMATS.map(({ name, unoriented }) => `${name}: ${unoriented}`).join('; ')}). Right and left, front and back, or head and feet may be swapped: compare the slices with the original, and convert it again if they are.`,
);

/** A volume file's header with the sources of its voxels. */
export interface VolumeFile {
  readonly header: VolumeHeader;
  readonly source: Source;
  readonly format: VolumeFormatId;
  /** Where the voxels are: the source itself, or the files that its header names. */
  readonly parts: readonly Source[];
}

/** Reads a header, and finds the files that it names. Throws a UserError where it makes no sense or a file is missing or too short. */
export async function openVolumeFile(source: Source, reader: SourceReader): Promise<VolumeFile> {
  const name = nameOfSource(source);
  let start = await reader.read(source, HEADER_BYTES);
  const format = volumeFormatOf(start);
  if (!format) throw new UserError('volume-file', `${name} is no longer a volume in ${anyOf(VOLUME_FORMAT_NAMES)}.`);
  const { parse } = formatOf(format);
  const file = source.zipEntry ?? source.file;
  let header = parse(start, name, file);
  if (!header) {
    start = await reader.read(source, MAX_HEADER_BYTES);
    header = parse(start, name, file);
  }
  const refuse = refusalOf(formatOf(format).name, name);
  if (!header) throw refuse('its header has no end; it is cut short');
  const parts = header.files.length
    ? await Promise.all(header.files.map((part) => beside(source, part, reader)))
    : [source];
  const voxels = header.size[0] * header.size[1] * header.size[2] * (header.layers ?? 1);
  const { enough, needed, there } = await mayHold(voxels, header.layout, parts, reader);
  if (!enough)
    throw refuse(
      `it is cut short: ${header.size.join(' × ')} voxels need at least ${counted(needed, 'byte')}, and ${there} are there`,
    );
  return { header, source, format, parts };
}

/** A file that a header names, which has to lie in the header's folder or below it. */
async function beside(source: Source, written: string, reader: SourceReader): Promise<Source> {
  const name = written.replace(/\\/g, '/');
  if (isAbsolute(name) || /^[a-z]:/i.test(name) || posix.normalize(name).startsWith('..'))
    throw new UserError(
      'volume-file',
      `${nameOfSource(source)} keeps its voxels in another folder than its own, which LungNB does not follow. Put both files into one folder, and write the bare name into the header.`,
    );
  const part = reader.found({
    ...(source.zipEntry === undefined
      ? { file: join(dirname(source.file), name) }
      : { file: source.file, zipEntry: posix.join(posix.dirname(source.zipEntry), name) }),
    ...(source.place === undefined ? {} : { place: source.place }),
    ...(name.toLowerCase().endsWith('.img.gz') && { form: 'gzip' as const }),
  });
  const there = await reader.read(part, 1).then(
    () => true,
    (error: unknown) => {
      if (error instanceof UserError && error.code === 'special-file')
        throw new UserError(
          error.code,
          `${nameOfSource(source)} names, as the file with its voxels, a folder, pipe, socket or device, and LungNB reads files only. Copy the voxels to a file beside it.`,
        );
      return false;
    },
  );
  if (!there)
    throw new UserError(
      'volume-file',
      `${nameOfSource(source)} is a header alone: the file with the voxels, which it names, is missing beside it. Copy it there.`,
    );
  return part;
}

/** The series of a volume file, or the reason why it is none. Reads voxels only until they cannot be a label map's. */
export async function describeVolumeFile(
  file: VolumeFile,
  reader: SourceReader,
  task: Task,
): Promise<{ series: Series } | { problem: Remark }> {
  const { header, source, format, parts } = file;
  if (header.labelled)
    return {
      problem: warning(
        'label-map',
        `${nameOfSource(source)} is not used: it is a label map, whose header names its labels, not a CT.`,
      ),
    };
  const labels = await labelsOf(file, reader, task);
  if (labels)
    return {
      problem: warning(
        'label-map',
        `${nameOfSource(source)} is not used: it is a label map or a mask (${counted(labels.length, 'different value')}, whole numbers from ${labels[0]} to ${labels.at(-1)}), not a CT.`,
      ),
    };
  const upright = uprightGrid(header);
  const turned = reorderGrid(upright, lpsOrder(upright.affine));
  const series = {
    id: 'series',
    format,
    sources: parts[0] === source ? [source] : [source, ...parts],
    size: turned.size,
    matrix: [turned.size[0], turned.size[1]] as const,
    spacingMm: spacingMm(turned),
    sliceThicknessMm: undefined,
    convolutionKernel: undefined,
    scanner: undefined,
    patientPosition: undefined,
    compressed: false,
    derived: false,
    breathing: undefined,
  };
  return {
    series: {
      ...series,
      problems: [
        ...header.problems,
        ...(header.oriented ? [] : [NO_ORIENTATION]),
        ...tiltProblem(header),
        ...seriesChecks(series),
        ...(await scaleProblems(file, reader, { signal: task.signal, progress: () => {} })),
      ],
    },
  };
}

/** The different values of a label map, in order; undefined for images, whose first slices already have other numbers. */
async function labelsOf(file: VolumeFile, reader: SourceReader, task: Task): Promise<number[] | undefined> {
  const { slope, intercept } = file.header;
  const seen = new Set<number>();
  let last = Number.NaN;
  for await (const block of blocksOf(file, reader)) {
    task.signal.throwIfAborted();
    for (let n = 0; n < block.length; n++) {
      const stored = block[n]!;
      if (stored === last) continue;
      last = stored;
      const value = stored * slope + intercept;
      if (!Number.isInteger(value) || value < 0 || value >= LABELS_BELOW) return undefined;
      seen.add(value);
      if (seen.size > MAX_LABELS) return undefined;
    }
  }
  return [...seen].sort((a, b) => a - b);
}

/**
 * What the first slices say of the scale, or all where they are few: whether there is air, too, is seen when the whole is
 * read. Throws a UserError where they cannot be read.
 */
async function scaleProblems(file: VolumeFile, reader: SourceReader, task: Task, offsetHu = 0): Promise<Remark[]> {
  const { header, parts } = file;
  const voxels = header.size[0] * header.size[1] * header.size[2];
  const isWhole = await endsAsPromised(voxels, header.layout, parts, reader);
  const count = isWhole ? Math.min(voxels, VOXELS_LOOKED_AT) : voxels;
  const hu = addOffset(await firstVoxels(file, { count, least: PADDING_HU }, reader, task), offsetHu);
  try {
    if (count === voxels) return hounsfieldChecks(hu, nameOfSource(file.source));
    hounsfieldRange(hu, nameOfSource(file.source));
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [failure(error.code, error.message)];
  }
}

/** The same of a series that was described before, with its offset. */
export async function volumeScaleProblems(series: Series, reader: SourceReader, task: Task): Promise<Remark[]> {
  const quiet: Task = { signal: task.signal, progress: () => {} };
  return scaleProblems(await openVolumeFile(series.sources[0]!, reader), reader, quiet, series.offsetHu);
}

/** Grid and Hounsfield units in the file's own axis order; below −1024, and what is no number, becomes −1024. */
export async function readVolumeFile(
  source: Source,
  reader: SourceReader,
  task: Task,
): Promise<{ grid: Grid; hu: Int16Array }> {
  const { size, affine, values } = await readVoxels(source, reader, task, PADDING_HU);
  return { grid: { size, affine }, hu: values };
}

/** As {@link readVolumeFile}, with another least value: label maps and masks keep theirs with 0. */
export async function readVoxels(
  source: Source,
  reader: SourceReader,
  task: Task,
  least: number,
): Promise<Grid & { values: Int16Array }> {
  const file = await openVolumeFile(source, reader);
  const { size, affine } = file.header;
  return { size, affine, values: await firstVoxels(file, { count: size[0] * size[1] * size[2], least }, reader, task) };
}

/** The first `count` values, rescaled, none below `least`. Throws a UserError where there are fewer. */
async function firstVoxels(
  file: VolumeFile,
  { count, least }: { readonly count: number; readonly least: number },
  reader: SourceReader,
  task: Task,
): Promise<Int16Array> {
  const { slope, intercept } = file.header;
  const values = new Int16Array(count);
  let at = 0;
  for await (const block of blocksOf(file, reader)) {
    task.signal.throwIfAborted();
    task.progress(at / count, `reading ${nameOfSource(file.source)}`);
    const length = Math.min(block.length, count - at);
    for (let n = 0; n < length; n++) {
      const value = Math.round(block[n]! * slope + intercept);
      values[at + n] = value > least ? Math.min(32767, value) : least;
    }
    at += length;
    if (at === count) return values;
  }
  throw refusalOf(
    formatOf(file.format).name,
    nameOfSource(file.source),
  )(`it is cut short: ${count} voxels expected, ${at} found`);
}

/** The voxels of a file, with damaged packed data said in words. */
async function* blocksOf(
  { header, source, format, parts }: VolumeFile,
  reader: SourceReader,
): AsyncGenerator<VoxelBlock> {
  const [nx, ny, nz] = header.size;
  try {
    yield* voxelBlocks(nx * ny * nz, header.layout, parts, reader);
  } catch (error) {
    if (!systemErrorOf(error).code?.startsWith('Z_')) throw error;
    throw refusalOf(
      formatOf(format).name,
      nameOfSource(source),
    )(`its packed voxels are cut short or damaged (${reasonOf(error)}); copy the file again`);
  }
}
