/** The files behind a measured CT, read once more for what masks refer to and lie on: UIDs, and where each slice is. */
import { concurrently } from '../base/concurrently.ts';
import { upperMedian } from '../base/median.ts';
import type { Task } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Series, SliceFrame, Source } from '../ct/cohort/cohort.ts';
import { nativeGrid } from '../ct/dicom/dicomSeries.ts';
import { namedTags, type Tags, tagNumbers, tagsOfFrame, tagText } from '../ct/dicom/dicomTags.ts';
import { readElements } from '../ct/dicom/readElements.ts';
import { sourceKey } from '../ct/files/sourceKey.ts';
import { createSourceReader, nameOfSource, type SourceReader } from '../ct/files/sources.ts';
import { openVolumeFile } from '../ct/formats/volumeFile.ts';
import { dot, normalOf } from '../ct/geometry/vector.ts';
import type { Grid } from '../ct/geometry/volume.ts';

/** One slice of a DICOM series. */
export interface SourceImage {
  readonly sopClassUid: string | undefined;
  readonly sopInstanceUid: string | undefined;
  /** From 1, in a file of several. */
  readonly frameNumber: number | undefined;
  readonly position: readonly [number, number, number];
  /** The slice of the grid that it is, or that is nearest where slices lie unevenly. */
  readonly slice: number;
}

/** What all slices of a DICOM series have in common. */
export interface SourceSeries extends SliceFrame {
  readonly studyInstanceUid: string | undefined;
  readonly seriesInstanceUid: string | undefined;
  readonly frameOfReferenceUid: string | undefined;
  readonly sliceThicknessMm: number | undefined;
  /** In the order of the slices. */
  readonly images: readonly SourceImage[];
}

export interface SourceVoxels {
  /** Of the files, before anything is turned or straightened; even where slices are not. */
  readonly grid: Grid;
  /** Absent where the CT is no DICOM. */
  readonly dicom?: SourceSeries;
}

const PIXEL_DATA = '7FE00010';
/** Enough for most headers; longer ones are read whole. */
const HEADER_BYTES = 32 * 1024;
const FILES_AT_ONCE = 16;

/** Throws a UserError where the files have gone or changed so that they are no stack any more. */
export async function readSourceVoxels(series: Series, task: Task): Promise<SourceVoxels> {
  const reader = createSourceReader(task.signal);
  reader.know(series.sources);
  try {
    if (series.format === 'dicom') return await dicomVoxels(series, reader, task);
    const { size, affine } = (await openVolumeFile(series.sources[0]!, reader)).header;
    return { grid: { size, affine } };
  } finally {
    reader.close();
  }
}

async function dicomVoxels(series: Series, reader: SourceReader, task: Task): Promise<SourceVoxels> {
  const tags = await tagsOfSources(series.sources, reader, task);
  const frame = series.frame ?? frameOf(tags[0]!);
  if (!frame) throw changed(series.sources[0]!);
  const [columns, rows] = series.matrix;
  const headers = tags.map((own, n) => {
    const [x, y, z, ...rest] = tagNumbers(own.ImagePositionPatient);
    if (x === undefined || y === undefined || z === undefined || rest.length) throw changed(series.sources[n]!);
    const { orientation, pixelSpacing } = frame;
    return { transferSyntax: '', position: [x, y, z] as const, orientation, pixelSpacing, rows, columns };
  });
  const normal = normalOf(frame.orientation);
  const positions = headers.map(({ position }) => dot(normal, position));
  // As `readDicomSeries` has it.
  const spacing = upperMedian(positions.slice(1).map((position, n) => position - positions[n]!)) || 0;
  const grid = nativeGrid(headers, positions, spacing, frame);
  const images = tags.map((own, n): SourceImage => {
    const { frame: number } = series.sources[n]!;
    return {
      sopClassUid: tagText(own.SOPClassUID),
      sopInstanceUid: tagText(own.SOPInstanceUID),
      frameNumber: number === undefined ? undefined : number + 1,
      position: headers[n]!.position,
      slice: spacing > 0 ? Math.min(grid.size[2] - 1, Math.round((positions[n]! - positions[0]!) / spacing)) : 0,
    };
  });
  const first = tags[0]!;
  return {
    grid,
    dicom: {
      ...frame,
      images,
      studyInstanceUid: tagText(first.StudyInstanceUID),
      seriesInstanceUid: tagText(first.SeriesInstanceUID),
      frameOfReferenceUid: tagText(first.FrameOfReferenceUID),
      sliceThicknessMm: series.sliceThicknessMm,
    },
  };
}

function frameOf(tags: Tags): SliceFrame | undefined {
  const orientation = tagNumbers(tags.ImageOrientationPatient);
  const [down, across] = tagNumbers(tags.PixelSpacing);
  if (orientation.length !== 6 || down === undefined || across === undefined) return undefined;
  return { orientation, pixelSpacing: [down, across] };
}

/** Each file is read once, however many of its frames are slices. */
async function tagsOfSources(sources: readonly Source[], reader: SourceReader, task: Task): Promise<Tags[]> {
  const files = [...new Map(sources.map((source) => [sourceKey(source), source])).values()];
  let done = 0;
  const read = await concurrently(files, FILES_AT_ONCE, task.signal, async (source) => {
    const tags = await tagsOf(source, reader);
    task.progress(++done / files.length, `reading headers, ${done} of ${files.length}`);
    return [sourceKey(source), tags] as const;
  });
  const byFile = new Map(read);
  return sources.map((source) => {
    const tags = byFile.get(sourceKey(source))!;
    return source.frame === undefined ? tags : tagsOfFrame(tags, source.frame);
  });
}

async function tagsOf(source: Source, reader: SourceReader): Promise<Tags> {
  const parsed = (bytes: Buffer) =>
    namedTags(readElements(bytes, { untilTag: PIXEL_DATA, includeUntilTagValue: false }).elements);
  const start = source.frame === undefined ? await reader.read(source, HEADER_BYTES) : undefined;
  try {
    const tags = start && parsed(start);
    if (tags?.Rows !== undefined) return tags;
  } catch (error) {
    // The header goes on behind the start.
    if (start && start.length < HEADER_BYTES) throw changed(source, error);
  }
  try {
    return parsed(await reader.read(source));
  } catch (error) {
    throw changed(source, error);
  }
}

function changed(source: Source, error?: unknown): UserError {
  if (error instanceof UserError) return error;
  return new UserError(
    'ct-changed',
    `${nameOfSource(source)} has changed since it was read. Run the cells from \`load\` on again.`,
  );
}
